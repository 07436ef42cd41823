"""A strategy as a choice of the law: each written rule a Rule, each condition one of the law's.

`build` calls `strategy_choice`. Knows the written strategy and the shared words; no template.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from pathsim.inputs.conditions import LEVEL_FEATURES, When
from pathsim.inputs.document import Where
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.strategy import SUPPORTIVE_CARE, Options, Otherwise, Strategy, rule_parts
from pathsim.inputs.strategy import Rule as WrittenRule
from pathsim.pathway import words
from pathsim.pathway.bricks import variable
from pathsim.pathway.chance import Levels
from pathsim.pathway.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    ExpectedWait,
    Free,
    Is,
    Measure,
    Never,
    Not,
    Queue,
    Since,
)
from pathsim.pathway.course import entry
from pathsim.pathway.options import option_sets
from pathsim.pathway.pathway import Choice, Rule, Variable
from pathsim.pathway.reading import CALENDAR
from pathsim.pathway.setting import Set
from pathsim.units import DAYS_PER_YEAR

MOMENTS = {"arrival": words.REFERRAL, "relapse": words.RELAPSE}


def strategy_choice(scenario: Scenario) -> Choice:
    """The strategy, passed at referral and between lines."""
    rules = [law_rule(scenario, rule) for rule in scenario.strategy.rules]
    return Choice(words.STRATEGY, rules=rules)


def law_rule(scenario: Scenario, rule: WrittenRule | Otherwise) -> Rule:
    """One rule; a therapy whose plan was given up in this line is not planned again by it.

    A therapy that is not launched yet is not given.
    """
    when = list(conditions(scenario, rule.when, rule.name))
    if rule.give == SUPPORTIVE_CARE:
        return Rule(rule.name, words.SUPPORTIVE, when)
    if (launch := scenario.launch_day(rule.give)) > 0.0:
        when.append(AtLeast(CALENDAR, launch))
    if not isinstance(rule, Otherwise):
        when.append(Is(words.gave_up(rule.give), "no"))
    options = scenario.options(rule)
    days = [
        Set(words.WASHOUT, washout(scenario, rule.give, options)),
        Set(words.HOLD, hold(options)),
    ]
    sets = [*days, *option_sets(scenario.therapies[rule.give], options)]
    return Rule(rule.name, entry(rule.give), when, sets)


def hold(options: Options) -> float:
    """Days without a bispecific before cells are collected."""
    return options.hold_before_apheresis.days if options.hold_before_apheresis else 0.0


def washout(scenario: Scenario, therapy: str, options: Options) -> float:
    """Days of washout: the rule's, or the therapy's own."""
    if options.washout is not None:
        return options.washout.days
    written = scenario.therapies[therapy]
    return written.waiting.washout.base if written.modality == "car_t" else 0.0


def days_asked(scenario: Scenario) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Every washout, and every hold before apheresis, that some rule may set."""
    given = [r for r in scenario.strategy.rules if r.give != SUPPORTIVE_CARE]
    options = [(r.give, scenario.options(r)) for r in given]
    washouts = tuple(washout(scenario, t, o) for t, o in options)
    return washouts or (0.0,), tuple(hold(o) for _, o in options) or (0.0,)


def washed(scenario: Scenario) -> frozenset[str]:
    """The bispecifics before whose first dose some rule asks for a washout."""
    given = [r for r in scenario.strategy.rules if r.give != SUPPORTIVE_CARE]
    return frozenset(
        r.give
        for r in given
        if scenario.therapies[r.give].modality == "bispecific"
        and washout(scenario, r.give, scenario.options(r)) > 0.0
    )


# --- conditions ----------------------------------------------------------------------------------


