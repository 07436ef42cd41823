"""The figure of a search for capacities: what keeps its promises, what does not, and the frontier.

Takes tables, an `ax`, and gives it back. One capacity: each promise as a share of its limit, with
its bounds. Two or more: a map of the first two, each square the best over the others. Called by
`pathsim size`; knows no search.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from pathsim.figures.style import GREY, PALE, colour

KEPT, BROKEN, UNDECIDED = "#B9DDF0", "#F6CDB8", PALE
"""Sky blue, vermilion, grey; pale, so that marks stand out on them."""
_PAINT = {"broken": BROKEN, "no value": BROKEN, "undecided": UNDECIDED, "not known": UNDECIDED,
          "kept": KEPT}  # fmt: skip
_RANK = {"broken": 0, "no value": 0, "not known": 1, "undecided": 1, "kept": 2}
_MANY = 120
"""Squares, above which it is not told in each which promises it breaks."""
_HIGHEST = 3.0
"""Times its limit: what is worse lies beyond the top, if every promise is seen below it."""


def frontier(
    ax: Axes,
    capacities: pd.DataFrame,
    evaluated: pd.DataFrame,
    *,
    names: Sequence[str],
    labels: Sequence[str],
    header: str = "",
) -> Axes:
    """The frontier of a search: `capacities` has a row a capacity, `evaluated` one a promise too.

    `names` are the columns of the capacities, `labels` what people call them.
    """
    if len(names) == 1:
        _against_capacity(ax, evaluated, capacities, names[0], labels[0])
    else:
        _map(ax, capacities, list(dict.fromkeys(evaluated["outcome"])), names, labels)
    if header:
        ax.set_title(header, loc="left")
    return ax


# --- one capacity --------------------------------------------------------------------------------


def _against_capacity(
    ax: Axes, evaluated: pd.DataFrame, capacities: pd.DataFrame, name: str, label: str
) -> None:
    """Each promise's mean and bounds, as a share of its limit, so that all stand on one axis."""
    number = evaluated.groupby(["outcome", "side"], sort=False)
    apart = 0.06 * float(np.min(np.diff(np.sort(capacities[name].unique()))))
    for k, ((outcome, side), mine) in enumerate(number):
        limit = float(mine["limit"].iloc[0]) or 1.0
        mean, low, high = (mine[c].to_numpy() / limit for c in ("mean", "low", "high"))
        x = mine[name].to_numpy() + (k - (len(number) - 1) / 2) * apart
        told = f"{outcome}, {str(side).replace('_', ' ')} {limit:g} {mine['unit'].iloc[0]}"
        ax.errorbar(x, mean, (mean - low, high - mean), fmt="o-", color=colour(k), capsize=3,
                    label=told, lw=1.5, ms=5)  # fmt: skip
    ax.axhline(1.0, color=GREY, lw=1.2, ls="--")
    ax.annotate("limit", (1.0, 1.0), (-4, 4), xycoords=("axes fraction", "data"),
                textcoords="offset points", ha="right", color=GREY)  # fmt: skip
    for value in capacities.loc[capacities["cheapest"] == 1, name]:
        ax.axvline(value, color=KEPT, lw=14, zorder=0)
        ax.annotate("enough", (value, 1), (0, -14), xycoords=("data", "axes fraction"),
                    textcoords="offset points", ha="center", fontsize=10)  # fmt: skip
    ax.set(xlabel=label, ylabel="Share of its limit", ylim=(0, _top(ax, evaluated)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    _beyond(ax, evaluated)
    ax.legend(frameon=False, fontsize=10, loc="upper center", bbox_to_anchor=(0.5, -0.13))


def _top(ax: Axes, evaluated: pd.DataFrame) -> float:
    """So high that each promise is seen at least where it is the nearest to being kept."""
    share = evaluated["mean"] / evaluated["limit"].replace(0.0, 1.0)
    least = share.groupby([evaluated["outcome"], evaluated["side"]]).min()
    highest = ax.get_ylim()[1]
    return highest if least.max() > _HIGHEST else min(_HIGHEST, highest)


def _beyond(ax: Axes, evaluated: pd.DataFrame) -> None:
    """Says how many means lie above the top, and how far the worst."""
    share = evaluated["mean"] / evaluated["limit"].replace(0.0, 1.0)
    above = share[share > ax.get_ylim()[1]]
    if len(above):
        one = "1 mean lies" if len(above) == 1 else f"{len(above)} means lie"
        ax.annotate(f"↑ {one} above, up to {above.max():.3g} times the limit", (0.5, 1), (0, -4),
                    xycoords="axes fraction", textcoords="offset points", fontsize=9, color=GREY,
                    ha="center", va="top",
                    bbox={"fc": "white", "ec": "none", "pad": 1.5})  # fmt: skip


# --- two and more --------------------------------------------------------------------------------


def _map(
    ax: Axes,
    table: pd.DataFrame,
    outcomes: Sequence[str],
    names: Sequence[str],
    labels: Sequence[str],
) -> None:
    """A square a capacity: kept, broken or undecided; what was looked at has a dot."""
    across, up = names[0], names[1]
    xs, ys = (np.sort(table[name].unique()) for name in (across, up))
    squares: Any = table.groupby([across, up], sort=True)
    for (x, y), mine in squares:
        word = max(mine["verdict"], key=lambda v: _RANK[v])
        at = (np.searchsorted(xs, x), np.searchsorted(ys, y))
        ax.add_patch(_square(at, _PAINT[word]))
        if (mine["replications"] > 0).any():
            ax.plot(*at, ".", color=GREY, ms=4)
        if len(xs) * len(ys) <= _MANY and len(names) == 2:
            told = ", ".join(str(1 + outcomes.index(o)) for o in _listed(mine["breaks"].iloc[0]))
            ax.annotate(told, at, (0, -14), textcoords="offset points", ha="center", fontsize=9,
                        color=GREY)  # fmt: skip
        for _, row in mine[mine["frontier"] == 1].iterrows():
            _mark(ax, at, row, names[2:])
    ax.set(xlim=(-0.5, len(xs) - 0.5), ylim=(-0.5, len(ys) - 0.5), xlabel=labels[0],
           ylabel=labels[1])  # fmt: skip
    for ticks, n in ((ax.set_xticks, xs), (ax.set_yticks, ys)):
        every = max(1, -(-len(n) // 16))
        ticks(range(0, len(n), every), [f"{v:g}" for v in n[::every]])
    handles = _legend(table, names[2:], labels[2:])
    if len(xs) * len(ys) <= _MANY and len(names) == 2:
        handles += [Patch(color="none", label="\n  ".join(textwrap.wrap(f"{k} broken: {o}", 32)))
                    for k, o in enumerate(outcomes, start=1)]  # fmt: skip
    ax.legend(handles=handles, frameon=False, fontsize=10, loc="upper left",
              bbox_to_anchor=(1.01, 1.0))  # fmt: skip


def _listed(outcomes: str) -> list[str]:
    return [each for each in outcomes.split("; ") if each]


def _square(at: tuple[Any, Any], paint: str) -> Patch:
    from matplotlib.patches import Rectangle

    return Rectangle((at[0] - 0.48, at[1] - 0.48), 0.96, 0.96, color=paint, lw=0)


def _mark(ax: Axes, at: tuple[Any, Any], row: pd.Series, others: Sequence[str]) -> None:
    """A ring on the frontier, a star on the cheapest; beside it what there is of the others."""
    cheapest = row["cheapest"] == 1
    ax.plot(*at, "*" if cheapest else "o", color=colour(0), ms=18 if cheapest else 12,
            mfc=colour(0) if cheapest else "none", mew=2)  # fmt: skip
    if others:
        told = ", ".join(f"{row[name]:g}" for name in others)
        ax.annotate(told, at, (9, 7), textcoords="offset points", fontsize=9)


def _legend(table: pd.DataFrame, others: Sequence[str], labels: Sequence[str]) -> list[Any]:
    words = set(table["verdict"])
    shown = [Patch(color=KEPT, label="keeps every promise")] if "kept" in words else []
    shown += (
        [Patch(color=BROKEN, label="breaks a promise")] if words & {"broken", "no value"} else []
    )
    shown += (
        [Patch(color=UNDECIDED, label="undecided")] if words & {"undecided", "not known"} else []
    )
    star = Line2D([], [], marker="*", ls="", color=colour(0), ms=14, label="the cheapest")
    ring = Line2D([], [], marker="o", ls="", mfc="none", color=colour(0), ms=10, mew=2,
                  label="no smaller one does")  # fmt: skip
    dot = Line2D([], [], marker=".", ls="", color=GREY, label="looked at")
    marks = [star, ring][: min(int(table["frontier"].sum()), 2)]
    if not others:
        return [*shown, *marks, dot]
    told = f"beside a mark: {', '.join(labels).lower()};\na square is the best over these"
    return [*shown, *marks, dot, Patch(color="none", label=told)]
