"""A centre: the slots, chairs, beds and clinic that its patients share, and who else uses them.

Called by `resolve`; read by the pathway builder, which makes each a resource of the law. Knows no
patient and no pathway. Names of resources are fixed, so that files and tables agree.
"""

import datetime
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pathsim.errors import Problem, did_you_mean
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Real, Written
from pathsim.inputs.forms import AtLeast, Flag, Sentence, Slug
from pathsim.inputs.lawspec import LawSpec
from pathsim.inputs.population import FEATURES, HIDDEN
from pathsim.inputs.quantity import (
    Frequency,
    FromWhen,
    LastingTime,
    Positive,
    Span,
    TimeSpan,
    Whole,
    day_of,
)

SLOTS = "slots/"
"""`slots/cilta-cel`: manufacturing slots of a CAR T product; the only allotments."""

PLACES: dict[str, str] = {
    "apheresis_chair": "a chair for a day of collecting cells",
    "cell_therapy_bed": "a bed for CAR T infusion and the stay after it",
    "ward_bed": "a bed on a general ward, for infections and CRS",
    "icu_bed": "an intensive care bed",
    "step_up_bed": "a bed for a bispecific's first doses",
    "clinic": "visits in four weeks: weekly dosing holds 4, every two weeks 2, every four 1",
}
"""Everything that is held and given back, and what one of it is."""

