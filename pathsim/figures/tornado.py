"""The figure of a tornado: a bar a field, the widest on top, from its low to its high end.

Takes an `ax`, draws on it and returns it, as those of `figures` do. Blue is the low end of a field,
orange its high end; a whisker is the 95 % interval of the difference to the base.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from math import isnan

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from pathsim.figures.style import COLOURS, GREY, STYLE, folded
from pathsim.outcomes.intervals import Interval
from pathsim.outcomes.tornado_bars import Bar, sorted_bars

MOST = 15
"""So many fields can be read in one figure."""
BELOW = 52
"""Points from the axis to the words below it: room for an axis of two lines."""
WIDE = 44
"""Letters of a line of a field's name."""
LOW, HIGH = COLOURS[0], "#F2A65A"


def tornado(
    ax: Axes,
    bars: Sequence[Bar],
    *,
    outcome: str,
    title: str,
    replications: int,
    patients: int | None = None,
) -> Axes:
    """An outcome at both ends of each field's range, around what it is with nothing changed.

    `replications` of `patients` (as the scenario says if None) stand behind each end.
    """
    with mpl.rc_context(STYLE):
        shown = sorted_bars(bars)[:MOST]
        for place, bar in enumerate(shown):
            _draw(ax, place, bar)
        first = shown[0]
        ax.axvline(first.base, color=GREY, linewidth=1)
        ax.set_yticks(range(len(shown)), [_label(bar) for bar in shown], fontsize=9)
        ax.invert_yaxis()
        ax.set_xlabel(textwrap.fill(f"{outcome}, {first.unit}", 70))
        more = f" (the widest {len(shown)} of {len(bars)} fields)" if len(bars) > MOST else ""
        ax.set_title(textwrap.fill(f"{title}{more}", 60), loc="left")
        handles = [Patch(color=LOW, label="low end"), Patch(color=HIGH, label="high end")]
        ax.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=9
        )
        below = textwrap.fill(_counts(replications, patients), 105)
        ax.annotate(below, (0, 0), (0, -BELOW), "axes fraction", "offset points", fontsize=9,
                    color=GREY, va="top")  # fmt: skip
        _still(ax, shown)
    return ax


def _still(ax: Axes, shown: Sequence[Bar]) -> None:
    """Where no field moves the outcome that is said, around the outcome as it is."""
    if any(bar.width for bar in shown):
        return
    base = shown[0].base
    ax.set_xlim(base - max(abs(base), 1.0) / 10, base + max(abs(base), 1.0) / 10)
    ax.annotate("no field moves it", (base, len(shown) / 2 - 0.5), (8, 0),
                textcoords="offset points", color=GREY)  # fmt: skip


def height_of(bars: Sequence[Bar]) -> float:
    """Inches that a figure of these bars needs."""
    rows = sum(_label(bar).count("\n") + 1 for bar in sorted_bars(bars)[:MOST])
    return max(3.2, 1.9 + 0.2 * rows)


def _draw(ax: Axes, place: int, bar: Bar) -> None:
    """The two halves of a bar, each with its whisker."""
    for by, colour, shift in ((bar.low_by, LOW, -0.2), (bar.high_by, HIGH, 0.2)):
        if isnan(by.mean):
            continue
        ax.barh(place + shift, by.mean, left=bar.base, height=0.38, color=colour)
        if not isnan(by.low):
            _whisker(ax, place + shift, bar.base, by)


def _whisker(ax: Axes, place: float, base: float, by: Interval) -> None:
    ax.plot([base + by.low, base + by.high], [place, place], color="black", linewidth=0.9)


def _label(bar: Bar) -> str:
    """The field, and its ends below it; a path is broken where it can be."""
    ends = f"{bar.low_value} to {bar.high_value}"
    return f"{folded(bar.factor, WIDE)}\n{folded(ends, WIDE)}"


def _counts(replications: int, patients: int | None) -> str:
    many = f"{replications} replication{'s' if replications != 1 else ''}"
    people = f" of {patients:,} patients" if patients is not None else ""
    whisker = "; whiskers: 95 % intervals of the difference" if replications > 1 else ""
    return f"n = {many}{people} at each end, with the same luck{whisker}"
