"""What a page's methods are told of: each model that was run, with its record.

Those are the strategies of a result; of studies alone, the scenarios kept in their folders.
Called by the sections on evidence, limits and methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pathsim.inputs.load import read
from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario
from pathsim.pathway.build import Built, build
from pathsim.pathway.pathway import Pathway
from pathsim.pathway.service import Service
from pathsim.study.kept import Result, Study
from pathsim.study.plan import Model, model_of
from pathsim.study.used import Used, can_give, used


@dataclass(frozen=True, eq=False)
class Basis:
    """One model as it was run: its scenario, its service, and the record of the run or study."""

    name: str
    built: Built
    model: Model
    record: Mapping[str, Any]

    @property
    def scenario(self) -> Scenario:
        return self.built.scenario

    @property
    def service(self) -> Service:
        return self.built.service

    @property
    def pathway(self) -> Pathway:
        return self.built.pathway


@dataclass(frozen=True, eq=False)
class Asked:
    """A result and the models behind it: what every item of a checklist is answered from."""

    result: Result
    bases: tuple[Basis, ...]

    @property
    def base(self) -> Basis:
        """The model that the others are compared with."""
        return self.bases[0]

    @property
    def names(self) -> str:
        return ", ".join(each.name for each in self.bases)

    @cached_property
    def evidence(self) -> Used:
        return used({each.name: each.scenario for each in self.bases})

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The therapies that any of the strategies can give, in the order of the documents."""
        every = dict.fromkeys(t for each in self.bases for t in each.scenario.therapies)
        can = set().union(*(can_give(each.scenario) for each in self.bases))
        return tuple(name for name in every if name in can)

    @property
    def studies(self) -> tuple[Study, ...]:
        return self.result.studies

    def each(self, told: Callable[[Basis], str]) -> tuple[str, ...]:
        """What is told of each model; what holds of all alike is told once, and without names."""
        by: dict[str, list[str]] = {}
        for one in self.bases:
            by.setdefault(told(one), []).append(one.name)
        return tuple(said if len(names) == len(self.bases) > 1 else f"{', '.join(names)}: {said}"
                     for said, names in by.items())  # fmt: skip

    def recorded(self, field: str) -> str:
        """What the records say of a field, each value once; that it is not recorded otherwise."""
        found = dict.fromkeys(str(b.record[field]) for b in self.bases if b.record.get(field))
        return ", ".join(found) or "not recorded"

    def studied(self, *kinds: str) -> list[Study]:
        """The studies of these kinds: of a design, or a command's own."""
        return [study for study in self.studies if kind_of(study) in kinds]


def asked(result: Result) -> Asked | None:
    """What there is to answer from; None where no model is kept."""
    if not _found or _found[0][0] is not result:
        _found[:] = [(result, _asked(result))]
    return _found[0][1]


_found: list[tuple[Result, Asked | None]] = []
"""Of the result asked for last, as several sections of a page ask."""


def _asked(result: Result) -> Asked | None:
    bases = tuple(
        Basis(name, each.built, each.model, each.record)
        for name, each in result.strategies.items()
    ) or tuple(each for study in result.studies for each in _of_study(study))  # fmt: skip
    return Asked(result, bases) if bases else None


def kind_of(study: Study) -> str:
    """The kind of a study's design, such as `one_way`; the command where it has none."""
    return str(study.record.get("kind") or study.kind)


def design_of(study: Study) -> Mapping[str, Any]:
    """What the study asked for, as its file says; empty where none is kept."""
    file = study.folder / "study.yaml"
    return read(file).data if file.exists() else {}


def _of_study(study: Study) -> Iterator[Basis]:
    files = [*sorted((study.folder / "scenarios").glob("*.yaml"))]
    alone = study.folder / "scenario.yaml"
    for file in files or ([alone] if alone.exists() else []):
        built = build(resolve(file))
        model = model_of(built)
        yield Basis(model.name, built, model, study.record)
