"""Figures of a validation: published against simulated, and curves over published landmarks.

Made from the tables of `study.validate`, whose columns they read. Each function gives a figure.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pathsim.figures.style import COLOURS, GREY, PALE, STYLE, colour, dashes
from pathsim.units import DAYS_PER_MONTH

MARKERS = {"fitted": "o", "direct": "s", "independent": "^"}
"""Dependence of a target -> its marker."""
PANELS = (("share", "Shares (%)"), ("median", "Median times (months)"), ("ratio", "Hazard ratios"))
CURVES = {
    "progression_free_survival": "Progression-free",
    "overall_survival": "Overall survival",
    "duration_of_response": "Still in response",
    "time_to_next_treatment": "Free of next line",
    "free_of_relapse": "Free of relapse",
}


def calibration(table: pd.DataFrame) -> Figure:
    """Published (with its interval) against simulated, a panel for each kind of figure.

    On the diagonal they agree. What is outside its interval has a red rim; hollow is reported only.
    """
    found = _in_months(table)
    panels = [(kind, title) for kind, title in PANELS if (found["kind"] == kind).any()]
    paint = _paints(found["trial"])
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.2 * len(panels) + 2.6, 5.8), layout="constrained")
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        for ax, (kind, title) in zip(axes, panels, strict=True):
            _panel(ax, found[found["kind"] == kind], title, paint)
        dot: dict[str, Any] = {"ls": "", "marker": "o"}
        handles = [Line2D([], [], color=c, label=name, **dot) for name, c in paint.items()]
        handles += [Line2D([], [], ls="", marker=m, color=GREY, label=f"{name} target")
                    for name, m in MARKERS.items()]  # fmt: skip
        handles += [Line2D([], [], mfc="none", color=GREY, label="only reported", **dot),
                    Line2D([], [], ls="", marker="o", color=PALE, mec="#C00000", mew=2,
                           label="outside its interval")]  # fmt: skip
        figure.legend(handles=handles, loc="outside right upper", frameon=False, fontsize=10)
        figure.suptitle(_title(table), x=0.01, ha="left", fontsize=13)
    return figure


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


def _paints(trials: pd.Series[Any]) -> dict[str, Any]:
    """A colour for each trial: those of the project, then the same again, paler."""
    names = [str(name) for name in dict.fromkeys(trials)]
    paler = [tuple(0.5 + 0.5 * part for part in to_rgb(each)) for each in COLOURS]
    return dict(zip(names, itertools.cycle([*COLOURS, *paler]), strict=False))


def _panel(ax: Axes, rows: pd.DataFrame, title: str, paint: dict[str, Any]) -> None:
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
        _point(ax, row, paint[str(row["trial"])])
    ax.set(xlim=(least, most), ylim=(least, most), xlabel="Published", ylabel="Simulated",
           aspect="equal")  # fmt: skip
    ax.set_title(f"{title}, n = {len(rows)}", loc="left")


def _point(ax: Axes, row: Any, paint: Any) -> None:
    reported = row["role"] == "reported"
    outside = not reported and not row["inside"]
    if not np.isnan(row["low"]):
        ax.plot([row["low"], row["high"]], [row["simulated"]] * 2, color=paint, lw=1, alpha=0.55)
    ax.plot(
        [row["published"]] * 2, [row["simulated_low"], row["simulated_high"]], color=paint, lw=1
    )
    ax.plot(row["published"], row["simulated"], ls="", marker=MARKERS[row["dependence"]],
            ms=7, mfc="none" if reported else paint, mec="#C00000" if outside else paint,
            mew=1.8 if outside or reported else 0.5)  # fmt: skip


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
