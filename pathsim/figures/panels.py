"""Several axes of one size in the place of one: small multiples, one heading, one legend.

Called by figures in which lines of many strategies would hide each other. Knows no outcome.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pathsim.figures.style import counts, short
from pathsim.figures.words import told
from pathsim.outcomes.folds import Measured

TOLD = 6
"""Of so many panels the words tell."""
LETTERS = 98
"""How many letters of a heading fit a line at the size of a slide."""


def panels(ax: Axes, n: int, *, across: int | None = None, sharex: bool = True) -> list[Axes]:
    """`n` axes in a grid in the place of `ax`, which is the first of them; they share both axes.

    Inner axes have no tick labels. Two stand beside each other, three of more than six, unless
    `across` says otherwise.
    """
    columns = across or (1 if n == 1 else 2 if n <= 6 else 3)
    place = ax.get_subplotspec()
    assert place is not None, "panels take the place of axes in a grid"
    rows = -(-n // columns)
    grid = place.subgridspec(rows, columns)
    ax.set_subplotspec(grid[0])
    figure = ax.figure
    shared: dict[str, Any] = {"sharex": ax} if sharex else {}
    rest = [figure.add_subplot(grid[k], sharey=ax, **shared) for k in range(1, n)]
    every = [ax, *rest]
    for k, each in enumerate(every):
        each.spines[["top", "right"]].set_visible(False)
        each.tick_params(labelsize=10, labelleft=k % columns == 0,
                         labelbottom=not sharex or k + columns >= n)  # fmt: skip
    return every


def heading(ax: Axes, title: str, under: str = "") -> None:
    """A heading over all panels, and what is to be known below it in smaller letters."""
    figure = _figure(ax)
    lines = [*textwrap.wrap(title, LETTERS, break_on_hyphens=False),
             *textwrap.wrap(under, LETTERS + 6, break_on_hyphens=False)]  # fmt: skip
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=11.5, linespacing=1.3)


def labels(every: Sequence[Axes], x: str, y: str) -> None:
    """What both axes measure, once for all panels; the first axes know it too."""
    figure = _figure(every[0])
    figure.supxlabel(x, fontsize=11)
    figure.supylabel(y, fontsize=11)


def named(ax: Axes, name: str, n: int, more: str = "") -> None:
    """The name of a strategy over its panel, where it is not alone."""
    said = f"{short(name)}{more}" if n > 1 else more.removeprefix(", ")
    ax.set_title(said, loc="left", fontsize=11 if n <= 6 else 10)


def most_ticks(n: int) -> int:
    """How many dates fit below one of so many panels."""
    return 9 if n == 1 else 5 if n <= 6 else 4


def replicated(
    strategies: Mapping[str, Measured],
    header: str = "",
    *,
    line: str = "mean",
    banded: bool = True,
) -> str:
    """What stands below a heading: patients and replications, what lines and bands are."""
    first = next(iter(strategies.values()))
    several, each = first.replications > 1, " each" if len(strategies) > 1 else ""
    band = f"line: {line}, band: middle 80 % of replications" if several else "no band"
    said = (f"{counts(first)}{each}", band if banded else "", header)
    return "; ".join(filter(None, said))


def told_of(ax: Axes, before: str, each: Sequence[str]) -> None:
    """What the panels show, for those who do not see them: of many the first."""
    more = [f"and {len(each) - TOLD} more"] if len(each) > TOLD else []
    told(ax, f"{before} {'; '.join([*each[:TOLD], *more])}.")


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure
