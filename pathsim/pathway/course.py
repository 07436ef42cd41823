"""Bricks for a therapy's course: from access to its start, response, progression and death.

Used by the templates of all modalities; knows none of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from pathsim.inputs.efficacy import TherapyCommon
from pathsim.inputs.lawspec import LawSpec
from pathsim.inputs.population import Exposure
from pathsim.inputs.supportive import AntigenTest
from pathsim.laws import Constant, Exponential, Law
from pathsim.pathway import words
from pathsim.pathway.bricks import (
    EXPOSURES,
    NEVER,
    Kit,
    by_probability,
    cite,
    curve,
    factors,
    law_of,
)
from pathsim.pathway.chance import Levels, Ordered
from pathsim.pathway.conditions import Is
from pathsim.pathway.pathway import (
    HERE,
    Choice,
    Clock,
    Marks,
    Rule,
    State,
    Variable,
)
from pathsim.pathway.reading import By, Factor
from pathsim.pathway.setting import NOW, PLUS_ONE, Set, Test

MONTH = 365.25 / 12


MAX_MONTHS = 120

REFRACTORY_WITHIN = 60.0
"""Progression within 60 days of the last dose is refractoriness (IMWG definition)."""


FITNESS = ("frail", "intermediate", "fit")


def waiting_clocks(kit: Kit, therapy: str, progression: float | None = None) -> list[Clock]:
    """Death, progression and loss of fitness while a therapy is awaited.

    `progression` multiplies the hazard on bridging; None is without any treatment.
    """
    waiting = kit.population.waiting
    effects = waiting.effects
    held = waiting.untreated.base if progression is None else progression
    return [
        Clock(
            words.DEATH_WAITING,
            Exponential(waiting.death.base),
            words.OF_MYELOMA,
            [*factors(effects.death), *kit.dependence("death")],
            note=cite(waiting.death),
        ),
        Clock(
            words.PROGRESSION_WAITING,
            Exponential(waiting.progression.base),
            f"{therapy}: after progression while waiting",
            [held, *factors(effects.progression), *kit.dependence("progression")],
            note=cite(waiting.progression, waiting.untreated),
        ),
        Clock(
            words.LOSS_OF_FITNESS,
            Exponential(waiting.loss_of_fitness.base),
            f"{therapy}: after loss of fitness",
            factors(effects.loss_of_fitness),
            note=cite(waiting.loss_of_fitness),
        ),
    ]


def waiting_choices(kit: Kit, therapy: TherapyCommon, given_up: str) -> list[Choice]:
    """What progression and loss of fitness do to a plan."""
    name, least = therapy.name, therapy.access.min_fitness
    ends = kit.population.waiting.progression_ends_plan.base
    worse: list[Rule] = []
    for level, below in (("fit", "intermediate"), ("intermediate", "frail")):
        enough = FITNESS.index(below) >= FITNESS.index(least)
        sets = [Set("fitness", below)]
        worse.append(
            Rule(f"now {below}", HERE if enough else given_up, [Is("fitness", level)], sets)
        )
    return [
        by_probability(
            f"{name}: after progression while waiting",
            [("plan given up", given_up, ends), ("goes on", HERE, 1 - ends)],
            **{"goes on": [Set("burden", "high")]},
        ),
        Choice(f"{name}: after loss of fitness", rules=[*worse, Rule("still frail", HERE)]),
    ]


def start_sets(kit: Kit, therapy: TherapyCommon) -> list[Set]:
    """What is noted at the infusion or first dose of a therapy."""
    name = therapy.name
    return [
        *(exposed_before(kit, feature) for feature in EXPOSURES),
        *(ended_before(target) for target in EXPOSURES.values()),
        Set(words.start(name), NOW),
        Set(words.assessed(name), words.NOT_ASSESSED),
        Set(words.given(name), PLUS_ONE),
        Set(words.LINES_HERE, PLUS_ONE),
        Set(words.LAST_THERAPY, name),
        Set(words.STOPPED, "no"),
        *exposure_sets(therapy),
        *(Set(words.gave_up(other), "no") for other in kit.therapies),
    ]


def exposed_before(kit: Kit, feature: str) -> Set:
    """Exposure to a target as it was before the therapy that starts now."""
    written, target = kit.population.features[feature], EXPOSURES[feature]
    assert isinstance(written, Exposure)
    bands = [(written.recent_within.base, "recent"), (math.inf, "past")]
    return Set(words.before(target), By(words.last(target), bands=bands, never="never"))


def ended_before(target: str) -> Set:
    """How therapy against a target had ended before the therapy that starts now."""
    same = {level: level for level in ("never", "progression", "response")}
    return Set(words.ended_before(target), By(words.ended(target), levels=same))


def exposure_sets(therapy: TherapyCommon) -> list[Set]:
    """The last exposure is now: at the start, and at the end of a drug that was still given."""
    against = (therapy.name, *therapy.targets)
    kind = [words.BISPECIFIC] if therapy.modality == "bispecific" else []  # type: ignore[attr-defined]
    kind += [words.ALKYLATOR] if words.ALKYLATOR in therapy.classes else []
    return [Set(words.last(what), NOW) for what in (*against, *kind)]


def chosen(variable: str, days: Sequence[float]) -> Law | By:
    """A constant delay of so many days as the strategy's rule has set."""
    laws = [(d + 1e-6, Constant(d)) for d in sorted(set(days))]
    if len(laws) == 1:
        return laws[0][1]
    return By(variable, bands=[*laws[:-1], (math.inf, laws[-1][1])])


