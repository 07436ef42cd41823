"""The base model at a glance: a row a therapy, a box a phase, and what lies between therapies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from pathsim.figures.style import COLOURS, GREY, PALE, short

ASKS, FILL, ASIDE = COLOURS[1], "#EAF3FA", "#F6F0E0"
STEP, BOX, ROW = 1.0, 0.84, 1.65
"""From box to box, the width of a box, from row to row."""


@dataclass(frozen=True)
class Way:
    """A therapy as a row: its name, its phases each with what it asks for, what interrupts it."""

    therapy: str
    phases: Sequence[tuple[str, Sequence[str]]]
    interrupted_by: Sequence[str]


def overview(ax: Axes, ways: Sequence[Way]) -> Axes:
    """Rows of phases from the choice of a therapy to what follows it; asked resources below."""
    longest = max(len(way.phases) for way in ways)
    middle = -ROW * (len(ways) - 1) / 2
    _box(ax, -1.9, middle, "the strategy's\nrules choose", PALE, wide=1.2, high=0.8)
    for number, way in enumerate(ways):
        y = -ROW * number
        ax.annotate("", (-0.5, y), (-1.28, middle), arrowprops=_arrow())
        ax.text(-0.42, y + 0.66, short(way.therapy), fontsize=11, fontweight="bold", va="center")
        for place, (phase, asks) in enumerate(way.phases):
            _box(ax, place * STEP, y, _broken(phase), FILL)
            if asks:
                said = "asks: " + "\n".join(map(_said, asks))
                ax.text(place * STEP, y - 0.32, said, fontsize=7.5, color=ASKS, ha="center",
                        va="top")  # fmt: skip
            if place:
                x = place * STEP - BOX / 2
                ax.annotate("", (x, y), (x - STEP + BOX, y), arrowprops=_arrow())
        end = (len(way.phases) - 1) * STEP + BOX / 2
        ax.annotate("", (longest * STEP - 0.35, middle), (end + 0.03, y), arrowprops=_arrow())
        if way.interrupted_by:
            ax.text(-0.42, y + 0.41, f"interrupted by: {', '.join(way.interrupted_by)}",
                    fontsize=7.5, va="center", color=GREY)  # fmt: skip
    _after(ax, longest * STEP + 0.25, middle)
    ax.set(
        xlim=(-2.6, longest * STEP + 1.0),
        ylim=(min(-ROW * (len(ways) - 1) - 1.0, middle - 1.7), 1.6),
    )
    ax.set_axis_off()
    ax.set_title("Phases of each therapy, left to right; death may end any of them", loc="left")
    return ax


def _after(ax: Axes, x: float, y: float) -> None:
    """What follows a therapy: another line by the rules, or supportive care until death."""
    _box(ax, x, y, "progression:\nanother\nline?", PALE, wide=1.1, high=0.9)
    _box(ax, x, y - 1.25, "supportive\ncare", ASIDE, wide=1.1)
    ax.annotate("", (x, y - 0.95), (x, y - 0.47), arrowprops=_arrow())
    top = 1.25
    ax.plot([x, x, -1.9, -1.9], [y + 0.47, top, top, y + 0.6], color=GREY, lw=1)
    ax.annotate("", (-1.9, y + 0.42), (-1.9, y + 0.7), arrowprops=_arrow())
    ax.text(x - 0.1, top + 0.05, "yes: the rules are asked again", fontsize=8, ha="right",
            va="bottom", color=GREY)  # fmt: skip


def _box(ax: Axes, x: float, y: float, words: str, fill: str, *, wide: float = BOX,
         high: float = 0.6) -> None:  # fmt: skip
    corner = (x - wide / 2, y - high / 2)
    ax.add_patch(FancyBboxPatch(corner, wide, high, boxstyle="round,pad=0,rounding_size=0.06",
                                facecolor=fill, edgecolor=GREY, linewidth=0.8))  # fmt: skip
    ax.text(x, y, words, fontsize=8, ha="center", va="center")


def _arrow() -> dict[str, object]:
    return {"arrowstyle": "->", "color": GREY, "lw": 0.9, "shrinkA": 0, "shrinkB": 0}


def _broken(words: str) -> str:
    """A phase in lines that fit its box."""
    said = words.replace("_", " ").replace("lymphodepletion", "lympho-\ndepletion")
    return said.replace(" ", "\n").replace("manufacture", "manu-\nfacture")


def _said(resource: str) -> str:
    return resource.split("/")[0].replace("_", " ")
