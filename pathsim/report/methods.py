"""Methods: the checklists of reporting, answered from the resolved documents and the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathsim.report.basis import Asked, asked
from pathsim.report.checklists import good_practice
from pathsim.report.checklists.item import Answer, Block, Item, kind
from pathsim.report.checklists.stress_des import ITEMS
from pathsim.report.shapes import Row, Table, heading, row
from pathsim.study.kept import Result

TITLE, TEMPLATE = "Methods, by the checklists of reporting", "methods.html"


@dataclass(frozen=True)
class Answered:
    """An item with its answer, each block with the name by which a template draws it."""

    item: Item
    blocks: tuple[tuple[str, Block], ...]


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows; None where no model is kept."""
    found = asked(result)
    if found is None:
        return None
    return {
        "stress": {
            section: tuple(_answered(item, item.answer(found)) for item in items)
            for section, items in ITEMS.items()
        },
        "count": sum(len(items) for items in ITEMS.values()),
        "good_practice": _table(found),
        "read": good_practice.READ,
    }


def _answered(item: Item, answer: Answer) -> Answered:
    return Answered(item, tuple((kind(block), block) for block in answer))


def _table(found: Asked) -> Table:
    rows: list[Row] = []
    verdicts: Counter[str] = Counter()
    for name, items in good_practice.checked(found).items():
        rows.append(heading(name))
        rows += [row(f"{each.number} {each.asks}", each.verdict, each.where) for each in items]
        verdicts.update(each.verdict for each in items)
    told = ", ".join(f"{n} {verdict}" for verdict, n in verdicts.items())
    return Table("ISPOR-SMDM good practice, as far as a run can answer it",
                 ("Item", "Verdict", "Where, or why not"), tuple(rows),
                 note=f"{verdicts.total()} items: {told}.")  # fmt: skip
