"""The rhythms of a bispecific's doses: their names, visits, and when they become rarer or stop.

Used by `bispecific`, `dosing` and `held_back`, and by `build` for those on treatment on day 0.
"""

from __future__ import annotations

from itertools import pairwise

from pathsim.inputs.strategy import Stopping, Thinning
from pathsim.inputs.therapy_bispecific import Bispecific, Phase
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit
from pathsim.pathway.conditions import AtLeast, Condition, Is, Since
from pathsim.pathway.course import exposure_sets
from pathsim.pathway.pathway import HERE, Choice, Marks, Rule
from pathsim.pathway.setting import Set

BETTER = {"cr": ("cr",), "vgpr": ("cr", "vgpr"), "pr": ("cr", "vgpr", "pr")}


def visits(phase: Phase) -> int:
    return phase.clinic_places


def marks(therapy: Bispecific, phase: str, setting: str = "home", **more: object) -> Marks:
    treated = phase in {"step_up", "weekly", "every_two_weeks", "every_four_weeks"}
    return Marks(therapy.name, phase, setting, treated=treated, **more)  # type: ignore[arg-type]


def dosing(name: str, phase: str, *, ivig: bool = False) -> str:
    """The state of a rhythm of doses, with or without immunoglobulin."""
    return f"{name}: {phase.replace('_', ' ')}" + (" and immunoglobulin" if ivig else "")


def phases_of(therapy: Bispecific) -> list[Phase]:
    """The label's rhythms, and one rarer where a toxicity may call for fewer doses."""
    phases = list(therapy.schedule.phases)
    if therapy.specific and phases[-1].name != "every_four_weeks":
        last = phases[-1].visits
        halved = last.model_copy(update={"value": 1.0, "spread": None})
        phases.append(Phase(name="every_four_weeks", visits=halved))
    return phases


def looks(kit: Kit, therapy: Bispecific, *, ivig: bool) -> dict[str, list[Rule]]:
    """By rhythm, the ways down that a look every four weeks may take; none where none is asked."""
    name, phases = therapy.name, phases_of(therapy)
    following = {a.name: dosing(name, b.name, ivig=ivig) for a, b in pairwise(phases)}
    found: dict[str, list[Rule]] = {}
    for phase in phases:
        rules = [stop_rule(therapy, plan) for plan in kit.stopping.get(name, ())]
        if phase is phases[0] and phase.name in following:
            thinning = kit.thinning.get(name, ())
            rules += [thin_rule(therapy, plan, following[phase.name]) for plan in thinning]
        if phase.moves_on is not None:
            rules.append(label_rule(kit, therapy, phase, following[phase.name]))
        found[phase.name] = rules
    return found


def rarer(kit: Kit, therapy: Bispecific) -> list[Choice]:
    """Every four weeks: fewer doses, or the end of a fixed duration, for those who responded."""
    return [
        Choice(look(dosing(therapy.name, phase, ivig=ivig)), rules=[*rules, Rule("go on", HERE)])
        for ivig in (False, True)
        for phase, rules in looks(kit, therapy, ivig=ivig).items()
        if rules
    ]


def look(rhythm: str) -> str:
    """The choice that a look leads to."""
    return f"{rhythm}, rarer or stop?"


def responding(
    therapy: Bispecific, response: str, after: float, sustained: float = 0.0
) -> list[Condition]:
    """So long since the first dose, with a response known for so long."""
    name = therapy.name
    conditions: list[Condition] = [AtLeast(Since(words.start(name)), after)]
    if response != "any":
        conditions.append(Is(words.assessed(name), *BETTER[response]))
        conditions.append(AtLeast(Since(words.responded(name)), sustained))
    return conditions


def label_rule(kit: Kit, therapy: Bispecific, phase: Phase, then: str) -> Rule:
    """The label's rule for fewer doses; a rule written out stands for its first step alone."""
    assert phase.moves_on is not None
    rule, first = phase.moves_on, phase is therapy.schedule.phases[0]
    asked = ["label"] if first else ["label", *(p.name for p in kit.thinning.get(therapy.name, ()))]
    when = responding(therapy, rule.response, rule.after.base, rule.sustained.base)
    return Rule("fewer doses", then, [Is(words.FEWER, *asked), *when])


def thin_rule(therapy: Bispecific, plan: Thinning, then: str) -> Rule:
    """A rule for fewer doses that the strategy writes out."""
    when = responding(therapy, plan.response, plan.after.days, plan.sustained.days)
    return Rule(f"fewer doses: {plan.name}", then, [Is(words.FEWER, plan.name), *when])


def stop_rule(therapy: Bispecific, plan: Stopping) -> Rule:
    """Stopping after a fixed duration, if the strategy asks for it and the response is there."""
    when = responding(therapy, plan.response, plan.after.days)
    sets = [Set(words.STOPPED, "yes"), *exposure_sets(therapy)]
    return Rule(
        f"fixed duration: {plan.name}",
        f"{therapy.name}: watch",
        [Is(words.FIXED, plan.name), *when],
        sets,
    )
