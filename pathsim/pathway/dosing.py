"""A bispecific's doses: step-up, then ever rarer rhythms, with and without immunoglobulin.

Part of the bispecific template; `bispecific` calls `doses`.
"""

from __future__ import annotations

import math

from pathsim.inputs.therapy_bispecific import Bispecific, FixedDuration, Phase
from pathsim.laws import Constant, Exponential
from pathsim.pathway import words
from pathsim.pathway.bricks import NEVER, Kit, Parts, by_probability, cite, law_of
from pathsim.pathway.chance import Ordered
from pathsim.pathway.course import (
    assessment_clock,
    death_clock,
    exposure_sets,
    progression_clock,
    response_draw,
    start_sets,
)
from pathsim.pathway.held_back import delays
from pathsim.pathway.infections import infection, infection_clock, ivig_end, low_igg
from pathsim.pathway.pathway import Clock, State
from pathsim.pathway.reading import By
from pathsim.pathway.rhythms import dosing, look, looks, marks, phases_of, rarer, visits
from pathsim.pathway.setting import NOW, Set
from pathsim.pathway.specific import Answer, specific_toxicity, stopping
from pathsim.pathway.toxicity import Brick, crs_and_icans, second_cancer

CHECK_EVERY = 28.0
"""Days between looks at whether doses may be rarer, or stop: the four weeks of a clinic place."""


def doses(kit: Kit, therapy: Bispecific) -> Parts:
    """Step-up, then each rhythm with and without immunoglobulin, and what interrupts them."""
    name, phases = therapy.name, therapy.schedule.phases
    acute = crs_and_icans(name, therapy.crs, therapy.icans, therapy.icu, therapy.outpatient)
    replacing = [dosing(name, phase.name, ivig=True) for phase in phases_of(therapy)]
    low, calls = low_igg(kit, name, therapy.immunoglobulin, replacing)
    rarest = phases_of(therapy)[-1].name
    answers = [
        Answer(dosing(name, rarest), f"{name}: stopped"),
        Answer(dosing(name, rarest, ivig=True), f"{name}: stopped", ", on immunoglobulin"),
    ]
    specific = [specific_toxicity(therapy, toxicity, answers) for toxicity in therapy.specific]
    bricks = [acute, low, *specific]
    parts = Parts()
    for brick in bricks:
        parts.add(brick.parts)
    parts.add(infection(name, therapy.infections))
    parts.add(delays(kit, therapy))
    drawn = [s for brick in bricks for s in brick.sets]
    if therapy.second_cancer is not None:
        parts.add(second_cancer(name, therapy.second_cancer).parts)
    parts.add(step_up(kit, therapy, acute, drawn))
    for phase, called in zip(phases_of(therapy), calls, strict=True):
        over = ivig_end(name, therapy.immunoglobulin, dosing(name, phase.name))
        for ivig in (False, True):
            extra = [over] if ivig else [*called]
            extra += [c for brick in specific for c in (brick.clocks[ivig], brick.clocks[-1])]
            late = acute.clocks if phase.name == phases[0].name else []
            parts.states.append(dose_state(kit, therapy, phase, ivig, [*extra, *late]))
    parts.choices += rarer(kit, therapy)
    return parts


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
    seen = spec.observed_doses.value * math.ceil(spec.observed_hours.base)
    again = marks(therapy, "step_up", "bed", uses=uses)
    begun = ("first_dose", "line")
    in_bed = {**place, words.STEP_UP_BED: 1}
    cancer = (f"{name} second cancer",) if therapy.second_cancer is not None else ()
    return Parts(
        states=[
            State(f"{name}: step-up", [watched, *running], holds=in_bed, sets=sets,
                  starts=cancer, stops=cancer,
                  marks=marks(therapy, "step_up", "bed", uses=uses, tags=begun)),
            State(f"{name}: step-up, outpatient", [done, *running], holds=place, sets=sets,
                  starts=cancer, stops=cancer,
                  marks=marks(therapy, "step_up", "clinic", uses={**uses, "clinic_visit": seen},
                              tags=begun)),
            State(f"{name}: step-up at home", [done, *running], holds=place, sets=[outside],
                  marks=marks(therapy, "step_up", "clinic")),
            State(f"{name}: step-up again", [watched, *running], holds=in_bed,
                  sets=[begin, inside], marks=again),
            *(State(f"{name}: resumed", [watched, *running], holds=in_bed,
                    sets=[*resumed(therapy, fixed), begin, inside], marks=again)
              for fixed in (therapy.fixed_duration,) if fixed is not None),
        ],
        choices=[
            by_probability(f"{name}: step-up completed?", [
                ("completed", dosing(name, therapy.schedule.phases[0].name), spec.completed.base),
                ("stopped", f"{name}: stopped", 0.0),
            ], stopped=stopping(therapy))
        ],
    )  # fmt: skip


def resumed(therapy: Bispecific, fixed: FixedDuration) -> list[Set]:
    """What is noted when the drug is taken up again: whether it works is drawn anew."""
    works = fixed.resume_response.base
    again = Ordered({"cr": 0.0, "vgpr": works, "pr": 0.0, "none": 1.0 - works})
    name = therapy.name
    return [
        Set(words.start(name), NOW),
        Set(words.response(name), again),
        Set(words.assessed(name), words.NOT_ASSESSED),
        *exposure_sets(therapy),
    ]


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
        Clock(f"{name} dose delay",
              By(words.HOLD_DOSES, levels={"yes": Exponential(therapy.dose_delay.rate.base)},
                 otherwise=NEVER),
              f"{name}: dose delayed", note=cite(therapy.dose_delay.rate)),
        Clock(f"{name} toxicity", Exponential(stop.base), f"{name}: stopped",
              sets=stopping(therapy), note=cite(stop)),
        *extra,
    ]  # fmt: skip
    if looks(kit, therapy, ivig=ivig)[phase.name]:
        target = look(dosing(name, phase.name, ivig=ivig))
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
