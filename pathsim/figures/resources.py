"""Places held against the capacity, over time."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pathsim.figures.style import (
    GREY,
    MANY,
    band,
    colour,
    counts,
    dashes,
    months_axis,
    short,
    uncounted,
)
from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR


def occupancy(
    ax: Axes, strategies: Mapping[str, Measured], resource: str, *, header: str = ""
) -> Axes:
    """Places held against the capacity, by strategy: mean over replications and middle 80 %.

    By week, in runs of more than a year by four weeks. `header` says what the service held on day
    0; it stands below the title.
    """
    longest = max(measured.horizon for measured in strategies.values())
    each = 28 if longest > DAYS_PER_YEAR else 7
    steps: list[Array] = []
    for number, (name, measured) in enumerate(strategies.items()):
        held, capacity = _periods(measured, resource, each)
        x = np.asarray(held.columns, dtype=float) * each / DAYS_PER_MONTH
        steps.append(x)
        ax.step(x, held.mean().to_numpy(), where="post", color=colour(number), lw=1.6,
                ls=dashes(number), label=f"{short(name)} (mean)")  # fmt: skip
        if len(strategies) <= MANY:
            band(ax, x, list(held.to_numpy()), colour(number))
        # One line where all have the same places; one each where they differ.
        ax.step(x, capacity.mean().to_numpy(), where="post", color=GREY, lw=1.8, ls="--",
                label="capacity" if number == 0 else None)  # fmt: skip
    months_axis(ax, max(steps, key=len))
    uncounted(ax, max(measured.warm_up for measured in strategies.values()))
    ax.set_ylabel(f"{resource.replace('_', ' ')}: places")
    often = "four weeks" if each == 28 else "week"
    first = next(iter(strategies.values()))
    several = " each" if len(strategies) > 1 else ""
    title = f"{resource.replace('_', ' ')} by {often}, all users; {counts(first)}{several}"
    under = textwrap.wrap(header, 95, break_on_hyphens=False)
    ax.set_title("\n".join([title, *under]), loc="left", fontsize=11 if under else 13)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=10)
    return ax


def _periods(measured: Measured, resource: str, each: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places held and capacity: a row a replication, a column each so many days."""
    mine = measured.daily[measured.daily["resource"] == resource]
    by = mine.assign(period=mine["day"] // each).groupby(["replication", "period"])
    means = by[["held_mean", "capacity_mean"]].mean()
    return means["held_mean"].unstack("period"), means["capacity_mean"].unstack("period")
