"""Strategies at a glance: what patients get, what it costs in bed days, and who is alive.

Drawn of the table of outcomes, for a reader who has seen nothing else. Called by what keeps the
reference; knows no scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pathsim.figures.style import GREY, STYLE, folded
from pathsim.units import DAYS_PER_MONTH

TIMES = {
    "time off treatment": ("off treatment", "#007F5C"),
    "time treated": ("on treatment", "#0072B2"),
    "time waiting for a therapy": ("waiting for it", "#E69F00"),
}
"""Outcome -> what the figure calls it, and its colour; off treatment first, from one line."""
BEDS, ALIVE = "days in hospital", "overall survival from arrival, at 60 months"


def cover(outcomes: pd.DataFrame, *, title: str) -> Figure:
    """Months off and on treatment, bed days and survival of each strategy, with 95 % intervals.

    `outcomes` is a tidy table as `outcomes.summary` makes it: strategy, outcome, mean, low, high,
    n_replications.
    """
    names = list(dict.fromkeys(outcomes["strategy"]))
    with mpl.rc_context({**STYLE, "font.size": 11, "axes.titlesize": 12}):
        figure = Figure(figsize=(12.0, 1.9 + 0.62 * len(names)), layout="constrained")
        axes = figure.subplots(1, 3, sharey=True, width_ratios=(2.1, 1, 1))
        times(axes[0], outcomes, names)
        bars(axes[1], outcomes, names, BEDS)
        bars(axes[2], outcomes, names, ALIVE)
        axes[1].set_title("What it costs", loc="left")
        axes[1].set_xlabel("Days in hospital, a patient")
        axes[2].set_title("Who is alive", loc="left")
        axes[2].set_xlabel("Alive 60 months after arrival, %")
        axes[2].set_xlim(0, 100)
        for ax in axes:
            ax.set_yticks(range(len(names)), [folded(name, 22) for name in names])
            ax.set_ylim(len(names) - 0.5, -0.5)
        figure.suptitle(title, x=0.01, ha="left", fontsize=14)
        n = int(outcomes["n_replications"].max())
        said = ("thin lines: 95 % intervals over them, of chance in the simulation alone"
                if n > 1 else "one replication has no interval")  # fmt: skip
        figure.supxlabel(
            f"n = {n} replication{'s' if n != 1 else ''} of the same patients under "
            f"each strategy; {said}",
            x=0.01,
            ha="left",
            fontsize=9,
            color=GREY,
        )
    return figure  # fmt: skip


def times(ax: Axes, outcomes: pd.DataFrame, names: Sequence[str]) -> Axes:
    """Mean months a patient spends off treatment, on it and waiting for it, end to end."""
    start = np.zeros(len(names))
    for outcome, (said, paint) in TIMES.items():
        found = _of(outcomes, outcome, names) / DAYS_PER_MONTH
        ax.barh(range(len(names)), found["mean"], left=start, color=paint, label=said, height=0.62)
        for place, (mean, low, high) in enumerate(found.to_numpy()):
            at = start[place]
            ax.plot([at + low, at + high], [place, place], color="black", lw=1.2)
            if mean > 3:
                ax.annotate(f"{mean:.1f}", (at + mean / 2, place), ha="center", va="center",
                            color="white", fontsize=11)  # fmt: skip
        start += np.nan_to_num(found["mean"].to_numpy())
    ax.set_title("What the patient gets", loc="left")
    ax.set_xlabel("Mean months a patient, until death or the end of the run")
    ax.legend(loc="lower right", frameon=False, fontsize=10, handlelength=1.0)
    return ax


def bars(ax: Axes, outcomes: pd.DataFrame, names: Sequence[str], outcome: str) -> Axes:
    """One outcome of each strategy, its interval on the bar and its mean in figures."""
    found = _of(outcomes, outcome, names)
    ax.barh(range(len(names)), found["mean"], color=GREY, height=0.62)
    for place, (mean, low, high) in enumerate(found.to_numpy()):
        if np.isnan(mean):
            ax.annotate(" not known", (0, place), va="center", color=GREY)
            continue
        ax.plot([low, high], [place, place], color="black", lw=1.2)
        at = mean if np.isnan(high) else high
        ax.annotate(f"{mean:.1f}", (at, place), (5, 0), textcoords="offset points", va="center")
    ax.margins(x=0.16)
    return ax


def _of(outcomes: pd.DataFrame, outcome: str, names: Sequence[str]) -> pd.DataFrame:
    """Mean, low and high of an outcome, a row a strategy; NaN where there is none."""
    mine = outcomes[outcomes["outcome"] == outcome].set_index("strategy")
    found: pd.DataFrame = mine.reindex(list(names))[["mean", "low", "high"]].astype(float)
    return found
