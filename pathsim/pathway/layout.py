"""Where the boxes of a drawing stand: in columns from left to right, few lines crossing.

Called by `drawing`. All measures are in inches, the first box's top left corner being (0, 0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import networkx as nx

from pathsim.pathway.boxes import Box, Row, Sheet

ROW, HEAD, PAD, GAP = 0.17, 0.24, 0.22, 0.85
"""The height of a row and of a name, the space between boxes and between columns."""
LANE = 0.12
"""The height of a line that passes a column."""
LETTER = 0.062
"""The width of a letter of a row."""
LONGEST = 48
"""Letters of a row; the rest is cut off."""
SIGNS = {"grant": "◷ ", "holds": "■ ", "death": "† ", "clock": "", "option": ""}

WIDEST = 24.0
"""The width of a drawing that is not passed unless one column does."""
MANY = 4
"""More lines than these into one box are told in words."""

if TYPE_CHECKING:
    Graph = nx.DiGraph[str]

Chain = list[str]
"""The names that a line passes from box to box: the lanes between them included."""
Chains = dict[tuple[str, str], Chain]


@dataclass(frozen=True)
class Placed:
    """A box, or a lane kept free for a line (no box), at its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """A sheet without circles, the place of each box and lane, and the way of each line."""

    sheet: Sheet
    places: dict[str, Placed]
    chains: Chains


def layout(sheet: Sheet) -> Layout:
    """Put a sheet in blocks of columns, and the blocks side by side in shelves.

    What would need a line back, a line to a box where many lead, or a line from one block to
    another, is told in words in its row.
    """
    lines: Graph = nx.DiGraph()
    lines.add_nodes_from(box.name for box in sheet.boxes)
    lines.add_edges_from(sheet.edges)
    lines.remove_edges_from([(a, b) for a, b in sheet.edges if lines.in_degree(b) > MANY])
    lines.remove_edges_from(_backward(lines))
    boxes = {box.name: box for box in sheet.boxes}
    _fold(lines, boxes)
    sheet = sheet.without(set(sheet.edges) - set(lines.edges))
    boxes = {box.name: box for box in sheet.boxes}
    places: dict[str, Placed] = {}
    chains: Chains = {}
    x, y, shelf = 0.0, 0.0, 0.0
    for block in _blocks(lines):
        columns, passed = _columns(block)
        placed = _place(columns, boxes)
        width = max(p.x + p.width for p in placed.values())
        height = max(p.height - p.y for p in placed.values())
        if x and x + width > WIDEST:
            x, y, shelf = 0.0, y - shelf - 2 * PAD, 0.0
        places |= {n: replace(p, x=p.x + x, y=p.y + y) for n, p in placed.items()}
        chains |= passed
        x, shelf = x + width + GAP, max(shelf, height)
    return Layout(sheet, places, chains)


def _blocks(lines: Graph) -> list[Graph]:
    """What hangs together, in the order in which boxes stand on the sheet; single boxes last."""
    order = {name: k for k, name in enumerate(lines)}
    parts = sorted(
        nx.weakly_connected_components(lines),
        key=lambda part: (len(part) == 1, min(order[name] for name in part)),
    )
    return [_subgraph(lines, part) for part in parts]


def _subgraph(lines: Graph, part: set[str]) -> Graph:
    """A part of the graph, its names in the order of the whole."""
    found: Graph = nx.DiGraph()
    found.add_nodes_from(n for n in lines if n in part)
    found.add_edges_from((a, b) for a, b in lines.edges if a in part)
    return found


def _fold(lines: Graph, boxes: dict[str, Box]) -> None:
    """Cut the lines at the column where a block becomes too wide, until none is."""
    todo = _blocks(lines)
    while todo:
        block = todo.pop()
        level = _levels(block)
        widths: dict[int, float] = defaultdict(float)
        for name, k in level.items():
            widths[k] = max(widths[k], _width(boxes[name]))
        ends = list(accumulate(widths[k] + GAP for k in sorted(widths)))
        if ends[-1] - GAP > WIDEST and len(ends) > 1:
            cut = max(1, sum(end - GAP <= WIDEST for end in ends))
            crossing = [(a, b) for a, b in block.edges if level[a] < cut <= level[b]]
            lines.remove_edges_from(crossing)
            block.remove_edges_from(crossing)
            todo += _blocks(block)


