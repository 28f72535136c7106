"""A balance test in plain words, as the report has them."""

from __future__ import annotations

from ..assess import sway_headline, sway_lines

__all__ = ["sway_headline", "sway_lines"]
