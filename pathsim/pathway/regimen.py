"""The pathway of a regimen of drugs in cycles: the comparator and salvage, made of bricks.

A place in the clinic, cycles until progression or a fixed number of them, infections, stopping.
`build` calls `regimen`.
"""

from __future__ import annotations

from pathsim.inputs.therapy_regimen import Regimen
from pathsim.laws import Constant, Exponential
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit, Parts, cite
from pathsim.pathway.course import (
    access_states,
    assessment_clock,
    best_response,
    death_clock,
    given_up_state,
    progression_clock,
    response_draw,
    start_sets,
    therapy_variables,
    waiting_choices,
    waiting_clocks,
)
from pathsim.pathway.infections import infection, infection_clock
from pathsim.pathway.pathway import Clock, Marks, Request, State, Variable
from pathsim.pathway.setting import Set
from pathsim.pathway.specific import Answer, specific_toxicity, stopping


def regimen(kit: Kit, therapy: Regimen) -> Parts:
    """All that a regimen adds to a pathway."""
    name, spec = therapy.name, therapy
    fewer = Variable(words.fewer(name), "level", "no", ("no", "yes"))
    parts = Parts(variables=[*therapy_variables(therapy), fewer])
    parts.states.append(given_up_state(kit, therapy))
    parts.choices += waiting_choices(kit, therapy, f"{name}: plan given up")
    parts.choices.append(best_response(therapy))
    parts.add(infection(name, spec.infections, asks_for_ivig=False))
    answers = [Answer(f"{name}: on fewer doses", f"{name}: off treatment")]
    toxic = [specific_toxicity(therapy, toxicity, answers) for toxicity in therapy.specific]
    for brick in toxic:
        parts.add(brick.parts)
    onsets, ends = ([brick.clocks[k] for brick in toxic] for k in (0, -1))
    drawn = [s for brick in toxic for s in brick.sets]
    begun = [*start_sets(kit, therapy), Set(words.response(name), response_draw(therapy)), *drawn]
    parts.states += [
        *access_states(kit, therapy, f"{name}: waiting for clinic"),
        State(f"{name}: waiting for clinic", waiting_clocks(kit, name),
              [Request(words.CLINIC, f"{name}: on treatment", amount=visits(therapy))],
              marks=Marks(name, "waiting", "home", treated=False)),
        on_treatment(kit, therapy, [*onsets, *ends], begun),
        *([on_treatment(kit, therapy, [*onsets, *ends])] if toxic else []),
        State(f"{name}: off treatment", [
                  progression_clock(kit, therapy, on_treatment=False),
                  *death_clock(kit, therapy), assessment_clock(therapy), *ends],
              marks=Marks(name, "watch", "home", treated=False)),
    ]  # fmt: skip
    return parts


def visits(therapy: Regimen) -> int:
    """Visits per four weeks, as whole places of the clinic."""
    return therapy.clinic_places


def on_treatment(
    kit: Kit, therapy: Regimen, toxic: list[Clock], begun: list[Set] | None = None
) -> State:
    """Cycles, with a place in the clinic, until something ends them; half as many without `begun`.

    `toxic` are the clocks of toxicity of the drugs themselves, `begun` what is noted at the start.
    """
    name, cycle = therapy.name, therapy.cycle
    stops, off = stopping(therapy), f"{name}: off treatment"
    part = 0.5 if begun is None else 1.0
    clocks = [
        progression_clock(kit, therapy),
        *death_clock(kit, therapy),
        infection_clock(kit, name, therapy.infections,
                        Exponential(therapy.infections.serious.base), ivig=None),
        assessment_clock(therapy),
        Clock(f"{name} toxicity", Exponential(therapy.toxicity_stop.base), off, sets=stops,
              note=cite(therapy.toxicity_stop)),
        *toxic,
    ]  # fmt: skip
    if therapy.fixed_cycles is not None:
        length = therapy.fixed_cycles.value * cycle.length.base
        clocks.append(Clock(f"{name} cycles", Constant(length), off, sets=stops,
                            note=cite(therapy.fixed_cycles)))  # fmt: skip
    per_day = {
        "regimen_cycle": part / cycle.length.base,
        "clinic_visit": part * cycle.visits.value / cycle.length.base,
    }
    return State(
        f"{name}: on fewer doses" if begun is None else f"{name}: on treatment",
        clocks,
        holds={words.CLINIC: visits(therapy)},
        sets=begun or [],
        marks=Marks(name, "on_regimen", "home", treated=True, per_day=per_day,
                    tags=() if begun is None else ("first_dose", "line")),
    )  # fmt: skip
