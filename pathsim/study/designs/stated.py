"""Sets in which every scenario is given values of its own numbers, by what they state.

Two scenarios that state a number alike have one value, and one column; where they differ each has
its own. Called by the designs that draw numbers from their spreads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pathsim.draws import key_of
from pathsim.inputs.evidence import Number, numbers
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study_designs import column
from pathsim.study.design import Design, Factor
from pathsim.study.designs.one_way import unlike

SPARE = 16
"""Bits by which a key is shortened to a seed: 48 are enough for any number of sets."""
Values = Mapping[str, float]
"""Path -> value of a number, in its unit."""


@dataclass(frozen=True)
class StatedSets(Sequence[tuple[Any, ...]]):
    """Sets worked out when they are asked for: `of(scenario, set)` says a scenario's values.

    A place is where a value stands: (scenario that states it first, path).
    """

    many: int
    of: Callable[[str, int], Values]
    places: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return self.many

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[k] for k in range(*number.indices(len(self)))]
        if not 0 <= number < self.many:
            raise IndexError(number)
        values = {name: self.of(name, number) for name in dict(self.places)}
        return tuple(values[scenario][path] for scenario, path in self.places)


@dataclass(frozen=True)
class StatedDesign(Design):
    """A design whose sets are a scenario's own; with `own_luck` each set has its own patients.

    `notes` are what a reader must know of it, once all sets have been drawn.
    """

    own_luck: bool = False
    notes: Callable[[], list[str]] = field(default=list)

    def changes(self, number: int, scenario: str = "") -> dict[str, Any]:
        assert isinstance(self.sets, StatedSets)
        return dict(self.sets.of(scenario, number))

    def seed(self, number: int, of_study: int) -> int:
        own = key_of(f"set {number} of seed {of_study}") >> SPARE
        return own if self.own_luck else of_study

    def told(self) -> list[str]:
        return self.notes()


def stated_design(
    kind: str,
    count: int,
    of: Callable[[str, int], Values],
    paths: Sequence[tuple[Scenario, Iterable[str]]],
    *,
    own_luck: bool = False,
    notes: Callable[[], list[str]] = list,
) -> StatedDesign:
    """The design of so many sets of these paths of each scenario."""
    found: dict[tuple[str, str], Number] = {}
    at: dict[str, list[Number]] = {}
    for scenario, mine in paths:
        stated = dict(numbers(scenario))
        for path in mine:
            if stated[path] not in at.setdefault(path, []):
                at[path].append(stated[path])
                found[scenario.name, path] = stated[path]
    sets = StatedSets(count, of, tuple(found))
    return StatedDesign(kind, _factors(found), sets, wide=True, own_luck=own_luck, notes=notes)


def _factors(found: Mapping[tuple[str, str], Number]) -> tuple[Factor, ...]:
    """A factor a place; one that stands in several scenarios otherwise says in which."""
    often = Counter(path for _, path in found)
    taken: dict[str, Factor] = {}
    for (scenario, path), number in found.items():
        name = unlike(column(path), taken)
        where = f"{path} (in {scenario})" if often[path] > 1 else path
        taken[name] = Factor(name, where, "number", number.unit, number.value)
    return tuple(taken.values())
