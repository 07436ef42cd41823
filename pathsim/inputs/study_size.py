"""The design of a study that asks for the smallest capacities that keep promises: `kind: size`.

Read as part of a study file. What its capacities and promises mean to the scenario, and what its
outcomes are measured in, is checked by `study.sizing.limits`. Knows no scenario and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, prod
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, model_validator

from pathsim.errors import Problem, cause_and_remedy
from pathsim.inputs.centre import SLOTS, Centre, choose
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Real, Written
from pathsim.inputs.forms import AtLeast, Sentence
from pathsim.inputs.paths import path_of
from pathsim.inputs.quantity import Positive, Share, TimeSpan
from pathsim.inputs.study_designs import (
    Column,
    DesignKind,
    FieldPath,
    Measured,
    Varied,
    column,
    measured,
)

if TYPE_CHECKING:
    from pathsim.inputs.scenario import Scenario
    from pathsim.inputs.study import Study

MOST = 20_000
"""Combinations of capacities; with more the search itself would take its time."""
FIRST, LAST = 16, 256
"""Replications of a capacity: how many at first, and at most, where a study does not say."""


class Amount(Varied):
    """The field that a capacity is, from its least to its most; its resource, if it is one's."""

    resource: str | None = None

    @property
    def ends(self) -> dict[str, Any]:
        return {"from": self.low, "to": self.high}


class Capacity(Written):
    """What there may be of one thing: from, to, in steps; what one of it costs, or its weight.

    A `resource` is named as in the centre: its places, or the slots of each release, which come
    `every` so often if not as the scenario says. Anything else that is a number has a `path`.
    """

    resource: str | None = None
    path: FieldPath | None = None
    start: Annotated[Real, Field(alias="from")]
    to: Real
    step: Real = 1.0
    cost: Real = 1.0
    every: TimeSpan | None = None
    name: Column | None = None
    because: Sentence | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        given = [n for n in ("resource", "path") if getattr(self, n) is not None]
        if len(given) != 1:
            said = "both resource and path are given" if given else "nothing is named"
            raise ValueError(f"{said}; write a resource of the centre, or the path of a field")
        if self.every is not None and not (self.resource or "").startswith(SLOTS):
            raise ValueError("only slots are released every so often; remove 'every'")
        return self

    @model_validator(mode="after")
    def _a_range(self) -> Self:
        if self.cost < 0:
            raise ValueError(f"cost {self.cost:g} is below 0; write 0 or more")
        if self.step <= 0:
            raise ValueError(f"step {self.step:g} leads nowhere; write more than 0")
        if self.start > self.to:
            raise ValueError(f"from {self.start:g} lies above to {self.to:g}; exchange them")
        if self.start == self.to:
            raise ValueError(f"from {self.start:g} to {self.to:g} is an empty range; widen it")
        steps = (self.to - self.start) / self.step
        if abs(steps - round(steps)) > 1e-9 * max(steps, 1):
            near = self.start + int(steps) * self.step
            raise ValueError(
                f"steps of {self.step:g} from {self.start:g} do not lead to {self.to:g}; "
                f"write 'to: {near:g}' or 'to: {near + self.step:g}'"
            )
        if self.resource and any(v != int(v) or v < 0 for v in (self.start, self.step)):
            raise ValueError("a resource is counted; write whole numbers from 0 on")
        return self

    @property
    def values(self) -> tuple[float, ...]:
        """Every value, rising; whole ones as whole numbers."""
        found = (self.start + k * self.step for k in range(self.count))
        return tuple(int(v) if float(v).is_integer() else v for v in found)

    @property
    def count(self) -> int:
        return round((self.to - self.start) / self.step) + 1

    @property
    def field(self) -> str:
        """The path of the field that is changed."""
        if self.resource is None:
            return self.path or ""
        own = ("allotments", "amount") if self.resource.startswith(SLOTS) else ("places",)
        return path_of(("centre", "resources", self.resource, *own))

    @property
    def column(self) -> str:
        """Its name in the tables."""
        return self.name or column(self.resource or self.path or "")


def _limit(written: object) -> float | str:
    """A limit: a finite number, in the outcome's own unit, or text with a unit."""
    found = measured(written)
    if found is None or not isfinite(found.number):
        shown = repr(written)[:40]
        raise ValueError(f"{shown} is no limit; write a number, '60 days' or '10 %'")
    return written if isinstance(written, str) else found.number


Limit = Annotated[
    float | str, PlainValidator(_limit), WithJsonSchema({"type": ["number", "string"]})
]


class PromiseSpec(Written):
    """What is promised of an outcome's mean over replications: at most, or at least, so much."""

    outcome: Sentence
    at_most: Limit | None = None
    at_least: Limit | None = None
    because: Sentence | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.at_most is None) == (self.at_least is None):
            if self.at_most is None:
                raise ValueError("nothing is promised; write at_most or at_least")
            raise ValueError("both at_most and at_least; write a promise for each")
        return self

    @property
    def limit(self) -> Measured:
        """The limit as it is written: a number, and its unit if it has one."""
        found = measured(self.at_most if self.at_most is not None else self.at_least)
        assert found is not None
        return found


