"""Every metric of a repetition: what it is, how it is computed, what shows it and how far to trust it.

Results, tables, pages and the formula sheet take their words from here; a metric that is
not listed can't be made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .metric_info import MetricInfo
from .registry_form import FORM
from .registry_pace import PACE

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["METRICS", "MetricInfo"]

METRICS: Mapping[str, MetricInfo] = {info.name: info for info in (*FORM, *PACE)}
