"""One style for all figures: colours, dashes, sizes, bands, and what axes and legends say.

Strategies are lines and marks: ten colours dark enough for white paper, each with dashes and a
marker of its own. Therapies are areas: twelve colours from dark to light, so that they differ in
grey too. Both were searched for so that the colour-blind tell them apart; a test measures it.
Called by every figure; knows no outcome.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.units import DAYS_PER_MONTH

COLOURS = (
    *("#005AB4", "#D25A00", "#691E2D", "#6C9C9C", "#1E96FF"),
    *("#4B785A", "#1E0087", "#876987", "#962D00", "#5A3C5A"),
)
"""Of strategies, and of whatever else is told apart by lines and marks."""
THERAPIES = (
    *("#3C3CB4", "#F0C32D", "#008787", "#B41E5A", "#96A5D2", "#965A00"),
    *("#69C3A5", "#7878F0", "#692D0F", "#E1D2F0", "#B4964B", "#96FFB4"),
)
"""Of therapies, and of whatever else is told apart by areas."""
GREY, PALE, INK = "#6E6E6E", "#D9D9D9", "#222222"
STYLES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (5, 1.5, 1, 1.5)), (0, (1.2, 1.3)),
                           (0, (9, 2, 1, 2, 1, 2)))  # fmt: skip
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
SIZE = (9.0, 5.6)
BAND = (10, 90)
SMALL = 10
"""Points of the smallest text: read at the size of a slide, and at two thirds of it in print."""
_NAME, MANY = 24, 4
"""How long a name may be, and above how many strategies bands and counts would hide the lines."""
STYLE: Any = {
    "font.size": 12,
    # Verdana has the widths of DejaVu Sans: a reader without the one has mostly the other.
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
    "text.parse_math": False,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "hatch.linewidth": 1.2,
    "svg.hashsalt": "pathsim",
    "svg.fonttype": "none",
    "savefig.dpi": 150,
}


def new_axes(*, width: float = SIZE[0], height: float = SIZE[1]) -> Axes:
    """Axes on a figure of their own, at the size of a slide, that no window shows."""
    with mpl.rc_context(STYLE):
        return Figure(figsize=(width, height), layout="constrained").add_subplot()


def draw(
    figure: Callable[..., Axes], *of: Any, size: tuple[float, float] | None = None, **more: Any
) -> Axes:
    """What a function of `pathsim.figures` draws on axes of its own, all of it in this style."""
    width, height = size or SIZE
    with mpl.rc_context(STYLE):
        return figure(new_axes(width=width, height=height), *of, **more)


def resized(ax: Axes, width: float, height: float) -> Figure:
    """The figure of these axes, made so large (inches): for what is as tall as it has rows."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.set_size_inches(width, height)
    return figure


def colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def dashes(number: int) -> Any:
    """The dashes of a line; those that share a colour differ in them."""
    return STYLES[(number + number // len(COLOURS)) % len(STYLES)]


def marker(number: int) -> str:
    return MARKERS[number % len(MARKERS)]


def paints(therapies: Sequence[str]) -> dict[str, str]:
    """The colour of each therapy of a page: by its place, so the same list gives the same."""
    return {name: THERAPIES[k % len(THERAPIES)] for k, name in enumerate(therapies)}


def ink_on(paint: str) -> str:
    """What is read on a colour: white or black, whichever has more contrast."""
    return "white" if 1.05 / (luminance(paint) + 0.05) > 4.3 else "black"


def luminance(paint: str) -> float:
    """Relative luminance, 0 to 1, of the WCAG."""
    channels = np.array(to_rgb(paint))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def short(name: str, most: int = _NAME) -> str:
    """A name that fits beside an axis: what is too long loses its middle."""
    return name if len(name) <= most else f"{name[: most // 2]}…{name[-(most // 2 - 1) :]}"


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


def uncounted(ax: Axes, warm_up: float, along: Callable[[float], float] | None = None) -> None:
    """Marks the warm-up, if there is one: what outcomes do not count.

    `along` says where on the axis a day lies, if not in months.
    """
    if warm_up > 0.0:
        begin, end = map(along or (lambda day: day / DAYS_PER_MONTH), (0.0, warm_up))
        ax.axvspan(begin, end, color=PALE, alpha=0.5, lw=0, zorder=0)
        ax.annotate("warm-up, not counted", (0.0, 0.0), (4, 4), xycoords="axes fraction",
                    textcoords="offset points", fontsize=10, color=GREY)  # fmt: skip


def nobody(ax: Axes, said: str = "no patients") -> None:
    """Says in the midst of empty axes that there is nobody to show."""
    ax.text(0.5, 0.5, said, transform=ax.transAxes, ha="center", va="center", color=GREY)


def step_of(end: float) -> float:
    return next((s for s in (1, 2, 3, 6, 12, 24) if end / s <= 10), 60.0)


def band(
    ax: Axes, x: Array, lines: list[Array], paint: str, *, step: Literal["post"] | None = "post"
) -> None:
    """The 10th to 90th centile over replications; nothing where there is but one."""
    if len(lines) < 2:
        return
    stacked = np.array(lines, dtype=float)
    known = ~np.isnan(stacked).any(axis=0)
    low, high = np.percentile(stacked[:, known], BAND, axis=0)
    ax.fill_between(x[known], low, high, color=paint, alpha=0.18, lw=0, step=step)
