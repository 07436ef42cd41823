"""Figures of what patients go through: survival, therapies, time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.report.pictured import pictured
from pathsim.study.kept import Result

TITLE, TEMPLATE = "What patients go through", "patients.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """Its figures; None where there are none."""
    figures = pictured(result, "patients")
    return {"figures": figures} if figures else None
