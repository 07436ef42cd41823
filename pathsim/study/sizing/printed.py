"""The frontier as aligned text: a row a capacity, the means of all promises with their bounds."""

from __future__ import annotations

import textwrap

from pathsim.study.sizing.search import Found
from pathsim.study.sizing.words import limit, value

WIDEST = 26
"""Letters of a column's head; a longer one goes on below."""


def printed(found: Found) -> str:
    """The frontier, the cheapest first and marked."""
    lattice, points = found.lattice, sorted(found.frontier, key=found.lattice.cost)
    heads = [axis.many or axis.name for axis in lattice.axes]
    heads += ["cost", *(f"{p.outcome}, {limit(p)}" for p in found.promises)]
    rows = [
        [
            *(f"{v:g}" for v in lattice.values(point)),
            f"{lattice.cost(point):g}",
            *(value(j, p) for j, p in zip(found.seen.judged[point], found.promises, strict=True)),
        ]
        for point in points
    ]
    marks = ["*" if point == found.cheapest else " " for point in points]
    return _aligned(heads, rows, marks)


def _aligned(heads: list[str], rows: list[list[str]], marks: list[str]) -> str:
    folded = [textwrap.wrap(head, WIDEST, break_on_hyphens=False) for head in heads]
    widths = [
        max(*(len(part) for part in head), *(len(row[k]) for row in rows))
        for k, head in enumerate(folded)
    ]
    deepest = max(len(head) for head in folded)
    padded = [[""] * (deepest - len(head)) + head for head in folded]
    lines = [_line(" ", list(cells), widths) for cells in zip(*padded, strict=True)]
    return "\n".join([*lines, *(_line(m, r, widths) for m, r in zip(marks, rows, strict=True))])


def _line(mark: str, cells: list[str], widths: list[int]) -> str:
    padded = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
    return f"  {mark} {'  '.join(padded)}".rstrip()
