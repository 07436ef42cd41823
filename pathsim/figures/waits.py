"""How long patients wait, and for what."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pathsim.figures.style import (
    GREY,
    MANY,
    colour,
    short,
)
from pathsim.outcomes.columns import Array, array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.resources import of_other_users


def waits(ax: Axes, strategies: Mapping[str, Measured], *, most: int = 6) -> Axes:
    """Days from request to grant: median, middle half and 10th to 90th centile, by resource.

    The `most` resources with the longest waits; over our own patients' granted requests.
    """
    granted = {name: _granted(measured.waits) for name, measured in strategies.items()}
    longest = pd.concat(granted.values()).groupby("resource", observed=True)["days"].quantile(0.9)
    names = list(longest.sort_values(ascending=False, kind="stable").index[:most])
    height = 0.8 / len(strategies)
    for number, (strategy, table) in enumerate(granted.items()):
        for row, resource in enumerate(names):
            days = array(table[table["resource"] == resource], "days")
            at = row + (number - (len(strategies) - 1) / 2) * height
            _wait_bar(ax, days, at, colour(number), height)
            if len(days) and len(strategies) <= MANY:
                _count(ax, days, at)
        ax.plot([], [], color=colour(number), lw=6, label=short(strategy))
    ax.set_yticks(range(len(names)), [str(name).replace("_", " ") for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set(xlabel="Days from request to grant", xlim=(0, None))
    ax.set_title("Waits of the granted: 10th to 90th centile, middle half, median", loc="left")
    ax.legend(loc="lower right", frameon=False)
    return ax


def _granted(waits: pd.DataFrame) -> pd.DataFrame:
    return waits[(waits["outcome"] == "granted") & ~of_other_users(waits)]


def _wait_bar(ax: Axes, days: Array, at: float, paint: str, height: float) -> None:
    if not len(days):
        return
    low, first, middle, third, high = np.percentile(days, [10, 25, 50, 75, 90])
    ax.plot([low, high], [at, at], color=paint, lw=1.5, solid_capstyle="butt")
    ax.barh(at, third - first, left=first, height=0.6 * height, color=paint, alpha=0.5)
    ax.plot([middle], [at], "o", color=paint, ms=6)


def _count(ax: Axes, days: Array, at: float) -> None:
    """How many were granted, at the end of the bar."""
    ax.annotate(f"n = {len(days):,}", (float(np.percentile(days, 90)), at), (6, 0),
                textcoords="offset points", va="center", fontsize=9, color=GREY)  # fmt: skip
