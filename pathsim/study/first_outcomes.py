"""The few outcomes that a study shows first, and numbers and tables as text on the screen.

Called by the accounts of studies. Knows no job.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence

from pathsim.outcomes.intervals import Interval
from pathsim.study.asked_outcomes import ALL, HEADLINES, matches

MANY = 4
"""So many outcomes are shown at first; the tables have the others."""
FIRST = (
    "overall survival from arrival, at 24 months",
    "lost before infusion",
    "wait for slots/*, 90th centile",
    "time treated",
    "days in hospital",
    "* months",
    "*",
)
"""What is shown of a study that asks for no outcome by name."""
MOST_READABLE = 120
"""Letters of a line of words."""
HEAD = 18
"""Letters of a line of a column's head."""


def first_outcomes(asked: Sequence[str], names: Iterable[str], *, many: int = MANY) -> list[str]:
    """Of the names that a study has, those to show first: in the order in which it asks."""
    known = list(names)
    wishes = [pattern for pattern in asked if pattern not in (ALL, HEADLINES)] or FIRST
    found = [name for wish in wishes for name in known if matches(wish, name)]
    return list(dict.fromkeys(found))[:many]


def number(value: float | None, like: float | None = None) -> str:
    """A number with as many decimals as one like it needs; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "-"
    size = abs(value if like is None or math.isnan(like) else like)
    return f"{value:.{0 if size >= 100 else 1 if size >= 1 else 2}f}"


def interval(found: Interval) -> str:
    """A mean, and its interval in brackets where there is one."""
    mean = number(found.mean)
    if math.isnan(found.mean) or math.isnan(found.low) or found.low == found.high:
        return mean
    return f"{mean} ({number(found.low, found.mean)} to {number(found.high, found.mean)})"


def wrapped(text: str, width: int) -> list[str]:
    """A paragraph as lines that fit the screen."""
    return textwrap.wrap(text, min(width, MOST_READABLE), subsequent_indent="  ")


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Aligned columns under wrapped heads; all but the first `left` columns to the right."""
    heads = [textwrap.wrap(words, HEAD, break_long_words=False) or [""] for words in head]
    deepest = max(map(len, heads))
    heads = [[""] * (deepest - len(lines)) + lines for lines in heads]
    cells = [*map(list, zip(*heads, strict=True)), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.ljust(wide) if place < left else cell.rjust(wide)
            for place, (cell, wide) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
