"""CAR T between apheresis and product: bridging, manufacture, what may go wrong with it.

Part of the CAR T template; `car_t` calls `manufacture` and `bridging_choices`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pathsim.inputs.therapy_car_t import BridgingOption, CarT, ManufacturePeriod
from pathsim.laws import Constant, Exponential, Law
from pathsim.pathway import words
from pathsim.pathway.bricks import EXPOSURES, Kit, Parts, by_probability, cite, factors, law_of
from pathsim.pathway.chance import Ordered
from pathsim.pathway.conditions import Is
from pathsim.pathway.course import (
    waiting_clocks,
)
from pathsim.pathway.infusion import (
    PRODUCT,
    marks,
)
from pathsim.pathway.pathway import Choice, Clock, Request, Rule, State, Variable
from pathsim.pathway.reading import By
from pathsim.pathway.setting import NOW, Set


def product_variables(kit: Kit, therapy: CarT) -> list[Variable]:
    """Whether the product met its specification, and when it was made if times differ."""
    product = Variable(f"{therapy.name} {PRODUCT}", "level", "in", ("in", "out"))
    dated = [Variable(s.variable, "number", 0.0) for s in when_collected(kit, therapy)]
    return [product, *dated]


def apheresis_state(kit: Kit, therapy: CarT, state: str, then: str) -> State:
    """A day or two in the chair; the slot is used up on entry (the resource's `until`)."""
    days = therapy.apheresis.chair_days
    clock = Clock(f"{therapy.name} apheresis", Constant(days.value), then, note=cite(days))
    return State(
        state,
        [clock, *waiting_clocks(kit, therapy.name)],
        holds={words.CHAIR: 1},
        sets=[
            Set(words.BRIDGING_RESPONSE, "not_bridged"),
            *when_collected(kit, therapy),
            *recently(therapy),
        ],
        marks=marks(therapy, "apheresis", "chair", uses={"apheresis": 1.0}),
    )


def recently(therapy: CarT) -> list[Set]:
    """Which drugs the cells have met of late, by the product's own windows."""
    made = therapy.manufacture
    windows = {
        words.BISPECIFIC: made.recent_bispecific_within,
        words.ALKYLATOR: made.recent_alkylator_within,
    }
    return [
        Set(words.RECENT[drug], By(words.last(drug), never="no",
                                   bands=[(within.base, "yes"), (math.inf, "no")]))
        for drug, within in windows.items()
        if within is not None
    ]  # fmt: skip


def bridging_choices(therapy: CarT) -> list[Choice]:
    """Who is bridged, and how: as the strategy says, otherwise by burden of disease."""
    name, bridging = therapy.name, therapy.bridging
    plain, usual = f"{name}: manufacture", bridging_wait(name, bridging.default)
    rules = [Rule("none", plain, [Is(words.BRIDGING, "none")])]
    rules += [
        Rule(option, bridging_wait(name, option), [Is(words.BRIDGING, option)])
        for option in bridging.options
    ]
    rules += [
        Rule("by burden, high", f"{name}: bridging at high burden", [Is("burden", "high")]),
        Rule("by burden, low", f"{name}: bridging at low burden"),
    ]
    shares = {"high": bridging.share_high_burden.base, "low": bridging.share_low_burden.base}
    return [
        Choice(f"{name}: bridging?", rules=rules),
        *(
            by_probability(
                f"{name}: bridging at {burden} burden",
                [("bridged", usual, share), ("not bridged", plain, 1 - share)],
            )
            for burden, share in shares.items()
        ),
    ]


def bridging_wait(name: str, option: str) -> str:
    return f"{name}: manufacture, waiting to bridge ({option})"


def bridged(name: str, option: str) -> str:
    return f"{name}: manufacture, bridging ({option})"


def manufacture(kit: Kit, therapy: CarT) -> Parts:
    """Vein to product, with or without bridging; what comes of it; a second attempt."""
    name = therapy.name
    made = made_clock(kit, therapy, "manufacture", f"{name}: product")
    waiting = waiting_clocks(kit, name)
    parts = Parts(
        states=[
            State(f"{name}: manufacture", [made, *waiting], marks=marks(therapy, "manufacture")),
            State(
                f"{name}: waiting for second apheresis",
                waiting,
                [Request(words.CHAIR, f"{name}: second apheresis")],
                marks=marks(therapy, "waiting"),
            ),
            apheresis_state(
                kit, therapy, f"{name}: second apheresis", f"{name}: second manufacture"
            ),
            State(
                f"{name}: second manufacture",
                [
                    made_clock(kit, therapy, "second manufacture", f"{name}: second product"),
                    *waiting,
                ],
                marks=marks(therapy, "manufacture"),
            ),
        ],
        choices=product_choices(kit, therapy),
    )
    parts.choices += [
        bridging_answer(words.bridging_found(name), f"{name}: manufacture"),
        bridging_answer(f"{words.bridging_found(name)}, product made", made.enters),
    ]
    for title, option in therapy.bridging.options.items():
        parts.states += bridging_states(kit, therapy, title, option, made)
    return parts


def bridging_answer(choice: str, then: str) -> Choice:
    """Says in the log what bridging brought, on the way to where it ends."""
    found = [Rule(level, then, [Is(words.BRIDGING_RESPONSE, level)]) for level in ("vgpr", "pr")]
    return Choice(choice, rules=[*found, Rule("less", then)])


def bridging_states(
    kit: Kit, therapy: CarT, title: str, option: BridgingOption, made: Clock
) -> list[State]:
    """A place in the clinic, then the drugs; the product may come before either is done."""
    name, visits = therapy.name, math.ceil(option.visits.base)
    response = option.response
    shares = {"vgpr": response.vgpr.base, "pr": response.pr.base}
    shares["less"] = max(0.0, 1.0 - sum(shares.values()))
    answer = [
        Set(words.BRIDGING_RESPONSE, Ordered(shares, factors(response.effects))),
        *left(option),
    ]
    treated = waiting_clocks(kit, name, progression=option.progression_ratio.base)
    end = Clock(
        f"{name} bridging {title}",
        Constant(option.duration.base),
        words.bridging_found(name),
        sets=answer,
        note=cite(option.duration, option.response),
    )
    product = replace(made, enters=f"{words.bridging_found(name)}, product made", sets=answer)
    with_it = (*option.targets, *((words.BISPECIFIC,) if option.bispecific else ()))
    exposed = [Set(words.last(what), NOW) for what in with_it]
    infected = Clock(
        f"{name} infection while bridging",
        Exponential(option.serious_infection.base),
        f"{name}: infection",
        [*kit.dependence("infection"), kit.prevention],
        note=cite(option.serious_infection),
    )
    return [
        State(
            bridging_wait(name, title),
            [made, *waiting_clocks(kit, name)],
            [Request(words.CLINIC, bridged(name, title), amount=visits)],
            marks=marks(therapy, "manufacture"),
        ),
        State(
            bridged(name, title),
            [product, end, infected, *treated],
            holds={words.CLINIC: visits},
            sets=exposed,
            marks=marks(
                therapy,
                "bridging",
                uses={"bridging_cycle": 1.0},
                per_day={"clinic_visit": option.visits.base / 28.0},
            ),
        ),
    ]


def left(option: BridgingOption) -> list[Set]:
    """How the drugs that bridged ended against their targets: left in response, or not."""
    good = dict.fromkeys(("vgpr", "pr"), "response")
    how = By(words.BRIDGING_RESPONSE, levels=good, otherwise="progression")
    targets = (target for target in EXPOSURES.values() if target in option.targets)
    return [Set(words.ended(target), how) for target in targets]


def made_clock(kit: Kit, therapy: CarT, title: str, enters: str) -> Clock:
    """Apheresis to product, as it was made at the time."""
    periods = [p for _, p in in_force(kit, therapy)]
    return Clock(
        f"{therapy.name} {title}",
        by_period(therapy, [law_of(p.duration) for p in periods]),
        enters,
        note=cite(*(p.duration for p in periods)),
    )


def in_force(kit: Kit, therapy: CarT) -> list[tuple[float, ManufacturePeriod]]:
    """The periods of manufacture from day 0 on, each with the day on which it ends."""
    periods = therapy.manufacture.periods
    ends = [*(kit.day(p.since) for p in periods[1:]), math.inf]
    return [(end, period) for end, period in zip(ends, periods, strict=True) if end > 0]


def when_collected(kit: Kit, therapy: CarT) -> list[Set]:
    """Notes the period at apheresis, where there is more than one: the product is made as then."""
    periods = in_force(kit, therapy)
    bands = [(end, float(k)) for k, (end, _) in enumerate(periods)]
    return [Set(period(therapy), By("calendar", bands=bands))] if len(periods) > 1 else []


def period(therapy: CarT) -> str:
    """The variable that tells the period of manufacture in which cells were collected."""
    return f"{therapy.name} manufactured in period"


def by_period(therapy: CarT, entries: Sequence[Law | float]) -> Any:
    """An entry for each period in force; only the entry where there is one."""
    bands = [(k + 0.5, entry) for k, entry in enumerate(entries)]
    return (
        entries[0] if len(bands) == 1 else By(period(therapy), bands=bands, otherwise=entries[-1])
    )


def product_choices(kit: Kit, therapy: CarT) -> list[Choice]:
    """Made to specification, out of it, or not at all, as it was when cells were collected."""
    first, *later = ([*choices_of(therapy, p)] for _, p in in_force(kit, therapy))
    made = [shifted(therapy, same) for same in zip(first, *later, strict=True)]
    return [by_fitness(therapy, choice) for choice in made]


def by_fitness(therapy: CarT, choice: Choice) -> Choice:
    """The first product's choice with what the cells have met; of a second, the failure of a
    first says enough."""
    worse = factors(therapy.manufacture.effects)
    if choice.name != f"{therapy.name}: product" or not worse:
        return choice
    *faults, in_order = choice.options
    shifted = [replace(fault, odds=[*fault.odds, *worse]) for fault in faults]
    return replace(choice, options=[*shifted, in_order])


def shifted(therapy: CarT, by_time: Sequence[Choice]) -> Choice:
    """The choice of the first period, its options' odds moved in later ones."""
    if len(by_time) == 1:
        return by_time[0]
    options = []
    for same in zip(*(choice.options for choice in by_time), strict=True):
        shares = [max(option.probability, 1e-9) for option in same]
        odds = [by_period(therapy, [share / shares[0] for share in shares])]
        options.append(replace(same[0], probability=shares[0], odds=odds))
    return replace(by_time[0], options=options)


def choices_of(therapy: CarT, now: ManufacturePeriod) -> list[Choice]:
    """What comes of a first and a second attempt in one period."""
    name, made = therapy.name, therapy.manufacture
    ready, lost = f"{name}: product ready", f"{name}: plan given up"
    out, infused = f"{name}: out of specification", [Set(f"{name} {PRODUCT}", "out")]
    in_order = {"to specification": [Set(f"{name} {PRODUCT}", "in")]}
    spoiled = now.out_of_specification.base
    return [
        by_probability(
            f"{name}: product",
            [
                ("failed", f"{name}: second attempt", now.failure.base),
                ("out of specification", out, spoiled),
                ("to specification", ready, 0.0),
            ],
            **in_order,
        ),
        by_probability(
            f"{name}: second attempt",
            [
                (
                    "collected again",
                    f"{name}: waiting for second apheresis",
                    made.second_attempt.base,
                ),
                ("given up", lost, 0.0),
            ],
        ),
        by_probability(
            f"{name}: second product",
            [
                ("failed", lost, made.second_failure.base),
                ("out of specification", out, spoiled * (1 - made.second_failure.base)),
                ("to specification", ready, 0.0),
            ],
            **in_order,
        ),
        by_probability(
            out,
            [
                ("infused", ready, made.out_of_specification_infused.base),
                ("not infused", lost, 0.0),
            ],
            infused=infused,
        ),
    ]
