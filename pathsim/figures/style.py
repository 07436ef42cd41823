"""One style for all figures: colours, dashes, sizes, bands, and what axes and legends say.

Colours are those of Okabe and Ito, which the colour-blind can tell apart. Called by every figure;
knows no outcome.
"""

from __future__ import annotations

import re
import textwrap
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.units import DAYS_PER_MONTH

COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7"),
    *("#E69F00", "#56B4E9", "#000000", "#F0E442"),
)
GREY, PALE = "#6E6E6E", "#D9D9D9"
STYLES = ("-", "--", "-.", ":")
SIZE = (9.0, 5.6)
BAND = (10, 90)
_NAME, MANY = 24, 4
"""How long a name may be, and above how many strategies bands and counts would hide the lines."""
STYLE: Any = {
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "pathsim",
    "svg.fonttype": "none",
    "savefig.dpi": 150,
}


def new_axes(*, width: float = SIZE[0], height: float = SIZE[1]) -> Axes:
    """Axes on a figure of their own, at the size of a slide, that no window shows."""
    with mpl.rc_context(STYLE):
        return Figure(figsize=(width, height), layout="constrained").add_subplot()


def colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def dashes(number: int) -> str:
    """The dashes of a line; those that share a colour differ in them."""
    return STYLES[(number + number // len(COLOURS)) % len(STYLES)]


def short(name: str) -> str:
    """A name that fits beside an axis: what is too long loses its middle."""
    return name if len(name) <= _NAME else f"{name[: _NAME // 2]}…{name[-(_NAME // 2 - 1) :]}"


def folded(path: str, width: int = 34) -> str:
    """A name or path as lines of so many letters, broken after a point, a hyphen or an underscore
    where it can be."""
    words = re.sub(r"([._/-])(?=\S)", r"\1 ", path)
    lines = textwrap.wrap(words, width)
    return "\n".join(re.sub(r"(?<=[._/-]) ", "", line) for line in lines)


def counts(measured: Measured) -> str:
    n, replications = len(measured.patients), measured.replications
    return f"{n:,} patients in {replications} replication{'s' if replications != 1 else ''}"


def banded(measured: Measured) -> str:
    n = measured.replications
    return f"band: middle 80 % of {n} replications" if n > 1 else "1 replication, no band"


def months_axis(ax: Axes, x: Array) -> None:
    """A time axis in months, from the start; the other axis from nought."""
    end = max(float(x[-1]), 1.0)
    ax.set(xlim=(0, end), xticks=np.arange(0.0, end + 1e-9, step_of(end)))
    ax.set_xlabel("Months since the start")
    ax.set_ylim(0)


def uncounted(ax: Axes, warm_up: float) -> None:
    """Marks the warm-up, if there is one: what outcomes do not count."""
    if warm_up > 0.0:
        end = warm_up / DAYS_PER_MONTH
        ax.axvspan(0.0, end, color=PALE, alpha=0.5, lw=0, zorder=0)
        ax.annotate("warm-up, not counted", (0.0, 0.0), (4, 4), xycoords="axes fraction",
                    textcoords="offset points", fontsize=10, color=GREY)  # fmt: skip


def step_of(end: float) -> float:
    return next((s for s in (1, 2, 3, 6, 12, 24) if end / s <= 10), 60.0)


def band(ax: Axes, x: Array, lines: list[Array], paint: str) -> None:
    """The 10th to 90th centile over replications; nothing where there is but one."""
    if len(lines) < 2:
        return
    stacked = np.array(lines, dtype=float)
    known = ~np.isnan(stacked).any(axis=0)
    low, high = np.percentile(stacked[:, known], BAND, axis=0)
    ax.fill_between(x[known], low, high, color=paint, alpha=0.18, lw=0, step="post")


def legend_beside(ax: Axes) -> None:
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5),
              fontsize=10, frameon=False)  # fmt: skip