def response_draw(therapy: TherapyCommon) -> Ordered:
    """Best response, better or worse by the patient."""
    return Ordered(dict(therapy.response.shares.items()), factors(therapy.response.effects))


def progression_sets(kit: Kit, therapy: TherapyCommon, *, on_treatment: bool) -> list[Set]:
    """What is noted when the disease progresses after a therapy."""
    name = therapy.name
    known = {level: level for level in (*words.RESPONSES, words.NOT_ASSESSED)}
    sets = [
        Set(words.RELAPSE, NOW),
        Set(words.LINE, PLUS_ONE),
        Set(words.PRIOR_LINES, PLUS_ONE),
        Set(words.LAST_RESPONSE, By(words.assessed(name), levels=known)),
        lasted(name),
        *ended_sets(therapy, on_treatment=on_treatment),
        *antigen_sets(kit, therapy),
    ]
    failed = (name, *therapy.targets)
    if on_treatment:
        return [*sets, *(Set(words.refractory(what), "yes") for what in failed),
                *exposure_sets(therapy)]  # fmt: skip
    soon = By(words.last(name), bands=[(REFRACTORY_WITHIN, "yes"), (math.inf, None)])
    return [*sets, *(Set(words.refractory(what), soon) for what in failed)]


@cache
def lasted(name: str) -> Set:
    """Notes for how long a therapy held, in whole months; the same for each who notes it."""
    months = [(k * MONTH, (k - 1) * MONTH) for k in range(1, MAX_MONTHS + 1)]
    table = By(words.start(name), bands=[*months, (math.inf, MAX_MONTHS * MONTH)], never=0.0)
    return Set(words.LAST_LASTED, table)


def ended_sets(therapy: TherapyCommon, *, on_treatment: bool) -> list[Set]:
    """How the therapy ended against its targets, noted at progression.

    In response, if it was a drug that was stopped in response 60 days or more before; cells are
    not stopped, so a relapse after them is a progression.
    """
    ended = [words.ended(target) for target in EXPOSURES.values() if target in therapy.targets]
    if on_treatment or therapy.modality == "car_t":  # type: ignore[attr-defined]
        return [Set(variable, "progression") for variable in ended]
    stopped = By(words.STOPPED, levels={"yes": "response", "no": "progression"})
    bands = [(REFRACTORY_WITHIN, "progression"), (math.inf, None)]
    soon = By(words.last(therapy.name), bands=bands)
    return [Set(variable, how) for variable in ended for how in (stopped, soon)]


def antigen_sets(kit: Kit, therapy: TherapyCommon) -> list[Set]:
    """Targets that the disease loses at progression, and what a test then finds."""
    lost = [
        Set(words.antigen(target), By(words.antigen(target), levels={"present": lose(share.base)}))
        for target, share in therapy.antigen_loss.items()
    ]
    if kit.antigen_test is None:
        return lost
    found = [
        Set(words.antigen_found(target), to)
        for target in EXPOSURES.values()
        for to in (
            tested(kit.antigen_test, target),
            By(words.last(target), bands=[(math.inf, None)], never=words.NOT_TESTED),
        )
    ]
    return [*lost, *found]


def lose(share: float) -> Levels:
    """Whether a target is lost, by chance."""
    return Levels({"lost": share, "present": 1.0 - share})


def tested(test: AntigenTest, target: str) -> Levels:
    """What a test for a target finds, by what is there."""
    hit, clear = test.sensitivity.base, test.specificity.base
    lost = By(words.antigen(target), levels={"lost": hit, "present": 1.0 - clear})
    present = By(words.antigen(target), levels={"lost": 1.0 - hit, "present": clear})
    return Levels({"lost": 0.5, "present": 0.5}, {"lost": [lost], "present": [present]})


