"""Figures of single patients: the ways that make up the means, and how much of one life is luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pathsim.outcomes.folds import Measured
from pathsim.report.pictured import pictured
from pathsim.study.kept import Result

TITLE, TEMPLATE = "Lives, one by one", "lives.html"
KEYS = ["replication", "patient"]


def content(result: Result) -> Mapping[str, Any] | None:
    """Its figures, and what one life does not show; None where there are none."""
    figures = pictured(result, "lives")
    return {"figures": figures, "luck": [*_luck(result)]} if figures else None


def _luck(result: Result) -> Iterator[str]:
    """Of the same patients, how many live longer under the base and how many under another."""
    (base, first), *others = result.measured.items()
    if not others:
        return
    yield ("One life shows how the ways differ, not which is better: much of it is luck. Of the "
           "same patients, within the time simulated:")  # fmt: skip
    for name, other in others:
        longer, shorter, n = lived(first, other)
        if n:
            yield (f"{longer:.0f} % live longer under {base} than under {name}, {shorter:.0f} % "
                   f"the other way round, the others as long (n = {n:,}).")  # fmt: skip


def lived(first: Measured, other: Measured) -> tuple[float, float, int]:
    """Of the patients in both, % who live longer in the first, % in the other, and how many."""
    lives, others = (m.patients[[*KEYS, "days"]] for m in (first, other))
    both = lives.merge(others, on=KEYS, suffixes=("", "_other"))
    apart = np.round((both["days"] - both["days_other"]).to_numpy(dtype=float), 6)
    longer, shorter = (
        100 * float(np.sum(way)) / max(len(both), 1) for way in (apart > 0, apart < 0)
    )
    return longer, shorter, len(both)