def _levels(lines: Graph) -> dict[str, int]:
    """The column of each box: as far right as the longest way to it."""
    level: dict[str, int] = {}
    for name in nx.topological_sort(lines):
        level[name] = max((level[before] + 1 for before in lines.predecessors(name)), default=0)
    return level


def _columns(lines: Graph) -> tuple[list[list[str]], Chains]:
    """Boxes and lanes by column, each column in an order that crosses few lines; and the lines."""
    level = _levels(lines)
    columns: list[list[str]] = [[] for _ in range(max(level.values()) + 1)]
    for name in lines:
        columns[level[name]].append(name)
    chains: Chains = {}
    for a, b in lines.edges:
        lanes = {k: f"{a}\n{b}\n{k}" for k in range(level[a] + 1, level[b])}
        for k, lane in lanes.items():
            columns[k].append(lane)
        chains[a, b] = [a, *lanes.values(), b]
    _order(columns, list(chains.values()))
    return columns, chains


def _backward(whole: Graph) -> set[tuple[str, str]]:
    """The edges that close a circle when the graph is walked from its sources, in order."""
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    sources = [name for name in whole if whole.in_degree(name) == 0]
    for root in (*sources, *whole):
        if root not in done:
            _walk(whole, root, [], back, done)
    return back


def _walk(
    whole: Graph,
    name: str,
    path: list[str],
    back: set[tuple[str, str]],
    done: set[str],
) -> None:
    path = [*path, name]
    for after in whole.successors(name):
        if after in path:
            back.add((name, after))
        elif after not in done:
            _walk(whole, after, path, back, done)
    done.add(name)


def _order(columns: list[list[str]], chains: list[Chain]) -> None:
    """Sort each column by the mean place of its neighbours, there and back a few times."""
    before, after = defaultdict(set), defaultdict(set)
    for chain in chains:
        for a, b in pairwise(chain):
            before[b].add(a)
            after[a].add(b)
    for _ in range(6):
        for left, right in pairwise(columns):
            _sort(right, left, before)
        for left, right in pairwise(columns[::-1]):
            _sort(right, left, after)


def _sort(column: list[str], beside: list[str], near: Mapping[str, set[str]]) -> None:
    place = {name: k / len(beside) for k, name in enumerate(beside)}
    own = {name: k / len(column) for k, name in enumerate(column)}

    def key(name: str) -> float:
        found = [place[other] for other in near.get(name, ()) if other in place]
        return sum(found) / len(found) if found else own[name]

    column.sort(key=key)


def _place(columns: list[list[str]], boxes: dict[str, Box]) -> dict[str, Placed]:
    """Where each box and lane stands: columns side by side, each centred on the tallest."""
    heights = {n: _height(boxes[n]) if n in boxes else LANE for column in columns for n in column}
    tall = [sum(heights[n] + _pad(n, boxes) for n in column) for column in columns]
    x, places = 0.0, {}
    for column, height in zip(columns, tall, strict=True):
        width = max(_width(boxes[n]) for n in column if n in boxes)
        y = -(max(tall) - height) / 2
        for name in column:
            places[name] = Placed(x, y, width, heights[name])
            y -= heights[name] + _pad(name, boxes)
        x += width + GAP
    return places


def _pad(name: str, boxes: dict[str, Box]) -> float:
    return PAD if name in boxes else 0.02


def _height(box: Box) -> float:
    return HEAD + ROW * len(box.rows) + (0.06 if box.rows else 0.0)


def _width(box: Box) -> float:
    longest = max([1.15 * len(box.title), *(len(shown(row)) for row in box.rows)])
    return max(1.0, LETTER * longest + 0.16)


def shown(row: Row) -> str:
    text = SIGNS[row.kind] + row.text
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