def progression_clock(kit: Kit, therapy: TherapyCommon, ratio: float = 1.0, **how: object) -> Clock:
    """Time to progression since the start, by the (hidden) best response."""
    spec = therapy.progression
    laws = {level: curve(getattr(spec, level), kit.curves) for level in words.RESPONSES}
    held: list[Factor] = [] if ratio == 1.0 else [ratio]
    return Clock(
        f"{therapy.name} progression",
        By(words.response(therapy.name), levels=laws, otherwise=laws["none"]),
        str(how.get("enters", words.FURTHER_LINE)),
        [*held, *factors(spec.effects), *kit.dependence("progression")],
        since=words.start(therapy.name),
        sets=progression_sets(kit, therapy, on_treatment=bool(how.get("on_treatment", True))),
        note=cite(spec),
    )


def death_clock(kit: Kit, therapy: TherapyCommon) -> list[Clock]:
    """The therapy's own deaths, in excess of background, since its start."""
    if therapy.death is None:
        return []
    return [
        Clock(
            f"{therapy.name} death",
            law_of(therapy.death.after),
            words.OF_TREATMENT,
            [*factors(therapy.death.effects), *kit.dependence("death")],
            since=words.start(therapy.name),
            note=cite(therapy.death),
        )
    ]


def best_response(therapy: TherapyCommon) -> Choice:
    """Says in the log which response was found at the assessment."""
    name = therapy.name
    found = [Rule(level, HERE, [Is(words.assessed(name), level)]) for level in words.RESPONSES[:-1]]
    return Choice(words.best_response(name), rules=[*found, Rule(words.RESPONSES[-1], HERE)])


def assessment_clock(therapy: TherapyCommon) -> Clock:
    """The response becomes known."""
    name = therapy.name
    return Clock(
        f"{name} assessment",
        By(
            words.assessed(name),
            levels={words.NOT_ASSESSED: Constant(therapy.response.assessed.base)},
            otherwise=NEVER,
        ),
        words.best_response(name),
        since=words.start(name),
        sets=[
            Set(words.assessed(name), Test(words.response(name))),
            Set(words.responded(name), NOW),
        ],
        note=cite(therapy.response.assessed),
    )


def therapy_variables(therapy: TherapyCommon) -> list[Variable]:
    """What a patient carries about one therapy."""
    name = therapy.name
    levels = (*words.RESPONSES, words.NOT_ASSESSED)
    return [
        Variable(words.response(name), "level", words.NOT_ASSESSED, levels, known=False),
        Variable(words.assessed(name), "level", words.NOT_ASSESSED, levels),
        Variable(words.start(name), "moment"),
        Variable(words.responded(name), "moment"),
        Variable(words.given(name), "number", 0.0),
        Variable(words.gave_up(name), "level", "no", ("no", "yes")),
    ]


def access_states(kit: Kit, therapy: TherapyCommon, then: str) -> list[State]:
    """Authorisation, then work-up, on the way to `then`."""
    name, clocks = therapy.name, waiting_clocks(kit, therapy.name)
    access = therapy.access

    def step(title: str, spec: LawSpec, enters: str, phase: str, tags: Sequence[str]) -> State:
        law = Constant(0.0) if kit.settled else law_of(spec)
        clock = Clock(f"{name} {title}", law, enters, note=cite(spec))
        marks = Marks(name, phase, "home", treated=False, tags=tags)
        return State(f"{name}: {title}", [clock, *clocks], marks=marks)

    return [
        step("authorisation", access.authorisation, f"{name}: work-up", "work_up", ("referred",)),
        step("work-up", access.work_up, then, "work_up", ()),
    ]


def death_between(kit: Kit) -> Clock:
    """Excess death while no therapy is given and none is being prepared."""
    between = kit.population.between_lines
    return Clock(
        words.DEATH_BETWEEN,
        Exponential(between.death.base),
        words.OF_MYELOMA,
        [*factors(between.death_effects), *kit.dependence("death")],
        note=cite(between.death),
    )


def entry(therapy: str) -> str:
    """Where a strategy's rule leads for a therapy."""
    return f"{therapy}: authorisation"


def given_up_state(kit: Kit, therapy: TherapyCommon) -> State:
    """The plan is dropped before the therapy starts; after a gap the strategy is asked again."""
    name, between = therapy.name, kit.population.between_lines
    return State(
        f"{name}: plan given up",
        [
            Clock(
                f"{name} planned anew", law_of(between.gap), words.STRATEGY, note=cite(between.gap)
            ),
            death_between(kit),
        ],
        sets=[Set(words.gave_up(name), "yes")],
        marks=Marks(name, "between_lines", "home", treated=False, tags=("lost",)),
    )
