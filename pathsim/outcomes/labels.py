"""How an outcome is labelled, and how a mean with its interval is written.

Called by whatever shows outcomes to people: the command line and the report. The files have the
whole of each name and number. Knows no outcome's value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import pandas as pd

SHORTER = (
    (r"^overall survival from arrival", "overall survival"),
    (r" from treatment,", ","),
    (r"^lost before infusion by ", "  by "),
    (r"^time to next treatment or death", "time to next treatment"),
    (r"^wait for ", "wait, "),
    (r"occupancy in the busiest year", "busiest-year use"),
    (r" patient$", ""),
    (r" at the end$", ""),
    (r"\bivig\b|(?<![a-z])ivig(?=_)", "IVIG"),
    (r"step_up", "step-up"),
    (r"_", " "),
)
UNITS = {"% of the referred": "%", "% of days": "% of days", "entries": "a patient",
         "times per 100 patients": "per 100 patients"}  # fmt: skip
GROUPS = {"access": "ACCESS to infusion, of the referred", "patients": "PATIENTS, on average",
          "waits": "WAITS, of those granted", "resources": "RESOURCES, all users",
          "use": "USE by our patients"}  # fmt: skip
"""What a label says for a longer name or unit."""
NO_INTERVAL = "(-)"
"""What stands for an interval that cannot be given."""


def label_of(outcome: str, unit: str) -> str:
    """A row's label: the outcome in fewer words, and its unit where the words do not say it."""
    said = UNITS.get(unit, unit)
    label = in_fewer_words(outcome)
    return label if said in label.split() else f"{label}, {said}"


def in_fewer_words(outcome: str) -> str:
    """The name of an outcome as a table shows it."""
    for pattern, words in SHORTER:
        outcome = re.sub(pattern, words, outcome)
    return outcome


def group_of(group: str) -> str:
    """The heading of a group of outcomes."""
    return GROUPS.get(group, group.upper())


def in_order(part: pd.DataFrame) -> list[str]:
    """The outcomes of a group in order; one that the first strategy lacks after its neighbour."""
    order: list[str] = []
    for strategy in dict.fromkeys(part["strategy"]):
        place = 0
        for outcome in part.loc[part["strategy"] == strategy, "outcome"]:
            if outcome not in order:
                order.insert(place, str(outcome))
            place = order.index(outcome) + 1
    return order


def decimals_of(largest: float) -> int:
    """How many decimals the numbers of a row have, by the largest of them."""
    return 0 if largest >= 100 else 1 if largest >= 1 or math.isnan(largest) else 2


def written(x: float, decimals: int) -> str:
    """A number with so many decimals; what is rounded to nought has no sign."""
    text = f"{x:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def bracket(low: float, high: float, decimals: int, *, dash: str = " to ") -> str:
    """The interval behind a mean; nothing where it has no width."""
    if math.isnan(low):
        return f" {NO_INTERVAL}"
    return f" ({written(low, decimals)}{dash}{written(high, decimals)})" if low < high else ""


def decimals_apart(decimals: int, low: float, high: float) -> int:
    """As many decimals as are given, or as show that an interval leaves out 0: four at most."""
    if excludes_0(low, high):
        while decimals < 4 and 0.0 in (round(low, decimals), round(high, decimals)):
            decimals += 1
    return decimals


def excludes_0(low: float, high: float) -> bool:
    """Whether an interval does not include 0; never where there is none."""
    return low > 0 or high < 0


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
