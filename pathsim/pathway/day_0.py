"""Whom a service holds when the run starts: patients who wait, and patients on a therapy.

`build` calls `on_day_0` and `begun_variables`. Apart from the cohort: they take places and wait as
it does, and outcomes are not of them.
"""

from __future__ import annotations

import math
from itertools import accumulate, pairwise

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.strategy import Options
from pathsim.inputs.therapy import Therapy
from pathsim.inputs.therapy_bispecific import Bispecific
from pathsim.inputs.therapy_car_t import CarT
from pathsim.laws import Empirical
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit, curve, law_of
from pathsim.pathway.centre import FIRST_OTHER, OTHER_USERS
from pathsim.pathway.chance import Ago, FromLaw, Ordered
from pathsim.pathway.course import response_draw, start_sets
from pathsim.pathway.infusion import response_draw as product_response
from pathsim.pathway.options import gap
from pathsim.pathway.pathway import Pathway, Variable
from pathsim.pathway.reading import By
from pathsim.pathway.rhythms import dosing
from pathsim.pathway.service import At, Stream
from pathsim.pathway.setting import Set, Test

APART = 10_000_000
"""Patients on one therapy are numbered so far from those on the next."""
STEPS = 24
"""Steps in which the time on a therapy before day 0 is reckoned."""


def on_day_0(scenario: Scenario, pathway: Pathway) -> list[Stream]:
    """Those whom the service holds when the run starts, apart from the cohort."""
    day_0, first = scenario.centre.day_0, FIRST_OTHER // 2
    streams = []
    if day_0.waiting:
        name = f"{OTHER_USERS}/referred before day 0"
        streams.append(Stream(pathway, At([0.0] * day_0.waiting), name, day_0.waiting, first))
    for k, (therapy, number) in enumerate(day_0.on.items(), start=1):
        if not number:
            continue
        name = f"{OTHER_USERS}/on {therapy} on day 0"
        state, sets = under_way(scenario, therapy)
        streams.append(
            Stream(pathway, At([0.0] * number), name, number, first + k * APART,
                   enters=state, sets=sets)
        )  # fmt: skip
    return streams


def under_way(scenario: Scenario, name: str) -> tuple[str, list[Set]]:
    """Where patients on a therapy stand, and what is known of them.

    As if just past its start, or, with `begun_over`, as long after it as those who are left.
    """
    therapy, over = scenario.therapies[name], scenario.centre.day_0.begun_over.days
    kit = Kit(scenario.population, scenario.start_date, therapies=tuple(scenario.therapies))
    own = [Set(words.STEP_UP_AGAIN, gap(therapy, Options()))]
    if isinstance(therapy, CarT):
        draw, state = product_response(therapy), f"{name}: remission"
    elif isinstance(therapy, Bispecific):
        draw, state = response_draw(therapy), dosing(name, therapy.schedule.phases[0].name)
    else:
        draw, state = response_draw(therapy), f"{name}: on treatment"
    response = Set(
        words.response(name), draw if not over else left(therapy, draw, over, scenario.curves)
    )
    earlier = [Set(each, Test(begun(name))) for each in dated(therapy)] if over else []
    return state, [*start_sets(kit, therapy), *earlier, response, *own]


# --- how long ago they began ---------------------------------------------------------------------


def begun(name: str) -> str:
    """The variable that holds when those who are on a therapy on day 0 began it."""
    return f"{name} begun before day 0"


def begun_variables(scenario: Scenario) -> list[Variable]:
    """One for each therapy that somebody is on, where they began over some time."""
    day_0 = scenario.centre.day_0
    if not day_0.begun_over.days:
        return []
    return [
        Variable(
            begun(name),
            "moment",
            Ago(FromLaw(since(scenario.therapies[name], over, scenario.curves))),
        )
        for over in (day_0.begun_over.days,)
        for name, number in day_0.on.items()
        if number
    ]


def dated(therapy: Therapy) -> list[str]:
    """The moments that lie at the start: that of the therapy, and of exposure to cells."""
    once = (therapy.name, *therapy.targets) if isinstance(therapy, CarT) else ()
    return [words.start(therapy.name), *(words.last(what) for what in once)]


def free(therapy: Therapy, day: float, curves: str) -> dict[str, float]:
    """By best response the share of all who began that is neither progressed nor dead by a day."""
    alive = 1.0 if therapy.death is None else law_of(therapy.death.after).survival(day)
    return {
        level: share * alive * curve(getattr(therapy.progression, level), curves).survival(day)
        for level, share in therapy.response.shares.items()
    }


def since(therapy: Therapy, over: float, curves: str) -> Empirical:
    """How long ago those began who are left of such as began evenly over so many days."""
    days = [over * k / STEPS for k in range(STEPS + 1)]
    left_at = [sum(free(therapy, day, curves).values()) for day in days]
    sums = [0.0, *accumulate((a + b) / 2.0 for a, b in pairwise(left_at))]
    by_share = {total / sums[-1]: day for total, day in zip(sums, days, strict=True)}
    return Empirical(tuple(by_share), tuple(by_share.values()))


def left(therapy: Therapy, draw: Ordered, over: float, curves: str) -> By:
    """Best response of those who are left, by the time since they began: the better, the longer."""
    bands = []
    for k in range(STEPS):
        of = free(therapy, over * (k + 0.5) / STEPS, curves)
        end = over * (k + 1) / STEPS if k + 1 < STEPS else math.inf
        whole = sum(of.values())
        shares = {name: n / whole for name, n in of.items()} if whole else draw.probabilities
        bands.append((end, Ordered(shares, draw.odds)))
    return By(words.start(therapy.name), bands=bands, never=draw)
