"""The ways of patients through therapies: a column for the first, second, third and fourth.

A box is as tall as it has patients, a band as wide as so many go from the one to the other. Drawn
here, since the packages that draw such figures are young or need a browser. Knows no pathway: it
reads the therapies that each patient began, in their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from pathsim.figures.style import (
    GREY,
    INK,
    PALE,
    SMALL,
    counts,
    ink_on,
    nobody,
    paints,
    resized,
    short,
)
from pathsim.figures.words import number, told
from pathsim.outcomes.folds import Measured, therapies_of

COLUMNS = ("All", "First therapy", "Second", "Third", "Fourth", "After it")
DIED, ALIVE, FURTHER, OTHER = "died", "alive", "a fifth", "others"
ENDS = {FURTHER: GREY, ALIVE: "#DCEBF5", DIED: PALE}
"""What is no therapy -> its colour; in this order below the therapies."""
FEW = 0.01
"""Therapies that a smaller share of all patients begin as their first, second … are others."""
WIDTHS = (0.3, 1.38, 1.38, 1.38, 1.38, 1.2)
APART, LINE, BETWEEN, TALL = 0.34, 0.18, 0.07, 4.3
"""Inches: between columns, a line of words, between boxes, all patients without what is between."""

Way = tuple[str, ...]
Place = tuple[int, str]
"""A column, and what a box there is called."""


@dataclass(frozen=True)
class Box:
    """What `n` patients do next: from `top` downwards, in inches from the top of the figure."""

    place: Place
    n: int
    top: float
    height: float

    @property
    def left(self) -> float:
        return sum(WIDTHS[: self.place[0]]) + APART * self.place[0]

    @property
    def right(self) -> float:
        return self.left + WIDTHS[self.place[0]]


def flow(ax: Axes, measured: Measured, *, title: str = "", therapies: Sequence[str] = ()) -> Axes:
    """From therapy to therapy, to death, or to the end of the run; % are of all patients.

    A therapy that is begun again at once, as a further line, counts once. `therapies` are all of a
    page, so that each keeps its colour.
    """
    every = therapies or therapies_of([measured])
    ways, n = _ways(measured.patients), len(measured.patients)
    ax.set_axis_off()
    name = f"{short(title, 40)}: from therapy to therapy".removeprefix(": ")
    ax.set_title(f"{name}; % of {counts(measured)}", loc="left")
    if not n:
        nobody(ax)
        told(ax, "There are no patients.")
        return ax
    flows = _flows(ways, n)
    boxes = _boxes(flows, (*every, OTHER, *ENDS), n)
    colours = {"": GREY, OTHER: "#B0B0B0", **paints(every), **ENDS}
    _bands(ax, flows, boxes, colours)
    for box in boxes.values():
        _box(ax, box, n, colours[box.place[1]])
    foot = max(box.top + box.height for box in boxes.values()) + LINE
    for column in sorted({column for column, _ in boxes}):
        one = next(box for box in boxes.values() if box.place[0] == column)
        ax.text((one.left + one.right) / 2, -0.12, COLUMNS[column], ha="center", fontsize=11)
    ax.set(xlim=(-0.02, sum(WIDTHS) + APART * (len(WIDTHS) - 1) + 0.02), ylim=(foot, -0.35))
    resized(ax, 9.0, foot + 0.95)
    told(ax, _said(boxes, n))
    return ax


def _ways(patients: pd.DataFrame) -> Counter[Way]:
    """What each patient went through, "" at first -> how many did so."""
    ways: Counter[Way] = Counter()
    pairs = zip(patients["therapies"].astype(str), patients["dead"], strict=True)
    for (words, dead), many in Counter(pairs).items():
        steps = [step for step in words.split(" > ") if step]
        last = FURTHER if len(steps) > 4 else DIED if dead else ALIVE
        ways["", *steps[:4], last] += many
    return ways


def _flows(ways: Mapping[Way, int], n: int) -> Counter[tuple[Place, Place]]:
    """From box to box -> how many; therapies of few stand together."""
    at: Counter[Place] = Counter()
    for way, many in ways.items():
        at.update(dict.fromkeys(enumerate(way), many))
    flows: Counter[tuple[Place, Place]] = Counter()
    for way, many in ways.items():
        places = [place if at[place] >= FEW * n or place[1] in ENDS else (place[0], OTHER)
                  for place in enumerate(way)]  # fmt: skip
        for pair in pairwise(places):
            flows[pair] += many
    return flows


def _boxes(
    flows: Mapping[tuple[Place, Place], int], order: Sequence[str], n: int
) -> dict[Place, Box]:
    """Every box in its place, in the order of the therapies, each with room for its words."""
    sizes: Counter[Place] = Counter({(0, ""): n})
    for (_, place), many in flows.items():
        sizes[place] += many
    ranked = sorted(sizes, key=lambda place: (place[0], (*order, "").index(place[1])))
    boxes, foot = dict[Place, Box](), dict[int, float]()
    for place in ranked:
        height = TALL * sizes[place] / n
        boxes[place] = Box(place, sizes[place], foot.get(place[0], 0.0), height)
        words = 0.0 if height >= LINE or not place[0] else LINE
        foot[place[0]] = boxes[place].top + height + words + BETWEEN
    return boxes


def _bands(
    ax: Axes,
    flows: Mapping[tuple[Place, Place], int],
    boxes: Mapping[Place, Box],
    colours: Mapping[str, str],
) -> None:
    """Each from the lower end of what left its box before to that of what came to the other."""
    gone: Counter[Place] = Counter()
    come: Counter[Place] = Counter()
    rank = {place: k for k, place in enumerate(boxes)}
    for source, target in sorted(flows, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
        many, one, other = flows[source, target], boxes[source], boxes[target]
        wide = one.height * many / one.n
        y0 = one.top + one.height * gone[source] / one.n
        y1 = other.top + other.height * come[target] / other.n
        gone[source] += many
        come[target] += many
        paint = colours[source[1]] if source[0] else colours[target[1]]
        ax.add_patch(_band(one.right, y0, other.left, y1, wide, paint))


def _band(x0: float, y0: float, x1: float, y1: float, wide: float, paint: str) -> PathPatch:
    """A band that leaves and comes in level."""
    middle = (x0 + x1) / 2
    over = [(x0, y0), (middle, y0), (middle, y1), (x1, y1)]
    under = [(x, y + wide) for x, y in reversed(over)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path([*over, *under, over[0]], codes), facecolor=paint, alpha=0.45, lw=0)


def _box(ax: Axes, box: Box, n: int, paint: str) -> None:
    """A box with its name and share in it, or below it where it is too low for them."""
    wide, corner = box.right - box.left, (box.left, box.top)
    ax.add_patch(Rectangle(corner, wide, box.height, fc=paint, edgecolor="white", lw=0.5))
    if not box.place[0]:
        return
    share = f"{number(round(100 * box.n / n, 0 if box.n >= 0.1 * n else 1))} %"
    inside = box.height >= LINE
    y = box.top + box.height / 2 if inside else box.top + box.height + LINE / 2
    two = box.height >= 2.1 * LINE
    letters = 18 if two else 18 - len(share) - 1
    text = f"{short(box.place[1], letters)}{chr(10) if two else ' '}{share}"
    ax.text(box.left + wide / 2, y, text, ha="center", va="center", fontsize=SMALL,
            linespacing=1.05, color=ink_on(paint) if inside else INK)  # fmt: skip


def _said(boxes: Mapping[Place, Box], n: int) -> str:
    """The boxes of each column, the fullest first."""
    return " ".join(
        f"{COLUMNS[column]}: {_listed(boxes, column, n)}." for column in range(1, len(COLUMNS))
        if any(place[0] == column for place in boxes)
    )  # fmt: skip


def _listed(boxes: Mapping[Place, Box], column: int, n: int) -> str:
    mine: Iterable[Box] = (box for place, box in boxes.items() if place[0] == column)
    ranked = sorted(mine, key=lambda box: -box.n)[:5]
    return ", ".join(f"{box.place[1]} {number(100 * box.n / n)} %" for box in ranked)
