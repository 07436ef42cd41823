"""The figure of an uncertainty analysis: for each strategy, what the uncertain numbers do to it.

Takes an `ax`, draws on it and returns it, as those of `figures` do.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

import matplotlib as mpl
from matplotlib.axes import Axes

from pathsim.figures.style import GREY, PALE, STYLE, colour, folded

BELOW = 52
"""Points from the axis to the words below it: room for an axis of two lines."""


@dataclass(frozen=True)
class Uncertain:
    """A mean, its 95 % uncertainty interval, and that of the sets as they are, chance included."""

    mean: float
    low: float
    high: float
    low_sets: float
    high_sets: float


def uncertainty(
    ax: Axes,
    rows: Mapping[str, Uncertain],
    *,
    outcome: str,
    title: str,
    below: str,
    zero: bool = False,
) -> Axes:
    """A strategy, or a difference, a row; with `zero` a line where there is no difference."""
    with mpl.rc_context(STYLE):
        for place, row in enumerate(rows.values()):
            if isnan(row.mean):
                continue
            ends = row.low_sets, row.high_sets
            ax.plot(ends, (place, place), color=PALE, linewidth=9, solid_capstyle="butt")
            paint = colour(place)
            ax.plot((row.low, row.high), (place, place), color=paint, linewidth=3)
            ax.plot(row.mean, place, "o", color=paint, markersize=9)
        if zero:
            ax.axvline(0, color=GREY, linewidth=1)
        ax.set_yticks(range(len(rows)), [folded(name, 30) for name in rows])
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlabel(textwrap.fill(outcome, 70))
        ax.set_title(textwrap.fill(title, 60), loc="left")
        told = f"Dot: mean; line: 95 % of what the uncertain numbers do; grey: with chance. {below}"
        words = textwrap.fill(told, 110)
        ax.annotate(words, (0, 0), (0, -BELOW), "axes fraction", "offset points", fontsize=9,
                    color=GREY, va="top")  # fmt: skip
    return ax
