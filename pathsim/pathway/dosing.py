"""A bispecific's doses: step-up, ever rarer rhythms, delays, toxicity of the drug.

Part of the bispecific template; `bispecific` calls `doses`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from pathsim.inputs.therapy_bispecific import Bispecific, Phase, SpecificToxicity
from pathsim.laws import Constant, Exponential
from pathsim.pathway import words
from pathsim.pathway.bricks import NEVER, Interruption, Kit, Parts, by_probability, cite, law_of
from pathsim.pathway.conditions import AtLeast, Condition, Is, Since
from pathsim.pathway.course import (
    assessment_clock,
    death_clock,
    exposure_sets,
    progression_clock,
    response_draw,
    start_sets,
)
from pathsim.pathway.infections import answered, infection, infection_clock, low_igg
from pathsim.pathway.pathway import (
    HERE,
    RETURN,
    Choice,
    Clock,
    Marks,
    Rule,
    State,
    leave,
)
from pathsim.pathway.reading import By
from pathsim.pathway.setting import NOW, Set
from pathsim.pathway.toxicity import Brick, crs_and_icans, drawn_once

CHECK_EVERY = 28.0


"""Days between looks at whether doses may be rarer, or stop: the four weeks of a clinic place."""


BETTER = {"cr": ("cr",), "vgpr": ("cr", "vgpr"), "pr": ("cr", "vgpr", "pr")}


def visits(phase: Phase) -> int:
    return math.ceil(phase.visits.base)


def marks(therapy: Bispecific, phase: str, setting: str = "home", **more: object) -> Marks:
    treated = phase in {"step_up", "weekly", "every_two_weeks", "every_four_weeks"}
    return Marks(therapy.name, phase, setting, treated=treated, **more)  # type: ignore[arg-type]


def dosing(name: str, phase: str, *, ivig: bool = False) -> str:
    """The state of a rhythm of doses, with or without immunoglobulin."""
    return f"{name}: {phase.replace('_', ' ')}" + (" and immunoglobulin" if ivig else "")


def doses(kit: Kit, therapy: Bispecific) -> Parts:
    """Step-up, then each rhythm with and without immunoglobulin, and what interrupts them."""
    name, phases = therapy.name, therapy.schedule.phases
    first_dose = dosing(name, phases[0].name, ivig=False)
    acute = crs_and_icans(name, therapy.crs, therapy.icans, therapy.icu, therapy.outpatient)
    replacing = [dosing(name, phase.name, ivig=True) for phase in phases_of(therapy)]
    low = low_igg(name, therapy.immunoglobulin, replacing)
    specific = [specific_toxicity(therapy, toxicity) for toxicity in therapy.specific]
    bricks = [acute, low, *specific]
    parts = Parts()
    for brick in bricks:
        parts.add(brick.parts)
    parts.add(infection(name, therapy.infections))
    parts.add(delays(therapy))
    drawn = [s for brick in bricks for s in brick.sets]
    parts.add(step_up(kit, therapy, acute, drawn))
    for phase, low_found in zip(phases_of(therapy), low.clocks, strict=True):
        for ivig in (False, True):
            extra = [ivig_end(therapy, phase)] if ivig else [low_found]
            extra += [brick.clocks[ivig] for brick in specific]
            late = acute.clocks if phase.name == phases[0].name else []
            parts.states.append(dose_state(kit, therapy, phase, ivig, [*extra, *late]))
    parts.choices += [
        Choice(f"{name}: immunoglobulin?", rules=[
            Rule("primary", dosing(name, phases[0].name, ivig=True), [Is(words.IVIG, "primary")]),
            Rule("not yet", first_dose),
        ]),
        *rarer(kit, therapy),
    ]  # fmt: skip
    return parts


def phases_of(therapy: Bispecific) -> list[Phase]:
    """The label's rhythms, and one rarer where a toxicity may call for fewer doses."""
    phases = list(therapy.schedule.phases)
    if therapy.specific and phases[-1].name != "every_four_weeks":
        last = phases[-1].visits
        halved = last.model_copy(update={"value": 1.0, "spread": None})
        phases.append(Phase(name="every_four_weeks", visits=halved))
    return phases