def share_variables(strategy: Strategy) -> list[Variable]:
    """For each share that a rule asks for, whether the patient is in it: drawn at arrival."""
    return [
        Variable(
            words.chance(rule.name, part),
            "level",
            Levels({"yes": when.share, "no": 1.0 - when.share}),
            ("yes", "no"),
        )
        for rule in strategy.rules
        for part, when in rule_parts(rule.when)
        if when.share is not None
    ]


def conditions(scenario: Scenario, when: When, rule: str, part: Where = ()) -> Iterator[Condition]:
    """All that a `when` asks, as conditions of the law; all must hold.

    `part` is where it stands in the rule's own `when`, for the shares drawn by chance.
    """
    if when.share is not None:
        yield Is(words.chance(rule, part), "yes")
    for name in LEVEL_FEATURES:
        if (levels := getattr(when, name)) is not None:
            yield Is(variable(name), *levels)
    yield from numbers(when)
    yield from exposures(when)
    yield from last_line(when)
    yield from service(when)
    if when.calendar is not None:
        day = {n: getattr(when.calendar, n) for n in ("start", "before")}
        low, high = (None if d is None else float((d - scenario.start_date).days)
                     for d in day.values())  # fmt: skip
        yield from between(CALENDAR, (-math.inf if low is None else low,
                                      math.inf if high is None else high))  # fmt: skip
    if when.any_of is not None:
        ways = (
            conditions(scenario, way, rule, (*part, "any_of", index))
            for index, way in enumerate(when.any_of)
        )
        yield AnyOf(*(AllOf(*way) for way in ways))
    if when.negated is not None:
        yield Not(AllOf(*conditions(scenario, when.negated, rule, (*part, "not"))))


def between(x: Measure, bounds: tuple[float, float]) -> Iterator[Condition]:
    low, high = bounds
    if low > -math.inf:
        yield AtLeast(x, low)
    if high < math.inf:
        yield Below(x, high)


def numbers(when: When) -> Iterator[Condition]:
    if when.age is not None:
        low, high = when.age.bounds
        yield from between(Since(words.BIRTH), (low * DAYS_PER_YEAR, high * DAYS_PER_YEAR))
    if when.line is not None:
        yield from between(words.LINE, when.line.bounds)
    if when.lines_here is not None:
        yield from between(words.LINES_HERE, when.lines_here.bounds)
    for given in when.given or ():
        yield from between(words.given(given.therapy), given.bounds)


def exposures(when: When) -> Iterator[Condition]:
    for exposed in when.exposed or ():
        never = Never(words.last(exposed.to))
        yield Not(never) if exposed.ever else never
    for refractory in when.refractory_to or ():
        yield Is(words.refractory(refractory.what), "yes" if refractory.is_ else "no")
    for test in when.antigen or ():
        yield Is(words.antigen_found(test.target), *test.found)
    for since in when.since or ():
        moment = MOMENTS.get(since.what, words.last(since.what))
        yield Not(Never(moment))
        yield from between(Since(moment), since.bounds)


def last_line(when: When) -> Iterator[Condition]:
    had_one = Not(Is(words.LAST_THERAPY, words.NO_THERAPY))
    if when.last_response is not None:
        yield had_one
        yield Is(words.LAST_RESPONSE, *when.last_response)
    if when.last_therapy is not None:
        yield Is(words.LAST_THERAPY, *when.last_therapy)
    if when.last_lasted is not None:
        yield had_one
        yield from between(words.LAST_LASTED, when.last_lasted.bounds)
    if when.stopped_in_response is not None:
        yield had_one
        yield Is(words.STOPPED, "yes" if when.stopped_in_response else "no")


def service(when: When) -> Iterator[Condition]:
    asked: Iterable[tuple[Measure, tuple[float, float]]] = [
        *((ExpectedWait(w.resource), w.bounds) for w in when.expected_wait or ()),
        *((Queue(q.resource), q.bounds) for q in when.queue or ()),
        *((Free(f.resource), f.bounds) for f in when.free or ()),
    ]
    for x, bounds in asked:
        yield from between(x, bounds)
