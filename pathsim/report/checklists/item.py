"""An item of a checklist and its answer: plain words, points, tables and figures.

Called by the checklists and by the section that shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pathsim.report.basis import Asked
from pathsim.report.shapes import Drawn, Table


@dataclass(frozen=True)
class Points:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Folded:
    """A table that is opened by whoever wants it."""

    summary: str
    table: Table


Block = str | Points | Table | Folded | Drawn
Answer = tuple[Block, ...]


@dataclass(frozen=True)
class Item:
    """One item: its number, its name, what it asks in our words, how it is answered."""

    number: str
    name: str
    asks: str
    answer: Callable[[Asked], Answer]


@dataclass(frozen=True)
class Checked:
    """A recommendation, whether a run can meet it, and where or why."""

    number: str
    asks: str
    verdict: str
    where: str


def points(items: Iterable[str]) -> Points | str:
    """A list; of one point that alone."""
    each = tuple(items)
    return each[0] if len(each) == 1 else Points(each)


def kind(block: Block) -> str:
    """By which a template tells what to draw."""
    return "words" if isinstance(block, str) else type(block).__name__.lower()


def words_of(answer: Answer) -> str:
    """All that an answer says, as one text."""
    return " ".join(_words(block) for block in answer)


def _words(block: Block) -> str:
    match block:
        case str():
            return block
        case Points(items):
            return " ".join(items)
        case Table():
            return " ".join(cell for row in block.rows for cell in row.cells)
        case Folded(summary, table):
            return f"{summary} {_words(table)}"
        case _:
            return f"{block.says} {block.alt}"