def step_up(kit: Kit, therapy: Bispecific, acute: Brick, drawn: list[Set]) -> Parts:
    """The first doses: in a bed while watched, then at home until the first full rhythm.

    Doses go on in the bed where the stay is the longer; the rhythm begins when both are over.
    """
    name, spec = therapy.name, therapy.schedule.step_up
    place = {words.CLINIC: visits(therapy.schedule.phases[0])}
    begin = Set(words.stepped(name), NOW)
    sets = [*start_sets(kit, therapy), Set(words.response(name), response_draw(therapy)), *drawn,
            begin]  # fmt: skip
    inside, outside = (Set(words.SITE, site) for site in ("inpatient", "outpatient"))
    watched = Clock(f"{name} stay", law_of(spec.inpatient_stay), f"{name}: step-up at home",
                    note=cite(spec.inpatient_stay))  # fmt: skip
    done = Clock(f"{name} step-up", Constant(spec.days.base), f"{name}: step-up completed?",
                 since=words.stepped(name), note=cite(spec.days, spec.completed))  # fmt: skip
    running = [
        *acute.clocks,
        progression_clock(kit, therapy),
        *death_clock(kit, therapy),
        infection_of(kit, therapy, therapy.schedule.phases[0], ivig=False),
        assessment_clock(therapy),
    ]
    uses = {"step_up_dose": spec.doses.value}
    begun = {"uses": uses, "tags": ("first_dose", "line")}
    in_bed = {**place, words.STEP_UP_BED: 1}
    return Parts(
        states=[
            State(f"{name}: step-up", [watched, *running], holds=in_bed, sets=sets,
                  marks=marks(therapy, "step_up", "bed", **begun)),
            State(f"{name}: step-up, outpatient", [done, *running], holds=place, sets=sets,
                  marks=marks(therapy, "step_up", "clinic", **begun)),
            State(f"{name}: step-up at home", [done, *running], holds=place, sets=[outside],
                  marks=marks(therapy, "step_up", "clinic")),
            State(f"{name}: step-up again", [watched, *running], holds=in_bed,
                  sets=[begin, inside],
                  marks=marks(therapy, "step_up", "bed", uses=uses)),
        ],
        choices=[
            by_probability(f"{name}: step-up completed?", [
                ("completed", f"{name}: immunoglobulin?", spec.completed.base),
                ("stopped", f"{name}: stopped", 0.0),
            ])
        ],
    )  # fmt: skip


def dose_state(
    kit: Kit, therapy: Bispecific, phase: Phase, ivig: bool, extra: list[Clock]
) -> State:
    """One rhythm of doses: until progression, death, toxicity, or a look says otherwise."""
    name, stop = therapy.name, therapy.toxicity_stop
    per_day = {"dose": phase.visits.base / 28.0, "clinic_visit": phase.visits.base / 28.0}
    if ivig:
        per_day["ivig_dose"] = therapy.immunoglobulin.doses.base / 28.0
    clocks = [
        progression_clock(kit, therapy),
        *death_clock(kit, therapy),
        infection_of(kit, therapy, phase, ivig=ivig),
        assessment_clock(therapy),
        Clock(f"{name} dose delay", Exponential(therapy.dose_delay.rate.base),
              f"{name}: dose delayed", note=cite(therapy.dose_delay.rate)),
        Clock(f"{name} toxicity", Exponential(stop.base), f"{name}: stopped",
              sets=stopping(therapy), note=cite(stop)),
        *extra,
    ]  # fmt: skip
    if phase.moves_on is not None or name in kit.fixed:
        target = f"{dosing(name, phase.name, ivig=ivig)}, rarer or stop?"
        clocks.append(Clock(f"{name} check", Constant(CHECK_EVERY), target))
    return State(
        dosing(name, phase.name, ivig=ivig),
        clocks,
        holds={words.CLINIC: visits(phase)},
        marks=marks(therapy, phase.name, "home", per_day=per_day),
    )


