"""A strategy as a ladder: its rules from the first to the last, each with what it gives.

A patient comes in at the top and goes down until a rule holds. What stands in the boxes are words
that the caller gives; nothing here knows a pathway.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch

from pathsim.figures.style import GREY, STYLE, resized
from pathsim.figures.words import told

WIDTH, FOR_WHOM, GAP, GIVEN = 9.0, 5.2, 0.75, 2.75
"""Inches: the whole, a box of conditions, the way to what is given, a box of what is given."""
LINE, PAD, BETWEEN, HEAD = 0.19, 0.1, 0.3, 0.45
"""Inches: a line of text, the margin in a box, the room between boxes, the title."""
LETTERS, BOLD = {FOR_WHOM: 62, GIVEN: 32}, 0.82
"""Letters of a line in a box of this width, and how many of these a line in bold has."""
TINT = 0.78
"""How far a therapy's colour is mixed with white, so that black letters stand out on it."""


@dataclass(frozen=True)
class Rung:
    """One rule in words: `when` it holds, what it `gives`, `how`; `paint` is the therapy's colour.

    It is None for what is no therapy.
    """

    name: str
    when: str
    gives: str
    how: str = ""
    off_label: bool = False
    paint: str | None = None


@dataclass(frozen=True)
class _Boxes:
    """The lines of the two boxes of a rung; the first `bold` of what it gives are its name."""

    when: list[str]
    gives: list[str]
    bold: int

    @property
    def height(self) -> float:
        return max(len(self.when), len(self.gives)) * LINE + 2 * PAD


def size(rungs: Sequence[Rung]) -> tuple[float, float]:
    """Width and height in inches of the drawing of these rules."""
    heights = [_boxes(number, rung).height for number, rung in enumerate(rungs, start=1)]
    return WIDTH, HEAD + sum(heights) + BETWEEN * len(heights) + 0.05


def ladder(ax: Axes, rungs: Sequence[Rung], *, title: str) -> Axes:
    """The rules below each other, `yes` to the right, `no` downwards."""
    width, height = size(rungs)
    with mpl.rc_context(STYLE):
        resized(ax, width, height)
        ax.set(xlim=(0, width), ylim=(-height, 0))
        ax.axis("off")
        ax.text(0, -HEAD / 2, "\n".join(textwrap.wrap(title, 80)[:2]), fontsize=12, va="center")
        top = -HEAD
        for number, rung in enumerate(rungs, start=1):
            top = _rung(ax, number, rung, top, last=number == len(rungs))
        told(ax, f"{title}. " + " ".join(_said(k, rung) for k, rung in enumerate(rungs, start=1)))
    return ax


def _said(number: int, rung: Rung) -> str:
    """One rule in a sentence."""
    how = ", ".join(filter(None, (rung.how, "off label" if rung.off_label else "")))
    return f"{number}. If {rung.when}: {rung.gives}{f' ({how})' if how else ''}."


def _rung(ax: Axes, number: int, rung: Rung, top: float, *, last: bool) -> float:
    """Draws one rule from its top downwards; the top of the next."""
    boxes = _boxes(number, rung)
    middle, bottom = top - boxes.height / 2, top - boxes.height
    _box(ax, 0.0, top, FOR_WHOM, boxes.height, "white", GREY, "-")
    _lines(ax, PAD, middle, boxes.when, bold=1)
    face, edge = _colours(rung)
    dash = "--" if rung.off_label else "-"
    _box(ax, FOR_WHOM + GAP, top, GIVEN, boxes.height, face, edge, dash)
    _lines(ax, FOR_WHOM + GAP + PAD, middle, boxes.gives, bold=boxes.bold)
    _arrow(ax, (FOR_WHOM, middle), (FOR_WHOM + GAP, middle))
    if not last:
        ax.text(FOR_WHOM + GAP / 2, middle + 0.04, "yes", fontsize=10, ha="center", va="bottom")
        _arrow(ax, (0.6, bottom), (0.6, bottom - BETWEEN))
        ax.text(0.68, bottom - BETWEEN / 2, "no", fontsize=10, va="center")
    return bottom - BETWEEN


def _boxes(number: int, rung: Rung) -> _Boxes:
    name = _wrapped(rung.gives, GIVEN, bold=True)
    how = _wrapped(rung.how, GIVEN)
    label = ["OFF LABEL"] if rung.off_label else []
    head = _wrapped(f"{number}. {rung.name.replace('_', ' ')}", FOR_WHOM, bold=True)[:1]
    return _Boxes([*head, *_wrapped(rung.when, FOR_WHOM)], [*name, *how, *label], len(name))


def _wrapped(text: str, width: float, *, bold: bool = False) -> list[str]:
    """The lines of a text in a box of this width."""
    letters = round(LETTERS[width] * (BOLD if bold else 1.0))
    return textwrap.wrap(text, letters, break_on_hyphens=False)


def _lines(ax: Axes, x: float, middle: float, lines: Sequence[str], *, bold: int) -> None:
    """Lines around a middle, the first so many in bold."""
    first = middle + LINE * (len(lines) - 1) / 2
    for k, line in enumerate(lines):
        weight = "bold" if k < bold else "normal"
        ax.text(x, first - k * LINE, line, fontsize=10.5, va="center", weight=weight)


def _box(ax: Axes, x: float, top: float, width: float, height: float, face: object, edge: object,
         dash: str) -> None:  # fmt: skip
    ax.add_patch(
        FancyBboxPatch(
            (x + 0.03, top - height), width - 0.06, height, linewidth=1.6, linestyle=dash,
            boxstyle="round,pad=0,rounding_size=0.06", facecolor=face, edgecolor=edge,
        )
    )  # fmt: skip


def _colours(rung: Rung) -> tuple[object, object]:
    """What fills the box of what is given, and its edge."""
    if rung.paint is None:
        return "#F2F2F2", GREY
    return tuple(c + (1 - c) * TINT for c in to_rgb(rung.paint)), rung.paint


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 1.4,
                                            "shrinkA": 0, "shrinkB": 0})  # fmt: skip
