"""A balance test in plain words, as the report has them."""

from __future__ import annotations

from ..assess import pair_answer, pair_names, pair_title, sway_headline, sway_lines

__all__ = ["pair_answer", "pair_names", "pair_title", "sway_headline", "sway_lines"]
