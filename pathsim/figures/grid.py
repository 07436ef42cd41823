"""The figure of a grid: an outcome against the first factor, a line for each value of the others.

`lines` takes an `ax` and returns it; `page` puts a panel a scenario on one figure. Both take rows
of the tidy table `results`, of one outcome. Called by the account of a sweep; knows no study.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pathsim.figures.style import COLOURS, STYLE, colour, dashes, marker

ACROSS = 3
"""Panels beside each other."""
MOST = len(COLOURS)
"""So many lines can be told apart."""
_UPRIGHT = 8
"""Letters of a value that stands upright below the axis; longer ones are turned."""
CELL = ["scenario", "structure"]


def page(table: pd.DataFrame, factors: Mapping[str, str], *, title: str, below: str = "") -> Figure:
    """A panel for each scenario and structure, on one scale; with one factor all are in one panel.

    `table` has a row a set, scenario and structure: the factors, `mean`, `low`, `high`, of one
    outcome and unit. `factors` are its columns -> what they are called, with their units; the
    first goes along the axis, the lines are of the others.
    """
    cells = [(cell_name(key, table), mine) for key, mine in table.groupby(CELL, sort=False)]
    if len(factors) == 1:
        cells = [("", table)]
    wide = min(ACROSS, len(cells))
    high = math.ceil(len(cells) / wide)
    with mpl.rc_context({**STYLE, "font.size": 11, "axes.titlesize": 12}):
        size = (max(9.0, 4.6 * wide), 1.6 + 3.8 * high)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(high, wide, squeeze=False, sharey=True).ravel()
        shown: Sequence[str] = ()
        for ax, (name, mine) in zip(axes, cells, strict=False):
            shown = lines(ax, mine, factors)
            ax.set_title("\n".join(textwrap.wrap(name, 27)), loc="left")
        for place, ax in enumerate(axes):
            if place >= len(cells):
                ax.set_axis_off()
            ax.set_ylabel(_outcome(table) if place % wide == 0 and place < len(cells) else "")
        _legend(figure, axes[0], factors, shown)
        more = "" if len(shown) <= MOST else f" ({MOST} of {len(shown)} lines are shown)"
        words = "\n".join(textwrap.wrap(title + more, int(size[0] * 8.5)))
        under = "\n".join(textwrap.wrap(below, int(size[0] * 11)))
        figure.suptitle(words, x=0.01, ha="left", fontsize=13)
        figure.supxlabel(under, x=0.01, ha="left", fontsize=9, color="#555555")
    return figure


def lines(ax: Axes, table: pd.DataFrame, factors: Mapping[str, str]) -> list[str]:
    """An outcome against the first factor, with its intervals, a line for the rest; their names.

    Where one factor is all there is, the lines are scenarios and structures.
    """
    across, *others = factors
    at = _places(table[across])
    name = table[others].map(_said).agg(", ".join, axis=1) if others else _cells(table)
    names = list(dict.fromkeys(name))
    spread = _apart(at)
    for k, each in enumerate(names[:MOST]):
        mine = table[name == each]
        x = np.array([at[v] for v in mine[across]], dtype=float)
        x += spread * (k - (min(len(names), MOST) - 1) / 2)
        mean = mine["mean"].to_numpy(dtype=float)
        ends = np.array([mean - mine["low"], mine["high"] - mean], dtype=float)
        ax.errorbar(x, mean, None if np.isnan(ends).all() else np.nan_to_num(ends), lw=1.8, ms=6,
                    capsize=3, color=colour(k), ls=dashes(k), marker=marker(k), label=each,
                    elinewidth=1)  # fmt: skip
    _ticks(ax, at)
    ax.set_xlabel(factors[across])
    return names


def _cells(table: pd.DataFrame) -> pd.Series[str]:
    """The name of each row's scenario and structure."""
    keys = zip(*(table[column] for column in CELL), strict=True)
    return pd.Series([cell_name(key, table) for key in keys], table.index)


def cell_name(key: Any, table: pd.DataFrame) -> str:
    """A scenario, and its structure where there are several."""
    scenario, structure = key
    return str(scenario) if table["structure"].nunique() == 1 else f"{scenario}, {structure}"


def _outcome(table: pd.DataFrame) -> str:
    outcome, unit = table[["outcome", "unit"]].iloc[0]
    return textwrap.fill(f"{outcome}, {unit}", 34)


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _places(values: pd.Series[Any]) -> dict[Any, float]:
    """Where each value stands: at itself if it is a number, else one after another."""
    found = list(dict.fromkeys(values))
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return {value: float(value) for value in found}
    return {value: float(place) for place, value in enumerate(found)}


def _apart(at: Mapping[Any, float]) -> float:
    """How far lines stand beside each other, so that their intervals can be seen."""
    steps = np.diff(np.sort(list(at.values())))
    return 0.05 * float(steps.min()) if len(steps) else 0.05


def _ticks(ax: Axes, at: Mapping[Any, float]) -> None:
    """A tick a value; of many numbers those that the axis itself would choose."""
    if len(at) <= 10 or not all(place == value for value, place in at.items()):
        told = [textwrap.fill(_said(value), 20) for value in at]
        turned: dict[str, Any] = (
            {"rotation": 30, "ha": "right"} if max(map(len, told)) > _UPRIGHT else {}
        )
        ax.set_xticks(list(at.values()), told, **turned)
    places = list(at.values())
    margin = max(0.06 * ((max(places) - min(places)) or 4.0), 5 * _apart(at))
    ax.set_xlim(min(places) - margin, max(places) + margin)


def _legend(figure: Figure, ax: Axes, factors: Mapping[str, str], shown: Sequence[str]) -> None:
    """Beside the panels; it says what the lines are of."""
    if len(shown) < 2:
        return
    of = ", ".join(list(factors.values())[1:])
    bars: Any
    bars, labels = ax.get_legend_handles_labels()
    handles = [bar[0] for bar in bars]  # the line without its interval
    figure.legend(handles, [textwrap.fill(label, 28) for label in labels], fontsize=10,
                  title=textwrap.fill(of, 28), loc="outside right upper", frameon=False,
                  alignment="left")  # fmt: skip
