"""The figure of a sensitivity analysis: a bar a factor, that which matters most on top.

Takes an `ax`, draws on it and returns it, as those of `figures` do. A whisker is the 95 % interval
by bootstrap.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import matplotlib as mpl
from matplotlib.axes import Axes

from pathsim.figures.style import COLOURS, GREY, STYLE, folded

MOST = 12
"""So many factors can be read in one figure."""
BELOW = 52
"""Points from the axis to the words below it: room for an axis of two lines."""
PAINTS = "#F2A65A", COLOURS[0]
"""Orange for the first kind of bar, blue for the second."""


@dataclass(frozen=True)
class Index:
    """How much a factor matters: a figure and its interval."""

    value: float
    low: float
    high: float


def factor_bars(
    ax: Axes,
    kinds: Mapping[str, Mapping[str, Index]],
    *,
    axis: str,
    title: str,
    below: str = "",
) -> Axes:
    """Kind of index -> factor -> index: a bar each; the last kind gives the order.

    `axis` says what the bars measure, with its unit; `below` stands under the figure.
    """
    with mpl.rc_context(STYLE):
        factors = _leading(list(kinds.values())[-1])
        height = 0.8 / len(kinds)
        for k, (kind, of) in enumerate(kinds.items()):
            shift = height * (k - (len(kinds) - 1) / 2)
            paint = PAINTS[(k + len(PAINTS) - len(kinds)) % len(PAINTS)]
            _draw(ax, [of[f] for f in factors], shift, height, paint, kind)
        every = len(list(kinds.values())[-1])
        more = f" (the {len(factors)} that matter most of {every})" if every > MOST else ""
        ax.set_title(textwrap.fill(title + more, 60), loc="left")
        ax.set_yticks(range(len(factors)), [folded(f) for f in factors], fontsize=9)
        ax.invert_yaxis()
        ax.axvline(0, color=GREY, linewidth=1)
        ax.set_xlabel(textwrap.fill(axis, 70))
        if len(kinds) > 1:
            ax.legend(loc="lower right", frameon=False, fontsize=9)
        ax.annotate(below, (0, 0), (0, -BELOW), "axes fraction", "offset points", fontsize=9,
                    color=GREY, va="top")  # fmt: skip
    return ax


def _leading(of: Mapping[str, Index]) -> list[str]:
    known = {factor: index for factor, index in of.items() if not isnan(index.value)}
    return sorted(known, key=lambda factor: -known[factor].value)[:MOST]


def _draw(
    ax: Axes, found: Sequence[Index], shift: float, height: float, paint: str, kind: str
) -> None:
    places = [place + shift for place in range(len(found))]
    ax.barh(places, [index.value for index in found], height * 0.95, color=paint, label=kind)
    for place, index in zip(places, found, strict=True):
        if not isnan(index.low):
            ax.plot([index.low, index.high], [place, place], color="black", linewidth=0.9)