def _sure_enough(share: float) -> float:
    if not 0.5 <= share <= 0.999:
        raise ValueError(f"a confidence of {100 * share:g} % is out of range; write 50 % to 99.9 %")
    return share


Confidence = Annotated[Share, AfterValidator(_sure_enough)]


class Size(DesignKind):
    """The smallest capacities that keep all promises, by search.

    `confidence` is that of the whole answer. Replications are doubled where a promise is neither
    kept nor broken for sure, up to `most_replications`.
    """

    kind: Literal["size"]
    capacities: Annotated[tuple[Capacity, ...], AtLeast(1)]
    promises: Annotated[tuple[PromiseSpec, ...], AtLeast(1)]
    confidence: Confidence = 0.95
    most_replications: Positive = LAST

    def fields(self) -> Iterator[tuple[Where, Varied]]:
        """The fields that the capacities are, from the least to the most of each."""
        for k, each in enumerate(self.capacities):
            low, high = each.values[0], each.values[-1]
            yield ("capacities", k), Amount(path=each.field, name=each.column, low=low, high=high,
                                            resource=each.resource)  # fmt: skip

    @property
    def points(self) -> int:
        """How many combinations there are."""
        return prod(each.count for each in self.capacities)


def size_problems(document: Document, study: Study) -> Iterator[Problem]:
    """What else of a study does not go together with a search for capacities."""
    design = study.design
    if not isinstance(design, Size):
        return
    said = study.model_fields_set
    if len(study.scenarios) > 1:
        cause = f"{len(study.scenarios)} scenarios, and capacities are those of one"
        yield document.problem(("scenarios",), cause, remedy="name one; write a study for each")
    for field in ("outcomes", "structures"):
        if field in said:
            cause = f"a study of kind size has no {field}"
            yield document.problem(
                (field,), cause, remedy="remove it; the promises say what counts"
            )
    if "replications" in said and study.replications < 4:
        cause = "so few replications tell nothing of chance"
        yield document.problem(("replications",), cause, remedy=f"write 4 or more, such as {FIRST}")
    if (first := first_look(study)) > design.most_replications:
        cause = f"most_replications {design.most_replications} is below the {first} made at first"
        at: Where = ("design", "most_replications")
        yield document.problem(at, cause, remedy="write more, or fewer 'replications:'")
    if design.points > MOST:
        cause = f"{design.points:,} combinations of capacities"
        remedy = f"stay below {MOST:,}, with smaller ranges or larger steps"
        yield document.problem(("design", "capacities"), cause, remedy=remedy)
    for k, each in enumerate(design.promises):
        if _again(each, design.promises[:k]):
            cause = f"'{each.outcome}' has a promise of this side already"
            where: Where = ("design", "promises", k)
            yield document.problem(where, cause, remedy="keep the stricter one")


def first_look(study: Study) -> int:
    """How many replications of a capacity are made at first."""
    return study.replications if "replications" in study.model_fields_set else FIRST


def _again(promise: PromiseSpec, earlier: tuple[PromiseSpec, ...]) -> bool:
    side = promise.at_most is None
    return any(e.outcome == promise.outcome and (e.at_most is None) == side for e in earlier)


def capacity_problems(
    document: Document, where: Where, field: Varied, scenarios: Sequence[Scenario]
) -> Iterator[Problem]:
    """Why a resource of the scenarios has no one number that could be more or less."""
    name = field.resource if isinstance(field, Amount) else None
    if name is None:
        return
    for scenario in scenarios:
        if said := _no_one_number(scenario.centre, name):
            cause, remedy = cause_and_remedy(said)
            yield document.problem((*where, "resource"), f"{cause} in {scenario.name}",
                                   remedy=remedy)  # fmt: skip


def _no_one_number(centre: Centre, name: str) -> str | None:
    """Cause and remedy; None for a resource that has a number of places or slots."""
    if name not in centre.resources:
        known = [known for known, r in centre.resources.items() if not r.unlimited]
        return f"no resource '{name}'; {choose(name, known)}"
    resource = centre.resources[name]
    if resource.unlimited:
        own = "allotments" if name.startswith(SLOTS) else "places"
        return f"{name} is unlimited; give it {own} in the scenario first"
    number = resource.allotments.amount if resource.allotments else resource.places
    if not isinstance(number, int):
        path = path_of(("centre", "resources", name))
        step = "allotments.amount[0].amount" if resource.allotments else "places[0].places"
        return (
            f"{name} changes by date; write 'path: {path}.{step}' for one of its numbers, "
            "or one number in the scenario"
        )
    return None