Reason = Literal["infection", "crs", "infusion", "step_up", "other_users"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Change(Written):
    """From a day on, another number."""

    start: Annotated[FromWhen, Field(alias="from")]


class PlacesChange(Change):
    """From a day on, so many places."""

    places: Whole


class AmountChange(Change):
    """From a day on, so many at each release."""

    amount: Whole


Rising = tuple[tuple[float, int], ...]
"""(day, number) in order of days; none before the first."""


def rising(changes: tuple[Change, ...], start: datetime.date) -> bool:
    """Whether changes stand in the order of their days."""
    days = [day_of(change.start, start) for change in changes]
    return all(earlier < later for earlier, later in pairwise(days))


class Allotments(Written):
    """So many at each release; what is not taken is kept up to `carry`."""

    every: TimeSpan
    amount: Whole | Annotated[tuple[AmountChange, ...], AtLeast(1)]
    carry: Whole = 0

    @model_validator(mode="after")
    def _some_time_apart(self) -> Self:
        if self.every.days < 1:
            raise ValueError("releases less than a day apart; write a day or more")
        return self

    def amounts(self, start: datetime.date) -> Rising:
        """(day, amount of each release from then on), for a run that starts on a date."""
        if isinstance(self.amount, int):
            return ((0.0, self.amount),)
        return tuple((day_of(c.start, start), c.amount) for c in self.amount)


class Score(Written):
    """Points by which a queue is ordered, the most first: for levels, per unit, per day waited."""

    terms: dict[str, dict[str, Real]] = Field(default={})
    per_day_waited: Real = 0.0

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = [name for name in FEATURES if name not in HIDDEN]
        for name, points in self.terms.items():
            if name not in known:
                near = did_you_mean(name, known)
                remedy = f"did you mean '{near}'?" if near else f"choose from {', '.join(known)}"
                raise ValueError(f"'{name}' is nothing that a score can read; {remedy}")
            levels = FEATURES[name] or ("per",)
            if not points or any(level not in levels for level in points):
                raise ValueError(f"points for {name} are wrong; give them for {', '.join(levels)}")
        return self


class ResourceSpec(Written):
    """What there is of one resource, and in which order it is given out.

    Exactly one of `places`, `allotments` and `unlimited`. `typical_stay` serves the expected wait
    alone. `skip` lets a smaller request pass a larger one that does not fit. `ranks` orders the
    reasons for asking, 1 first; a reason that is not named has rank 1.
    """

    places: Whole | Annotated[tuple[PlacesChange, ...], AtLeast(1)] | None = None
    allotments: Allotments | None = None
    unlimited: Literal[True] | None = None
    closed: tuple[Weekday, ...] = ()
    discipline: Literal["first_come", "random", "score"] = "first_come"
    score: Score | None = None
    skip: Flag = False
    typical_stay: LastingTime | None = None
    ranks: dict[Reason, Positive] = Field(default={})
    because: Sentence

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [n for n in ("places", "allotments", "unlimited") if getattr(self, n) is not None]
        if len(given) != 1:
            said = f"{' and '.join(given)} are given" if given else "nothing is given"
            remedy = "give exactly one of places, allotments and unlimited: true"
            raise ValueError(f"{said}; {remedy}")
        if (self.discipline == "score") != (self.score is not None):
            raise ValueError("discipline and score do not agree; write both, or neither")
        if self.closed and self.places is None:
            raise ValueError("only places can be closed; remove 'closed'")
        if len(set(self.closed)) == len(WEEKDAYS):
            raise ValueError("closed every day of the week; leave a day open")
        return self

    def steps(self, start: datetime.date) -> Rising:
        """(day, places from then on), for a run that starts on a date; () if it has no places."""
        if self.places is None:
            return ()
        if isinstance(self.places, int):
            return ((0.0, self.places),)
        return tuple((day_of(change.start, start), change.places) for change in self.places)

    def places_on_day_0(self, start: datetime.date) -> int:
        """The places when the run starts, on a Monday."""
        begun = [places for day, places in self.steps(start) if day <= 0]
        return begun[-1] if begun and 0 not in self.closed_days else 0

    @property
    def closed_days(self) -> tuple[int, ...]:
        """The weekdays without places, 0 being Monday, which day 0 is."""
        return tuple(number for number, day in enumerate(WEEKDAYS) if day in self.closed)

    def rank(self, reason: Reason) -> int:
        """The rank of those who ask for this reason; 1 goes first."""
        return self.ranks.get(reason, 1)

    def in_order(self, start: datetime.date) -> bool:
        """Whether changes over time stand in the order of their days."""
        changes: tuple[Change, ...] = self.places if isinstance(self.places, tuple) else ()
        if self.allotments and isinstance(self.allotments.amount, tuple):
            changes = self.allotments.amount
        return rising(changes, start)


class OtherUsers(Written):
    """Patients of other services in the same beds and chairs: they come, stay and go.

    Without a `rank` theirs is the resource's for `other_users`.
    """

    name: Slug
    resource: str
    arrivals: Frequency
    stay: LawSpec
    rank: Positive | None = None
    on_day_0: Whole = 0
    because: Sentence


class Day0(Written):
    """Whom the service holds when the run starts: nobody, or these patients of its own.

    `waiting` patients are referred on day 0 together; `on` counts those who are on a therapy: as if
    just past its start, or left of such as began evenly over the time `begun_over` before day 0.
    """

    empty: Flag = False
    waiting: Whole = 0
    on: dict[str, Whole] = Field(default={})
    begun_over: TimeSpan = Span(0.0)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        there = self.waiting + sum(self.on.values())
        if self.empty and there:
            raise ValueError(f"empty, yet {there} are there; remove 'empty', or waiting and on")
        if not self.empty and not there:
            raise ValueError("neither empty nor anybody there; write 'empty: true', or waiting")
        if self.begun_over.days and not sum(self.on.values()):
            raise ValueError("nobody is on a therapy; remove begun_over, or say who is (on)")
        return self


class Centre(Written):
    """One file of `params/centres/`. A resource that is left out is unlimited."""

    centre: Slug
    title: Sentence
    resources: dict[str, ResourceSpec] = Field(default={})
    other_users: tuple[OtherUsers, ...] = ()
    day_0: Day0 = Day0(empty=True)

    @property
    def limited(self) -> dict[str, ResourceSpec]:
        """The resources that can run out, by name in order of names."""
        return {n: r for n, r in sorted(self.resources.items()) if not r.unlimited}


def centre_problems(document: Document, at: Where, centre: Centre) -> Iterator[Problem]:
    """What is wrong with the resources and their other users, each at its own line."""
    for name, resource in centre.resources.items():
        yield from _misnamed(document, (*at, "resources", name), name, resource)
    names = [users.name for users in centre.other_users]
    for index, users in enumerate(centre.other_users):
        where: Where = (*at, "other_users", index)
        if users.name in names[:index]:
            cause = f"a second entry named '{users.name}'"
            yield document.problem((*where, "name"), cause, remedy="give it another name")
        if users.resource not in centre.limited or users.resource not in PLACES:
            cause = f"'{users.resource}' is no resource with places here"
            remedy = choose(users.resource, [name for name in centre.limited if name in PLACES])
            yield document.problem((*where, "resource"), cause, remedy=remedy)
        elif (score := centre.limited[users.resource].score) and score.terms:
            cause = f"other users of {users.resource} have no {next(iter(score.terms))}"
            remedy = "remove the terms: score by per_day_waited alone"
            at_score: Where = (*at, "resources", users.resource, "score", "terms")
            yield document.problem(at_score, cause, remedy=remedy)


def _misnamed(
    document: Document, where: Where, name: str, resource: ResourceSpec
) -> Iterator[Problem]:
    """A problem for a name that is not in the list, or that stands for another kind."""
    if name not in PLACES and not name.startswith(SLOTS):
        choices = [*PLACES, f"{SLOTS}THERAPY"]
        yield document.problem(where, "no such resource", remedy=choose(name, choices))
    elif name in PLACES and resource.allotments:
        yield document.problem(where, "this has places, not allotments", remedy="write 'places:'")
    elif name not in PLACES and resource.places is not None:
        yield document.problem(where, "slots are allotments", remedy="write 'allotments:'")


def choose(word: str, choices: list[str]) -> str:
    """A remedy: the choice that was meant, or all of them."""
    listed = f"choose from: {', '.join(choices) or 'none'}"
    if (near := did_you_mean(word, choices)) is None:
        return listed
    return f"did you mean '{near}'?" + (f" ({listed})" if 1 < len(choices) <= 8 else "")
