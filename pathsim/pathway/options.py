"""How a therapy is to be given: what the strategy's options note for its pathway to read.

`rules` notes them where a rule is taken; `build` asks for the distinct ones of a strategy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pathsim.inputs.quantity import Span
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.strategy import SUPPORTIVE_CARE, Options, Stopping, Thinning
from pathsim.inputs.therapy import Therapy
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit
from pathsim.pathway.pathway import Variable
from pathsim.pathway.setting import Set

T = TypeVar("T")
YES_NO = ("no", "yes")
ANSWERS = ("as_practised", "go_on", "fewer_doses", "fewer_doses_then_stop", "stop")


def option_variables(kit: Kit) -> list[Variable]:
    """What a patient carries of the options, beyond those in `patients`; day 0 has the usual."""
    stopping, thinning = names(kit.stopping), names(kit.thinning)
    return [
        Variable(words.PREVENTION, "level", "yes", YES_NO),
        Variable(words.DEXAMETHASONE, "level", "no", YES_NO),
        Variable(words.FIXED, "level", "no", ("no", *stopping)),
        Variable(words.FEWER, "level", "label", ("label", "never", *thinning)),
        Variable(words.STEP_UP_AGAIN, "number", 0.0),
        Variable(words.HOLD_DOSES, "level", "yes", YES_NO),
        Variable(words.ON_TOXICITY, "level", "as_practised", ANSWERS),
    ]


def names(plans: Mapping[str, tuple[Stopping | Thinning, ...]]) -> tuple[str, ...]:
    """The names of the plans of all therapies, each once."""
    return tuple(dict.fromkeys(plan.name for found in plans.values() for plan in found))


def option_sets(therapy: Therapy, options: Options) -> list[Set]:
    """How the therapy is to be given, noted for its pathway."""
    fixed, fewer = stopping(therapy, options), options.fewer_doses or "label"
    return [
        Set(words.BRIDGING, options.bridging or "default"),
        Set(words.SITE, options.site or "inpatient"),
        Set(words.PROPHYLAXIS, yes(options.tocilizumab_prophylaxis)),
        Set(words.PREVENTION, yes(options.infection_prophylaxis)),
        Set(words.IVIG, options.ivig or "none"),
        Set(words.DEXAMETHASONE, yes(options.dexamethasone_by_lymphocytes)),
        Set(words.FIXED, "no" if fixed is None else fixed.name),
        Set(words.FEWER, fewer if isinstance(fewer, str) else fewer.name),
        Set(words.STEP_UP_AGAIN, gap(therapy, options)),
        Set(words.HOLD_DOSES, yes(options.hold_doses)),
        Set(words.ON_TOXICITY, options.on_toxicity or "as_practised"),
    ]


def yes(asked: bool | None) -> str:
    return "yes" if asked else "no"


def stopping(therapy: Therapy, options: Options) -> Stopping | None:
    """The fixed duration asked for, the therapy's own written out; None where there is none."""
    asked = options.fixed_duration
    own = therapy.fixed_duration if therapy.modality == "bispecific" else None
    if not asked or own is None:
        return None
    if isinstance(asked, Stopping):
        return asked
    return Stopping.model_construct(response=own.min_response, after=Span(own.after.base))


def gap(therapy: Therapy, options: Options) -> float:
    """Days without a dose after which the whole step-up is given again; 0 where there is none."""
    if therapy.modality != "bispecific":
        return 0.0
    asked = options.step_up_again_after
    return therapy.restart.full_step_up_after.base if asked is None else asked.days


def given(scenario: Scenario) -> list[tuple[Therapy, Options]]:
    """Each rule's therapy and how it gives it."""
    rules = [r for r in scenario.strategy.rules if r.give != SUPPORTIVE_CARE]
    return [(scenario.therapies[r.give], scenario.options(r)) for r in rules]


def by_therapy(scenario: Scenario, asked: list[tuple[Therapy, T]]) -> dict[str, tuple[T, ...]]:
    """What is asked for each therapy, each once, in the order of the rules."""
    return {
        name: tuple(dict.fromkeys(what for therapy, what in asked if therapy.name == name))
        for name in scenario.therapies
    }


def fixed_durations(scenario: Scenario) -> dict[str, tuple[Stopping, ...]]:
    """The fixed durations that some rule asks for, by therapy."""
    found = [(t, stopping(t, o)) for t, o in given(scenario)]
    return by_therapy(scenario, [(t, plan) for t, plan in found if plan is not None])


def thinnings(scenario: Scenario) -> dict[str, tuple[Thinning, ...]]:
    """The rules for fewer doses that are written out, by therapy."""
    found = [(t, o.fewer_doses) for t, o in given(scenario)]
    return by_therapy(scenario, [(t, plan) for t, plan in found if isinstance(plan, Thinning)])


def gaps(scenario: Scenario) -> dict[str, tuple[float, ...]]:
    """The gaps after which some rule, or a patient of day 0, begins step-up again, by therapy."""
    own = [(t, gap(t, Options())) for t in scenario.therapies.values()]
    return by_therapy(scenario, [*own, *((t, gap(t, o)) for t, o in given(scenario))])
