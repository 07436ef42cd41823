"""A centre as resources of the law, and the other users of its beds and chairs as streams.

`build` calls `resources` and `other_users`. Knows the written centre; no therapy but by name.
"""

from __future__ import annotations

from datetime import date

from pathsim.inputs.centre import Centre, OtherUsers, ResourceSpec
from pathsim.inputs.centre import Score as WrittenScore
from pathsim.pathway import words
from pathsim.pathway.bricks import cite, law_of, variable
from pathsim.pathway.pathway import Clock, Marks, Pathway, Request, State
from pathsim.pathway.reading import By, Factor, Per
from pathsim.pathway.service import At, Every, Poisson, Resource, Score, Stream

UNLIMITED = 1_000_000
"""Places of a resource that the centre does not limit."""

OTHER_USERS = "other_users"
FIRST_OTHER = 1_000_000_000
"""Other users are numbered from here, each kind from the next such number."""


def resources(centre: Centre, start: date, car_ts: list[str]) -> list[Resource]:
    """Every resource that a pathway may ask for; what the centre leaves out is unlimited."""
    found = [one(centre, name, start, None) for name in words.PLACES]
    return found + [one(centre, words.slots(t), start, f"{t}: apheresis") for t in car_ts]


def one(centre: Centre, name: str, start: date, until: str | None) -> Resource:
    spec = centre.resources.get(name)
    if spec is None or spec.unlimited:
        return Resource(name, places=UNLIMITED)
    shared = {
        "discipline": discipline(spec),
        "skip": spec.skip,
        "typical_stay": spec.typical_stay.days if spec.typical_stay else None,
    }
    if spec.allotments is not None:
        every = Every(spec.allotments.every.days, spec.allotments.amounts(start))
        carry = spec.allotments.carry
        return Resource(name, allotments=every, carry=carry, until=until, **shared)  # type: ignore[arg-type]
    places = spec.steps(start)
    return Resource(name, places=places, closed=spec.closed_days, **shared)  # type: ignore[arg-type]


def discipline(spec: ResourceSpec) -> str | Score:
    if spec.score is None:
        return spec.discipline
    return Score(terms(spec.score), spec.score.per_day_waited)


def terms(score: WrittenScore) -> list[Factor]:
    found: list[Factor] = []
    for name, points in score.terms.items():
        if "per" in points:
            found.append(Per(variable(name), points["per"]))
        else:
            found.append(By(variable(name), levels=dict(points), otherwise=0.0))
    return found


# --- other users ---------------------------------------------------------------------------------


def other_users(centre: Centre) -> list[Stream]:
    """They wait in the same queues, stay and go; those of day 0 are there already."""
    streams: list[Stream] = []
    for k, users in enumerate(centre.other_users, start=1):
        pathway = their_pathway(centre, users)
        first = k * FIRST_OTHER
        name = f"{OTHER_USERS}/{users.name}"
        if users.on_day_0:
            staying = f"{users.name}: in {users.resource}"
            streams.append(
                Stream(pathway, At([0.0] * users.on_day_0), f"{name} on day 0",
                       users.on_day_0, first, enters=staying)
            )  # fmt: skip
        if users.arrivals.per_day > 0:
            arrivals = Poisson(users.arrivals.per_day)
            streams.append(Stream(pathway, arrivals, name, None, first + FIRST_OTHER // 2))
    return streams


def their_pathway(centre: Centre, users: OtherUsers) -> Pathway:
    name, resource = users.name, users.resource
    spec = centre.resources.get(resource)
    rank = users.rank or (spec.rank("other_users") if spec else 1)
    marks = Marks(phase=OTHER_USERS, treated=False)
    stay = Clock(f"{name} stay", law_of(users.stay), f"{name}: gone", note=cite(users.stay))
    return Pathway(
        f"{OTHER_USERS}/{name}",
        f"{name}: waiting",
        [
            State(
                f"{name}: waiting",
                requests=[Request(resource, f"{name}: in {resource}", rank=rank)],
                marks=marks,
            ),
            State(f"{name}: in {resource}", [stay], holds={resource: 1}, marks=marks),
            State(f"{name}: gone", ends=True, marks=marks),
        ],
    )
