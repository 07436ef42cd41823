"""Paired differences to the base: a panel an outcome, each in its own unit, a row a strategy.

Outcomes have different units and sizes, so each has an axis of its own around 0.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pathsim.figures.style import GREY, STYLE, colour, counts, marker, resized, short
from pathsim.figures.words import told
from pathsim.outcomes.better import better
from pathsim.outcomes.first_look import first_look
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.labels import (
    bracket,
    decimals_apart,
    decimals_of,
    excludes_0,
    in_fewer_words,
    written,
)
from pathsim.outcomes.summary import differences

ACROSS = 3
"""So many panels stand beside each other."""
ROOM = 0.08
"""So much of an axis is left free at each end."""
NUMBERED = 4
"""Of so many others the numbers stand beside the marks; more leave no room."""
WIDTH, AROUND, TALL, LOW = 11.0, 1.5, 0.45, 0.3
"""Inches: the figure, what is around the rows of a panel, a row with numbers and one without."""


def forest(ax: Axes, strategies: Mapping[str, Measured], table: pd.DataFrame | None = None) -> Axes:
    """What each strategy differs by from the first, with 95 % intervals.

    `table` are the differences as `outcomes.summary` gives them; without it they are worked out. A
    filled mark is a difference whose interval does not include 0; where there is no interval the
    mark is a cross.
    """
    table = differences(strategies) if table is None else table
    table = table[table["mean"].notna()]
    base, *others = strategies
    shown = first_look(dict.fromkeys(map(str, table["outcome"])))
    ax.axis("off")
    if not shown or not others:
        ax.set_title("nothing to compare", loc="left")
        return ax
    rows = len(others) * (TALL if len(others) <= NUMBERED else LOW)
    with mpl.rc_context(STYLE):
        resized(ax, WIDTH, 1.2 + -(-len(shown) // ACROSS) * (AROUND + rows))
        for place, panel in zip(shown, _panels(ax, len(shown)), strict=True):
            mine = table[table["outcome"] == place].set_index("strategy")
            _panel(panel, mine.rename(index=lambda s: s.removesuffix(f" minus {base}")), others)
        _title(ax, base, strategies)
        told(ax, _said(table, shown, base))
    return ax


def _panels(ax: Axes, many: int) -> list[Axes]:
    """Axes in rows of three in the place of the one given; names stand beside the first of each."""
    figure, place = ax.get_figure(root=True), ax.get_subplotspec()
    assert figure is not None
    assert place is not None
    down = -(-many // ACROSS)
    grid = place.subgridspec(down, min(many, ACROSS))
    return [figure.add_subplot(grid[k // ACROSS, k % ACROSS]) for k in range(many)]


def _panel(ax: Axes, mine: pd.DataFrame, others: Sequence[str]) -> None:
    """One outcome: a row for each strategy that has it."""
    rows = list(zip(mine.index, mine["mean"], mine["low"], mine["high"], strict=True))
    for name, mean, low, high in rows:
        place = others.index(str(name))
        _row(ax, place, (float(mean), float(low), float(high)))
    ax.axvline(0.0, color=GREY, linewidth=1, zorder=0)
    if len(others) <= NUMBERED:
        _numbers(ax, rows, others)
    ax.set_xlim(*_range([float(x) for row in rows for x in row[1:] if isfinite(x)]))
    ax.set_ylim(len(others) - 0.4, -0.5)
    first = ax.get_subplotspec().is_first_col()  # type: ignore[union-attr]
    ax.set_yticks(range(len(others)), [short(n) for n in others] if first else [""] * len(others))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.tick_params(axis="x", labelsize=10)
    ax.tick_params(axis="y", length=0)
    outcome, unit = str(mine["outcome"].iloc[0]), str(mine["unit"].iloc[0])
    ax.set_title("\n".join(textwrap.wrap(in_fewer_words(outcome).strip(), 30)), loc="left",
                 fontsize=11, weight="bold")  # fmt: skip
    ax.set_xlabel(f"difference, {_unit(unit)}\n{_direction(outcome)}", fontsize=10)


def _range(shown: Sequence[float]) -> tuple[float, float]:
    """From the least to the most, 0 among them, with room at both ends."""
    low, high = min(0.0, *shown), max(0.0, *shown)
    room = ROOM * (high - low) or 1.0
    return low - room, high + room


def _numbers(ax: Axes, rows: Sequence[Sequence[Any]], others: Sequence[str]) -> None:
    """The mean and its interval below each mark, decimals as in the tables of the report."""
    decimals = decimals_of(max(abs(row[1]) for row in rows))
    for name, *found in rows:
        shown = decimals_apart(decimals, *found[1:])
        mean, low, high = (written(x, shown) if isfinite(x) else "" for x in found)
        said = f"{mean} ({low} to {high})" if low else mean
        ax.annotate(said, (1.0, others.index(name)), (0, -7), xycoords=("axes fraction", "data"),
                    textcoords="offset points", ha="right", va="top", fontsize=9,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})  # fmt: skip


def _row(ax: Axes, place: int, found: tuple[float, float, float]) -> None:
    """A mark and its interval, in the colour that the strategy has in the other figures."""
    mean, low, high = found
    paint = colour(place + 1)
    if not isfinite(low):
        ax.plot([mean], [place], marker="x", color=paint, markersize=8, markeredgewidth=2)
        return
    face = paint if excludes_0(low, high) else "white"
    ax.plot([low, high], [place, place], color=paint, linewidth=2, marker="|", markersize=9)
    ax.plot([mean], [place], marker=marker(place + 1), markersize=7, color=paint,
            markerfacecolor=face, markeredgewidth=1.6)  # fmt: skip


def _said(table: pd.DataFrame, shown: Sequence[str], base: str) -> str:
    """The differences in words: of each outcome, each strategy's mean with its interval."""
    lines = []
    for outcome in shown:
        mine = table[table["outcome"] == outcome]
        decimals = decimals_of(mine["mean"].abs().max())
        rows = zip(mine["strategy"], mine["mean"], mine["low"], mine["high"], strict=True)
        each = ", ".join(
            f"{str(name).removesuffix(f' minus {base}')} {written(mean, shown)}"
            f"{bracket(low, high, shown)}"
            for name, mean, low, high in rows
            for shown in (decimals_apart(decimals, low, high),)
        )
        unit = _unit(str(mine["unit"].iloc[0]))
        lines.append(f"{in_fewer_words(outcome).strip()}, {unit}: {each}.")
    return " ".join(lines)


def _unit(unit: str) -> str:
    return f"points of {unit}" if unit.startswith("%") else unit


def _direction(outcome: str) -> str:
    """On which side it is better for the patients; in words and an arrow."""
    side = {"higher": "better →", "lower": "← better", None: "neither side is better"}
    return side[better(outcome)]


def _title(ax: Axes, base: str, strategies: Mapping[str, Measured]) -> None:
    first, figure = next(iter(strategies.values())), ax.get_figure(root=True)
    assert figure is not None
    over = "" if first.replications > 1 else "; intervals over its patients"
    said = f"Difference to {short(base)}; {counts(first)} each{over}"
    figure.suptitle(said, x=0.01, ha="left", fontsize=13)
    marks: list[Any] = [
        Line2D([], [], color=GREY, marker="o", lw=2, label="95 % interval does not include 0"),
        Line2D([], [], color=GREY, marker="o", markerfacecolor="white", lw=2,
               label="it includes 0: not settled"),
        Line2D([], [], color=GREY, marker="x", lw=0, label="no interval"),
    ]  # fmt: skip
    figure.legend(handles=marks, loc="outside lower center", ncols=3, frameon=False, fontsize=10)
