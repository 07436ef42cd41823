"""The rhythms of a bispecific's doses: their names, visits, and when they become rarer or stop.

Used by `bispecific`, `dosing` and `held_back`, and by `build` for those on treatment on day 0.
"""

from __future__ import annotations

from itertools import pairwise

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


def rarer(kit: Kit, therapy: Bispecific) -> list[Choice]:
    """Every four weeks: fewer doses, or the end of a fixed duration, for those who responded."""
    name, found = therapy.name, []
    following = {a.name: b for a, b in pairwise(therapy.schedule.phases)}
    for phase in phases_of(therapy):
        for ivig in (False, True):
            rules = stop_rules(therapy) if name in kit.fixed else []
            if phase.moves_on is not None:
                then = dosing(name, following[phase.name].name, ivig=ivig)
                rules.append(Rule("fewer doses", then, moves_on(therapy, phase)))
            if rules:
                at = f"{dosing(name, phase.name, ivig=ivig)}, rarer or stop?"
                found.append(Choice(at, rules=[*rules, Rule("go on", HERE)]))
    return found


def moves_on(therapy: Bispecific, phase: Phase) -> list[Condition]:
    """The label's rule for fewer doses: time since the first dose, and a response that held."""
    assert phase.moves_on is not None
    name, rule = therapy.name, phase.moves_on
    conditions: list[Condition] = [AtLeast(Since(words.start(name)), rule.after.base)]
    if rule.response != "any":
        conditions.append(Is(words.assessed(name), *BETTER[rule.response]))
        conditions.append(AtLeast(Since(words.responded(name)), rule.sustained.base))
    return conditions


def stop_rules(therapy: Bispecific) -> list[Rule]:
    """Stopping after a fixed duration, if the strategy asks for it and the response is there."""
    fixed = therapy.fixed_duration
    if fixed is None:
        return []
    when: list[Condition] = [
        Is(words.FIXED, "yes"),
        Is(words.assessed(therapy.name), *BETTER[fixed.min_response]),
        AtLeast(Since(words.start(therapy.name)), fixed.after.base),
    ]
    sets = [Set(words.STOPPED, "yes"), *exposure_sets(therapy)]
    return [Rule("fixed duration reached", f"{therapy.name}: watch", when, sets)]
