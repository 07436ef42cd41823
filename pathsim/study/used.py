"""The evidence that strategies use: the parts of their kept documents that can come into play.

Called by the report. A therapy that no rule gives is left out, and said to be. A part that two
strategies have alike stands once; of one that they have otherwise, only what differs stands twice.
The documents are enough: the catalogue may have changed since, and only citations are read in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pathsim.inputs.document import Document
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.stated import Stated, stated
from pathsim.study.evidence import Part, parts_in, unverified
from pathsim.study.spoken import spoken

NAMED = {
    "therapies": "Therapy", "populations": "Population", "supportive": "Supportive care",
    "best_supportive_care": "Best supportive care", "centres": "Centre",
    "background": "Background mortality",
}  # fmt: skip
"""Kind of part -> what it is called."""


@dataclass(frozen=True)
class UsedPart:
    """A therapy, population or other part, with the strategies that use it as it is here.

    `apart` is the same part as the strategies before have it: then only what differs is listed.
    """

    part: Part
    strategies: tuple[str, ...]
    apart: Part | None = None

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def title(self) -> str:
        """What it is, in words; where it differs, for which strategies."""
        named = f"{NAMED[self.part.kind]}: {getattr(self.part.written, 'title', self.name)}"
        return f"{named}, where {', '.join(self.strategies)} differs" if self.apart else named

    @cached_property
    def numbers(self) -> list[Stated]:
        """Its numbers as they are written: in the model's own units."""
        return [n for n, _ in self._both]

    @cached_property
    def told(self) -> list[Stated]:
        """The same in units of speech."""
        return [told for _, told in self._both]

    @cached_property
    def _both(self) -> list[tuple[Stated, Stated]]:
        before = {n.path: n.number for n in self.apart.numbers} if self.apart else {}
        both = zip(self.part.numbers, stated(spoken(self.part.written)), strict=True)
        return [(n, told) for n, told in both if before.get(n.path) != n.number]

    def path(self, number: Stated) -> str:
        """The path of a number from the top of the scenario, as a study's fields are named."""
        top = ".".join(map(str, self.part.at))
        return f"{top}.{number.position}"


@dataclass(frozen=True)
class Used:
    """All parts in use, and the therapies of the documents that no rule gives."""

    parts: tuple[UsedPart, ...]
    left_out: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(len(part.numbers) for part in self.parts)

    @property
    def open(self) -> int:
        """How many are unverified or assumed, or both."""
        return sum(unverified(n.number) for part in self.parts for n in part.numbers)

    def __iter__(self) -> Iterator[UsedPart]:
        return iter(self.parts)


def can_give(scenario: Scenario) -> set[str]:
    """The therapies that its rules can give, or that patients are on when it begins."""
    return {*scenario.strategy.gives, *scenario.centre.day_0.on}


def used(scenarios: Mapping[str, Scenario]) -> Used:
    """What these strategies use, by name, in the order of their documents."""
    found: list[UsedPart] = []
    for name, scenario in scenarios.items():
        nowhere = Document(Path(name), {}, {})
        for part in parts_in(scenario, nowhere):
            if part.numbers and (part.kind != "therapies" or part.name in can_give(scenario)):
                _add(found, part, name)
    order = [*NAMED]
    given = {part.name for part in found if part.part.kind == "therapies"}
    every = dict.fromkeys(t for scenario in scenarios.values() for t in scenario.therapies)
    found = [part for part in found if part.numbers]
    return Used(
        tuple(sorted(found, key=lambda part: order.index(part.part.kind))),
        tuple(name for name in every if name not in given),
    )


def _add(found: list[UsedPart], part: Part, strategy: str) -> None:
    """Note that a strategy uses a part; a new entry where nobody before has it alike."""
    mine: Any = (part.kind, part.name)
    same = [i for i, old in enumerate(found) if (old.part.kind, old.part.name) == mine]
    for i in same:
        if found[i].part.written == part.written:
            found[i] = replace(found[i], strategies=(*found[i].strategies, strategy))
            return
    first = found[same[0]].part if same else None
    found.append(UsedPart(part, (strategy,), apart=first))
