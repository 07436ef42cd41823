"""The figure of a warm-up: what a service holds week by week, and where the transient ends.

`warm_up` takes an `ax` and returns it; `page` puts several on one figure. `study.warm_up` calls it.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pathsim.figures.style import GREY, PALE, STYLE, colour
from pathsim.outcomes.warm_up import SMOOTH, WEEK, Course
from pathsim.units import DAYS_PER_MONTH

ACROSS = 3
EACH = (4.6, 2.9)
"""Inches of one course on a page."""


def warm_up(ax: Axes, course: Course) -> Axes:
    """Weekly means over replications with the middle 80 % of them, and their moving average.

    What the rule would leave out is grey; weeks in which nobody new comes stand behind a dotted
    line.
    """
    x = np.arange(course.values.shape[1]) * WEEK / DAYS_PER_MONTH
    if len(course.values) > 1:
        low, high = np.percentile(course.values, (10, 90), axis=0)
        ax.fill_between(x, low, high, color=colour(0), alpha=0.18, lw=0)
    ax.plot(x, course.mean, color=GREY, lw=0.8)
    ax.plot(x, course.smooth, color=colour(0), lw=2.2)
    if course.ends:
        end = course.ends * WEEK / DAYS_PER_MONTH
        ax.axvspan(0.0, end, color=PALE, alpha=0.6, lw=0, zorder=0)
        ax.axvline(end, color=colour(1), lw=1.6, ls="--")
    if course.weeks < len(x) - 1:
        ax.axvline(course.weeks * WEEK / DAYS_PER_MONTH, color=GREY, lw=1.2, ls=":")
    years = np.arange(0.0, x[-1] + 1e-9, 12.0 if x[-1] > 24 else 3.0)
    ax.set(xlim=(0, x[-1]), xticks=years, ylabel=course.unit)
    ax.set_ylim(0)
    ax.set_title(f"{course.name}: {course.when}", loc="left", fontsize=11)
    return ax


def page(all_of_them: Sequence[Course], *, title: str) -> Figure:
    """Every course, three beside each other."""
    rows = -(-len(all_of_them) // ACROSS)
    with mpl.rc_context({**STYLE, "font.size": 10}):
        figure = Figure(figsize=(ACROSS * EACH[0], rows * EACH[1] + 0.8), layout="constrained")
        axes = figure.subplots(rows, ACROSS, squeeze=False).ravel()
        for ax, course in zip(axes, all_of_them, strict=False):
            warm_up(ax, course)
        for ax in axes[len(all_of_them) :]:
            ax.set_axis_off()
        for ax in axes[max(0, len(all_of_them) - ACROSS) : len(all_of_them)]:
            ax.set_xlabel("Months since the start")
        n = len(all_of_them[0].values)
        figure.suptitle(
            f"{title}. Thin: weekly mean of {n} replication{'s' if n != 1 else ''}; band: middle "
            f"80 %;\nthick: moving average of {SMOOTH} weeks; grey: transient by MSER-5; "
            "right of dots: nobody new comes", fontsize=11, x=0.01, ha="left")  # fmt: skip
    return figure
