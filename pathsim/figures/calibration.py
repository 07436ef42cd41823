"""Figures of a validation: published against simulated, and curves over published landmarks.

Made from the tables of `study.validate`, whose columns they read. Each function gives a figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pathsim.figures.style import COLOURS, GREY, PALE, STYLE, colour, dashes
from pathsim.units import DAYS_PER_MONTH

MARKERS = {"fitted": "o", "direct": "s", "independent": "^"}
"""Dependence of a target -> its marker."""
PAINTS = {"fitted": COLOURS[0], "direct": "#A04000", "independent": "#00634A"}
"""Its colour: dark enough for white letters."""
SIZES = {"fitted": 11, "direct": 10.5, "independent": 14}
"""Points across: room for a number in each."""
WORDS = {"fitted": "fitted: a fit used it", "direct": "direct: a number cites its row",
         "independent": "independent: no fit saw it"}  # fmt: skip
RED = "#C00000"
PANELS = (("share", "Shares"), ("median", "Median times"), ("ratio", "Hazard ratios"))
UNITS = {"share": "%", "median": "months", "ratio": "ratio"}
CURVES = {
    "progression_free_survival": "Progression-free",
    "overall_survival": "Overall survival",
    "duration_of_response": "Still in response",
    "time_to_next_treatment": "Free of next line",
    "free_of_relapse": "Free of relapse",
}


def calibration(table: pd.DataFrame) -> Figure:
    """Published (with its interval) against simulated, a panel for each kind of figure.

    On the diagonal they agree. A point bears the number of its trial; its shape and colour say what
    it rests on. What is outside its interval has a red rim; hollow is reported only.
    """
    found = _in_months(table)
    panels = [(kind, title) for kind, title in PANELS if (found["kind"] == kind).any()]
    trials = {name: place for place, name in enumerate(dict.fromkeys(found["trial"]), start=1)}
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(12.0, 9.6), layout="constrained")
        for ax, (kind, title) in zip(_axes(figure, len(panels)), panels, strict=True):
            _panel(ax, found[found["kind"] == kind], title, trials)
        dot: dict[str, Any] = {"ls": "", "marker": "o", "ms": 9}
        handles = [Line2D([], [], ls="", label=f"{place}  {name}")
                   for name, place in trials.items()]  # fmt: skip
        handles += [Line2D([], [], ls="", marker=m, ms=9, color=PAINTS[name], label=WORDS[name])
                    for name, m in MARKERS.items()]  # fmt: skip
        handles += [Line2D([], [], mfc="none", color=GREY, label="only reported", **dot),
                    Line2D([], [], color=PALE, mec=RED, mew=2, label="outside its interval",
                           **dot)]  # fmt: skip
        figure.legend(handles=handles, loc="outside lower left", frameon=False, fontsize=10,
                      ncols=4)  # fmt: skip
        figure.suptitle(_title(table), x=0.01, ha="left", fontsize=13)
    return figure


def _axes(figure: Figure, panels: int) -> list[Axes]:
    """One large panel, and the others above each other beside it."""
    if panels == 1:
        return [figure.add_subplot()]
    grid = figure.add_gridspec(panels - 1, 2, width_ratios=(1.9 if panels > 2 else 1.0, 1.0))
    large = figure.add_subplot(grid[:, 0])
    return [large, *(figure.add_subplot(grid[row, 1]) for row in range(panels - 1))]


def _title(table: pd.DataFrame) -> str:
    judged = table[table["role"] != "reported"]
    return (f"{int(judged['inside'].sum())} of {len(judged)} judged targets inside their published "
            "interval; bars: published intervals")  # fmt: skip


def _in_months(table: pd.DataFrame) -> pd.DataFrame:
    """The table with days as months, for one panel of all times; what has no value is left out."""
    numbers = ["published", "low", "high", "simulated", "simulated_low", "simulated_high"]
    found: pd.DataFrame = table[np.isfinite(table["simulated"])].copy()
    found.loc[found["unit"] == "days", numbers] /= DAYS_PER_MONTH
    return found


def _panel(ax: Axes, rows: pd.DataFrame, title: str, trials: Mapping[str, int]) -> None:
    unit = UNITS[rows["kind"].iloc[0]]
    most = float(np.nanmax(rows[["published", "high", "simulated"]].to_numpy())) * 1.08
    least = 0.0
    if rows["kind"].iloc[0] != "share":
        least = float(np.nanmin(rows[["published", "low", "simulated"]].to_numpy())) / 1.3
        least, most = max(least, 1e-2), most * 1.2
        ax.set(xscale="log", yscale="log")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter(mpl.ticker.FormatStrFormatter("%g"))
            axis.set_minor_formatter(mpl.ticker.NullFormatter())
    else:
        least, most = -2.0, 102.0
    ax.plot([least, most], [least, most], color=PALE, lw=1.5, zorder=0)
    for _, row in rows.iterrows():
        _point(ax, row, trials[str(row["trial"])])
    ax.set(xlim=(least, most), ylim=(least, most), xlabel=f"Published, {unit}",
           ylabel=f"Simulated, {unit}", aspect="equal")  # fmt: skip
    ax.set_title(f"{title}, n = {len(rows)}", loc="left")


def _point(ax: Axes, row: Any, number: int) -> None:
    """A target: the number of its trial on a mark, and its intervals."""
    paint = PAINTS[row["dependence"]]
    reported = row["role"] == "reported"
    outside = not reported and not row["inside"]
    at = row["published"], row["simulated"]
    if not np.isnan(row["low"]):
        ax.plot([row["low"], row["high"]], [at[1]] * 2, color=paint, lw=1, alpha=0.45, zorder=1)
    ends = row["simulated_low"], row["simulated_high"]
    ax.plot([at[0]] * 2, ends, color=paint, lw=1, zorder=1)
    ax.plot(*at, ls="", marker=MARKERS[row["dependence"]], ms=SIZES[row["dependence"]],
            mfc="white" if reported else paint, mec=RED if outside else paint,
            mew=2.2 if outside else 1.2, zorder=3 if outside else 2)  # fmt: skip
    ax.annotate(str(number), at, ha="center", va="center_baseline", fontsize=6.5,
                color="black" if reported else "white", zorder=4)  # fmt: skip


# --- curves --------------------------------------------------------------------------------------


def landmarks(table: pd.DataFrame, curves: pd.DataFrame) -> Figure:
    """Simulated curves, a panel a trial and curve, under what was published: shares and medians."""
    groups = [key for key, _ in curves.groupby(["trial", "curve", "from"], sort=False)]
    wide = min(3, len(groups))
    high = math.ceil(len(groups) / wide)
    with mpl.rc_context(STYLE | {"font.size": 10, "axes.titlesize": 11}):
        figure = Figure(figsize=(5.2 * wide, 3.7 * high), layout="constrained")
        axes = figure.subplots(high, wide, squeeze=False).ravel()
        for ax, key in zip(axes, groups, strict=False):
            _curves(ax, table, curves, key)
        for ax in axes[len(groups) :]:
            ax.set_axis_off()
        figure.suptitle("Lines: simulated. Points: published, with intervals (hollow: reported)",
                        x=0.01, ha="left", fontsize=12)  # fmt: skip
    return figure


def _curves(ax: Axes, table: pd.DataFrame, curves: pd.DataFrame, key: Sequence[Any]) -> None:
    trial, curve, since = key
    own = curves[
        (curves["trial"] == trial) & (curves["curve"] == curve) & (curves["from"] == since)
    ]
    for number, (arm, rows) in enumerate(own.groupby("arm", sort=False)):
        paint = colour(number)
        ax.plot(
            rows["month"], 100 * rows["free"], color=paint, ls=dashes(number), lw=2, label=str(arm)
        )
        told = table[(table["trial"] == trial) & (table["arm"] == arm) & table["whole"]
                     & (table["outcome"] == curve) & (table["from"] == since)]  # fmt: skip
        for _, row in told.iterrows():
            _landmark(ax, row, paint)
    ax.set(xlim=(0, 60), ylim=(0, 100), xticks=range(0, 61, 12), ylabel=f"{CURVES[curve]} (%)",
           xlabel=f"Months since {since.replace('_', ' ')}")  # fmt: skip
    ax.set_title(str(trial), loc="left")
    ax.legend(frameon=False, fontsize=9, loc="upper right")


def _landmark(ax: Axes, row: Any, paint: str) -> None:
    how: dict[str, Any] = {"ls": "", "marker": "o", "ms": 6, "color": paint, "capsize": 3, "lw": 1}
    if row["role"] == "reported":
        how["mfc"] = "none"
    low, high = row["published"] - row["low"], row["high"] - row["published"]
    error = None if np.isnan(low) else [[max(low, 0.0)], [max(high, 0.0)]]
    if row["kind"] == "share":
        ax.errorbar(row["at_days"] / DAYS_PER_MONTH, row["published"], yerr=error, **how)
        return
    scale = DAYS_PER_MONTH if row["unit"] == "days" else 1.0
    error = None if error is None else [[e[0] / scale] for e in error]
    ax.errorbar(row["published"] / scale, 50, xerr=error, **(how | {"marker": "D", "ms": 5}))
