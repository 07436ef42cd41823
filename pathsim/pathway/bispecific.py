"""The pathway of a bispecific antibody, from referral to relapse, made of bricks.

A place in the clinic, a bed for the step-up (or none), ever rarer doses, each rhythm with and
without immunoglobulin, delays, drug-specific toxicity, stopping, watching after a fixed duration.
`build` calls `bispecific`.
"""

from __future__ import annotations

from pathsim.inputs.therapy_bispecific import Bispecific
from pathsim.laws import Constant
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit, Parts
from pathsim.pathway.conditions import Is
from pathsim.pathway.course import (
    access_states,
    assessment_clock,
    best_response,
    chosen,
    death_clock,
    given_up_state,
    progression_clock,
    therapy_variables,
    waiting_choices,
    waiting_clocks,
)
from pathsim.pathway.dosing import doses
from pathsim.pathway.pathway import Choice, Clock, Request, Rule, State, Variable
from pathsim.pathway.rhythms import marks, visits


def bispecific(kit: Kit, therapy: Bispecific) -> Parts:
    """All that a bispecific adds to a pathway."""
    name = therapy.name
    own = [Variable(word(name), "moment") for word in (words.delayed, words.stepped)]
    own.append(Variable(words.fewer(name), "level", "no", ("no", "yes")))
    parts = Parts(variables=[*therapy_variables(therapy), *own])
    parts.states.append(given_up_state(kit, therapy))
    parts.choices += waiting_choices(kit, therapy, f"{name}: plan given up")
    parts.choices.append(best_response(therapy))
    parts.add(to_the_first_dose(kit, therapy))
    parts.add(prophylaxis(kit, therapy))
    parts.add(doses(kit, therapy))
    parts.add(off_treatment(kit, therapy))
    return parts


def to_the_first_dose(kit: Kit, therapy: Bispecific) -> Parts:
    """Authorisation, work-up, a washout where a rule asks for one, a place in the clinic.

    Then a bed unless step-up is outpatient.
    """
    name, waiting = therapy.name, waiting_clocks(kit, therapy.name)
    first = visits(therapy.schedule.phases[0])
    place = {words.CLINIC: first}
    bed = Request(words.STEP_UP_BED, prevented(therapy, f"{name}: step-up"))
    outside = prevented(therapy, f"{name}: step-up, outpatient")
    again = f"{name}: waiting for bed to step up again"
    gap = f"{name}: waiting for clinic after a gap"
    stepping = [progression_clock(kit, therapy), *death_clock(kit, therapy)]
    clinic, washout = f"{name}: waiting for clinic", f"{name}: washout"
    washed = name in kit.washed
    clean = Clock(f"{name} washout", chosen(words.WASHOUT, kit.washouts), clinic)
    wait = State(washout, [clean, *waiting], marks=marks(therapy, "washout"))
    return Parts(
        states=[
            *access_states(kit, therapy, washout if washed else clinic),
            *([wait] if washed else []),
            State(clinic, waiting,
                  [Request(words.CLINIC, f"{name}: step-up where", amount=first)],
                  marks=marks(therapy, "waiting")),
            State(f"{name}: waiting for bed", waiting, [bed], holds=place,
                  marks=marks(therapy, "waiting")),
            State(gap, stepping, [Request(words.CLINIC, again, amount=first)],
                  marks=marks(therapy, "step_up")),
            State(again, stepping, [Request(words.STEP_UP_BED, f"{name}: step-up again")],
                  holds=place, marks=marks(therapy, "step_up")),
        ],
        choices=[
            Choice(f"{name}: step-up where", rules=[
                Rule("outpatient", outside, [Is(words.SITE, "outpatient")]),
                Rule("inpatient", f"{name}: waiting for bed"),
            ])
        ],
    )  # fmt: skip


def prevented(therapy: Bispecific, step_up: str) -> str:
    """The way into a step-up: past the dose of tocilizumab, where the drug's file knows of it."""
    known = therapy.crs.with_tocilizumab_prophylaxis is not None
    return f"{step_up}, tocilizumab before?" if known else step_up


def prophylaxis(kit: Kit, therapy: Bispecific) -> Parts:
    """Tocilizumab just before the first dose, if the strategy asks for it."""
    name, parts = therapy.name, Parts()
    place = {words.CLINIC: visits(therapy.schedule.phases[0])}
    for step_up, holds, setting in (
        (f"{name}: step-up", {**place, words.STEP_UP_BED: 1}, "bed"),
        (f"{name}: step-up, outpatient", place, "clinic"),
    ):
        ask, given = prevented(therapy, step_up), f"{step_up}, tocilizumab before"
        if ask == step_up:
            continue
        at_once = Clock(f"{given} is given", Constant(0.0), step_up)
        asked = Rule("tocilizumab", given, [Is(words.PROPHYLAXIS, "yes")])
        uses = {"tocilizumab": kit.care.tocilizumab_prophylaxis.doses.value}
        noted = marks(therapy, "waiting", setting, uses=uses)
        parts.states.append(State(given, [at_once], holds=holds, marks=noted))
        parts.choices.append(Choice(ask, rules=[asked, Rule("none", step_up)]))
    return parts


def off_treatment(kit: Kit, therapy: Bispecific) -> Parts:
    """Stopped for toxicity until progression; or watched after a fixed duration, then resumed."""
    name = therapy.name
    lasting = [*death_clock(kit, therapy), assessment_clock(therapy)]
    parts = Parts(
        states=[
            State(
                f"{name}: stopped",
                [progression_clock(kit, therapy, on_treatment=False), *lasting],
                marks=marks(therapy, "watch"),
            )
        ]
    )
    fixed = therapy.fixed_duration
    if fixed is None:
        return parts
    first = visits(therapy.schedule.phases[0])
    relapse = progression_clock(
        kit, therapy, fixed.progression_ratio.base, on_treatment=False,
        enters=f"{name}: waiting to resume",
    )  # fmt: skip
    parts.states += [
        State(f"{name}: watch", [relapse, *lasting], marks=marks(therapy, "watch")),
        State(
            f"{name}: waiting to resume",
            waiting_clocks(kit, name),
            [Request(words.CLINIC, f"{name}: waiting for bed to resume", amount=first)],
            marks=marks(therapy, "waiting", tags=("progression",)),
        ),
        State(
            f"{name}: waiting for bed to resume",
            waiting_clocks(kit, name),
            [Request(words.STEP_UP_BED, f"{name}: resumed")],
            holds={words.CLINIC: first},
            marks=marks(therapy, "waiting"),
        ),
    ]
    return parts
