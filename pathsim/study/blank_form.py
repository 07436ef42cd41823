"""The blank form for the second entry of a therapy or population.

Called by `pathsim evidence --form`; `study.second_entry` compares what was filled in. The form says
of each number where it stands, what it means and its unit, and nothing of what the first entry
says.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import shown
from pathsim.inputs.stated import Stated
from pathsim.inputs.wording import GROUPS
from pathsim.study.check import Part, kind_of, read_part

WIDTH = 100
HOW = """\
Fill in each line from the sources, without looking at the first entry.
value: in the unit given, or in another unit of the same dimension (change it then).
row: the row of params/evidence.csv (E and four digits), if there is one;
source: else the key of params/sources.yaml, or a citation.
kind: trial, cohort, label, expert, or assumption (then the note says why this value).
note: the arithmetic of what was derived ("derived: ..."), or, without a value, why there is none.
Numbers that a fit gives, and what the label allows, are not asked for. Text with a comma or a
colon stands in quotes. The file is committed as first written, before anything is compared."""
ENTERED = ("therapies", "populations")
"""The kinds of files that are entered twice."""
LEFT_OUT = frozenset({"indication"})
"""Groups that are copied from a label, not entered."""


def asked(part: Part) -> list[Stated]:
    """The numbers that are entered twice, in the order of the patient's way.

    Left out are those of a file that this one extends, the calibrated, and those of the label.
    """
    order = [*GROUPS]
    found = [each for each in part.own if each.number.kind != "calibrated"]
    found = [each for each in found if each.group not in LEFT_OUT]
    last = len(order)
    places = {
        each.group: order.index(each.group) if each.group in order else last for each in found
    }
    return sorted(found, key=lambda each: places[each.group])


def blank_form(path: Path) -> str:
    """The blank form for a file of a therapy or population; InputError for any other.

    A line `path: {value: , unit: ..., ...}` for each number, under headings.
    """
    if kind_of(path) not in ENTERED:
        remedy = "name a therapy or a population"
        raise InputError(Problem(shown(path), 1, "", "is not entered twice", remedy))
    part = read_part(path)
    written = part.written
    lines = [f"# Second entry of {written.name}: {written.title}", *_comment(HOW)]
    for _, numbers in groupby(asked(part), key=lambda each: each.group):
        lines += _group(written, list(numbers))
    return "\n".join(lines) + "\n"


def _group(written: Any, numbers: list[Stated]) -> Iterator[str]:
    first = numbers[0]
    yield f"\n# --- {first.heading} ---"
    yield from _comment(_about(getattr(written, first.group)))
    for each in numbers:
        yield from _comment(each.words)
        unit = _quoted(each.number.unit)
        yield f"{each.path}: {{value: , unit: {unit}, row: , source: , kind: , note: }}"


def _about(part: object) -> str:
    """What the model of a part says of itself; nothing for a plain list."""
    return "" if isinstance(part, tuple | list | dict) else (type(part).__doc__ or "")


def _comment(text: str) -> Iterable[str]:
    for line in text.strip().splitlines():
        yield from (f"# {part}" for part in textwrap.wrap(line.strip(), WIDTH - 2))


def _quoted(unit: str) -> str:
    return unit if unit.replace(" ", "").isalnum() else f'"{unit}"'
