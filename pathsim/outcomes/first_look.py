"""The few outcomes that answer a question: how long patients live, are off treatment, in hospital.

Called by the report and by the figure of differences, so that both show the same. Knows outcomes
by their names alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

OFF, HOSPITAL, CONTACT, LOST = (
    "time off treatment",
    "days in hospital",
    "days with health-care contact",
    "lost before infusion",
)
FOLLOWED = "time followed"
USUAL_LANDMARK = 24
"""Months at which survival is read, where the run is that long."""
LANDMARK = re.compile(r"(\d+) months")
"""The months that the name of an outcome says."""
_AT = re.compile(r"^overall survival from arrival, at (\d+) months$")


def survival_at(names: Iterable[str], *, months: int = USUAL_LANDMARK) -> str | None:
    """Overall survival at the landmark nearest to so many months; None where none is reached."""
    found = _landmarks(names)
    nearest = min(found, key=lambda month: (abs(month - months), month), default=None)
    return None if nearest is None else f"overall survival from arrival, at {nearest} months"


def life(names: Iterable[str]) -> str | None:
    """What tells how long patients live: the months lived within the longest landmark there is.

    In a run shorter than all landmarks the time followed, to death or the end of the run; None
    where nobody is followed.
    """
    names = list(names)
    if longest := max(_landmarks(names), default=0):
        return f"overall survival from arrival, mean within {longest} months"
    return FOLLOWED if FOLLOWED in names else None


def first_look(names: Iterable[str]) -> list[str]:
    """Of the outcomes that there are, those to look at first, in their order."""
    names = list(names)
    wanted = (life(names), survival_at(names), OFF, HOSPITAL, CONTACT, LOST)
    return [name for name in wanted if name in names]


def _landmarks(names: Iterable[str]) -> list[int]:
    return [int(found[1]) for name in names if (found := _AT.match(name))]
