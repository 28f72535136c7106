"""Judgement: pure functions on arrays that turn a pose track into measured, scored sets."""
