"""A study file: which scenarios, what is changed in them, how often, and what is looked at.

`disagreements` says what is wrong with a study by itself; what its changes mean to its scenarios
is tried by `study_fields`, which reads studies. Knows no scenario but by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from pathsim.errors import Problem, did_you_mean
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Written
from pathsim.inputs.forms import OneOrMore, Sentence, Slug
from pathsim.inputs.load import beside
from pathsim.inputs.paths import steps
from pathsim.inputs.places import BASES, named, scenarios_dir
from pathsim.inputs.quantity import Positive, Whole
from pathsim.inputs.study_designs import (
    Column,
    FieldPath,
    Grid,
    LatinHypercube,
    OneWay,
    SobolSequence,
)
from pathsim.inputs.study_size import Size, size_problems
from pathsim.inputs.study_uncertainty import Morris, SobolIndices, Uncertainty

AS_WRITTEN = "as_written"
"""The structure in which nothing is set but what the design says."""
MOST = 1_000_000
"""Sets times scenarios times structures: with more, no study is ever done."""

Design = Annotated[
    Grid | OneWay | LatinHypercube | SobolSequence | Uncertainty | SobolIndices | Morris | Size,
    Field(discriminator="kind"),
]
"""Every kind of design; those that need more than fields stand in modules of their own."""


def _some(fields: dict[str, Any]) -> dict[str, Any]:
    if not fields:
        raise ValueError("nothing is set; name one field or more, each with its value")
    return fields


class Structure(Written):
    """A way in which the model itself is otherwise: fields that are set in every set alike."""

    name: Column
    set: Annotated[dict[FieldPath, Any], AfterValidator(_some)]
    because: Sentence | None = None


class Study(Written):
    """One study file. All scenarios get the same sets, the same patients and the same luck.

    `outcomes` are `headlines`, `all`, or names, in which * stands for any letters. `structures`
    are crossed with every set, beside the model as it is written.
    """

    study: Slug
    title: Sentence
    scenarios: OneOrMore[str]
    patients: Positive | None = None
    replications: Positive = 1
    seed: Whole = 1
    outcomes: OneOrMore[str] = ("headlines",)
    structures: tuple[Structure, ...] = ()
    because: Sentence | None = None
    design: Design

    @property
    def every_structure(self) -> dict[str, dict[str, Any]]:
        """Structure -> what it sets: the model as it is written first."""
        return {AS_WRITTEN: {}, **{s.name: dict(s.set) for s in self.structures}}


def disagreements(document: Document, study: Study) -> Iterator[Problem]:
    """What is wrong with a study whose entries are each sound."""
    yield from _scenarios(document, study)
    yield from _named_twice(document, study)
    yield from _swept_twice(document, study)
    yield from _structures(document, study)
    yield from _too_many(document, study)
    yield from size_problems(document, study)


def scenario_path(document: Document, name: str) -> Path | None:
    """The file of a scenario that a study names: a shipped one, or a path seen from the study."""
    shipped = named(scenarios_dir())
    return shipped[name] if name in shipped else beside(document, name)


def _scenarios(document: Document, study: Study) -> Iterator[Problem]:
    """Scenarios that there are not, or that are named twice."""
    offered = {name: path for name, path in named(scenarios_dir()).items() if name not in BASES}
    listed = isinstance(document.data.get("scenarios"), list)
    for place, name in enumerate(study.scenarios):
        where: Where = ("scenarios", place) if listed else ("scenarios",)
        if name in study.scenarios[:place]:
            yield document.problem(where, f"{name} stands twice", remedy="remove one")
        elif name in BASES or scenario_path(document, name) is None:
            near = did_you_mean(name, offered)
            hint = f"did you mean '{near}'? " if near else ""
            remedy = f"{hint}choose one of docs/scenarios.md, or name a .yaml file"
            yield document.problem(where, f"no scenario '{name}'", remedy=remedy)


def _named_twice(document: Document, study: Study) -> Iterator[Problem]:
    """Fields whose columns would have one name."""
    for (_, one), (where, other) in combinations(study.design.fields(), 2):
        if one.column == other.column and not _overlap(one.path, other.path):
            cause = f"the column '{other.column}' is there already, of {one.path}"
            yield document.problem(("design", *where), cause, remedy="give it a 'name:' of its own")


def _swept_twice(document: Document, study: Study) -> Iterator[Problem]:
    """Fields that are changed by two entries, one of which may hold the other."""
    for (_, one), (where, other) in combinations(study.design.fields(), 2):
        if _overlap(one.path, other.path):
            cause = f"{other.path} is changed twice"
            held = "" if one.path == other.path else f", also as {one.path}"
            yield document.problem(("design", *where), cause + held, remedy="keep one of the two")


def _structures(document: Document, study: Study) -> Iterator[Problem]:
    """Structures of one name, and those that set a field which the design changes."""
    for k, structure in enumerate(study.structures):
        earlier = [AS_WRITTEN, *(each.name for each in study.structures[:k])]
        if structure.name in earlier:
            cause = f"there is a structure '{structure.name}' already"
            remedy = f"give it another name; '{AS_WRITTEN}' is the model as it is"
            yield document.problem(("structures", k, "name"), cause, remedy=remedy)
        for path in structure.set:
            for _, varied in study.design.fields():
                if _overlap(path, varied.path):
                    where = ("structures", k, "set", path)
                    cause = f"{varied.path} is changed by the design as well"
                    yield document.problem(where, cause, remedy="take it out of one of the two")


def _too_many(document: Document, study: Study) -> Iterator[Problem]:
    """More sets than anybody could wait for."""
    count, times = study.design.count, len(study.scenarios) * (1 + len(study.structures))
    if count is not None and count * times > MOST:
        cause = f"{count * times:,} runs, of {count:,} sets in each scenario and structure"
        remedy = f"stay below {MOST:,}, with fewer values or kind: latin_hypercube"
        yield document.problem(("design",), cause, remedy=remedy)


def _overlap(one: str, other: str) -> bool:
    """Whether two paths lead to the same field, or one to a part of the other."""
    short, long = sorted((_way(one), _way(other)), key=len)
    return long[: len(short)] == short


def _way(path: str) -> Where:
    """The steps of a path; of what is no path, itself."""
    try:
        return steps(path)
    except ValueError:
        return (path,)