def infection_of(kit: Kit, therapy: Bispecific, phase: Phase, *, ivig: bool) -> Clock:
    """Serious infections at the rate of a rhythm of doses."""
    rates = {p.phase: p.serious.base for p in therapy.infections.phases}
    rate = rates.get(phase.name, therapy.infections.phases[-1].serious.base)
    immunoglobulin = therapy.immunoglobulin if ivig else None
    return infection_clock(
        kit, therapy.name, therapy.infections, Exponential(rate), ivig=immunoglobulin
    )


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


def ivig_end(therapy: Bispecific, phase: Phase) -> Clock:
    replaced = therapy.immunoglobulin.replacement
    return Clock(f"{therapy.name} IVIG end", Constant(replaced.base),
                 dosing(therapy.name, phase.name, ivig=False),
                 sets=[answered(therapy.name)], note=cite(replaced))  # fmt: skip


def delays(therapy: Bispecific) -> Parts:
    """Doses held back: the place is kept; after too long a gap step-up begins again.

    Meanwhile no drug is given that could be too toxic, and no rhythm looked at.
    """
    name, delay = therapy.name, therapy.dose_delay
    over = f"{name}: after the delay"
    gap = AtLeast(Since(words.delayed(name)), therapy.restart.full_step_up_after.base)
    onsets = [f"{name} {toxicity.title} onset" for toxicity in therapy.specific]
    end = Clock(f"{name} dose delay end", law_of(delay.duration), over, note=cite(delay))
    return Parts(
        states=[
            State(f"{name}: doses held back", [end], sets=[Set(words.delayed(name), NOW)],
                  marks=Marks(name, "toxicity", "home", treated=True))
        ],
        choices=[
            Choice(over, rules=[
                Rule("step up again", leave(f"{name}: waiting for clinic after a gap"), [gap]),
                Rule("go on", RETURN),
            ])
        ],
        detours=[
            Interruption(f"{name}: dose delayed", f"{name}: doses held back",
                         open_to=[f"{name} infection"],
                         pauses=[f"{name} check", f"{name} toxicity", *onsets])
        ],
    )  # fmt: skip


def specific_toxicity(therapy: Bispecific, toxicity: SpecificToxicity) -> Brick:
    """Taste, skin, weight: of those who have it some take fewer doses, some stop.

    Two clocks of one name: without immunoglobulin and with it, which goes on.
    """
    name = f"{therapy.name} {toxicity.title}"
    variable, drawn = drawn_once(name, toxicity.probability.base, [])
    onset = Clock(
        f"{name} onset",
        By(name, levels={"yes": law_of(toxicity.onset)}, otherwise=NEVER),
        f"{name} answer",
        since=words.start(therapy.name),
        sets=[Set(name, "no")],  # it comes once
        note=cite(toxicity.probability, toxicity.onset, toxicity.fewer_doses, toxicity.stop),
    )
    beside = f"{name} answer, on immunoglobulin"
    brick = Brick([onset, replace(onset, enters=beside)], [drawn])
    brick.parts.variables = [variable]
    for ivig, choice in enumerate((onset.enters, beside)):
        rarest = dosing(therapy.name, phases_of(therapy)[-1].name, ivig=bool(ivig))
        brick.parts.choices.append(
            by_probability(
                choice,
                [("fewer doses", rarest, toxicity.fewer_doses.base),
                 ("stop", f"{therapy.name}: stopped", toxicity.stop.base), ("go on", HERE, 0.0)],
                stop=stopping(therapy),
            )
        )  # fmt: skip
    return brick


def stopping(therapy: Bispecific) -> list[Set]:
    """What is noted when treatment stops without progression."""
    responded = By(words.assessed(therapy.name), levels=dict.fromkeys(BETTER["pr"], "yes"),
                   otherwise="no")  # fmt: skip
    return [Set(words.STOPPED, responded), *exposure_sets(therapy)]
