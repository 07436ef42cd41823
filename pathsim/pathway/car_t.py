"""The pathway of a CAR T product, from referral to relapse, made of bricks.

Work-up, slot, washout, apheresis, manufacture with bridging, lymphodepletion; `infusion` has the
stay and its toxicity, the month near the centre, remission without treatment. `build` calls this.
"""

from __future__ import annotations

from dataclasses import replace

from pathsim.inputs.therapy_car_t import CarT
from pathsim.laws import Constant
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit, Parts, by_probability, cite, law_of
from pathsim.pathway.conditions import Is, Never
from pathsim.pathway.course import (
    access_states,
    best_response,
    chosen,
    given_up_state,
    therapy_variables,
    waiting_choices,
    waiting_clocks,
)
from pathsim.pathway.infusion import (
    infusion_and_after,
    marks,
)
from pathsim.pathway.manufacture import (
    apheresis_state,
    bridging_choices,
    manufacture,
    product_variables,
)
from pathsim.pathway.pathway import Choice, Clock, Request, Rule, State
from pathsim.pathway.setting import Set


def car_t(kit: Kit, therapy: CarT) -> Parts:
    """All that a CAR T product adds to a pathway."""
    parts = Parts(variables=[*therapy_variables(therapy), *product_variables(kit, therapy)])
    parts.states.append(given_up_state(kit, therapy))
    parts.choices += waiting_choices(kit, therapy, f"{therapy.name}: plan given up")
    parts.choices.append(best_response(therapy))
    parts.add(to_the_cells(kit, therapy))
    parts.add(manufacture(kit, therapy))
    parts.add(to_the_bed(kit, therapy))
    parts.add(infusion_and_after(kit, therapy))
    return parts


def to_the_cells(kit: Kit, therapy: CarT) -> Parts:
    """Authorisation, work-up, the wait for a slot, washout, the chair."""
    name, waiting = therapy.name, waiting_clocks(kit, therapy.name)
    slot, held = words.slots(name), {words.slots(name): 1}
    washout = Clock(
        f"{name} washout",
        chosen(words.WASHOUT, kit.washouts),
        f"{name}: waiting for apheresis",
        note=cite(therapy.waiting.washout),
    )
    hold = Clock(
        f"{name} hold",
        chosen(words.HOLD, kit.holds),
        f"{name}: washout",
        since=words.last(words.BISPECIFIC),
    )
    ready = f"{name}: bispecific before?"
    return Parts(
        states=[
            *access_states(kit, therapy, f"{name}: waiting for slot"),
            State(
                f"{name}: waiting for slot",
                waiting,
                [Request(slot, ready)],
                marks=marks(therapy, "waiting", tags=("requested_slot",)),
            ),
            State(
                f"{name}: without bispecific",
                [hold, *waiting],
                holds=held,
                marks=marks(therapy, "washout"),
            ),
            State(
                f"{name}: washout", [washout, *waiting], holds=held, marks=marks(therapy, "washout")
            ),
            State(
                f"{name}: waiting for apheresis",
                waiting,
                [Request(words.CHAIR, f"{name}: apheresis")],
                holds=held,
                marks=marks(therapy, "waiting"),
            ),
            apheresis_state(kit, therapy, f"{name}: apheresis", f"{name}: bridging?"),
        ],
        choices=[
            *bridging_choices(therapy),
            Choice(
                ready,
                rules=[
                    Rule("never", f"{name}: washout", [Never(words.last(words.BISPECIFIC))]),
                    Rule("before", f"{name}: without bispecific"),
                ],
            ),
        ],
    )


def to_the_bed(kit: Kit, therapy: CarT) -> Parts:
    """Recovery, postponement by infection or low counts, lymphodepletion, a bed.

    Published stays are admissions of 15 days or so for infusion; lymphodepletion is a day visit.
    """
    name, before = therapy.name, therapy.before_infusion
    waiting = waiting_clocks(kit, name)
    recovery = Clock(
        f"{name} recovery",
        Constant(before.recovery.base),
        f"{name}: postponed?",
        note=cite(before.recovery),
    )
    put_off = Clock(
        f"{name} postponement",
        law_of(before.postponement),
        f"{name}: where",
        note=cite(before.postponement),
    )
    depleted = Clock(
        f"{name} lymphodepletion",
        Constant(before.lymphodepletion.base),
        f"{name}: waiting for bed",
        note=cite(before.lymphodepletion),
    )
    at_home = replace(depleted, enters=f"{name}: infusion, outpatient")
    uses = {"lymphodepletion": 1.0}
    inside, outside = f"{name}: lymphodepletion", f"{name}: lymphodepletion, outpatient"
    prepared = marks(therapy, "lymphodepletion", "clinic", uses=uses)
    cared_for = [Is(words.SITE, "outpatient"), Is("caregiver", "yes")]
    return Parts(
        states=[
            State(f"{name}: product ready", [recovery, *waiting], marks=marks(therapy, "waiting")),
            State(
                f"{name}: infusion postponed", [put_off, *waiting], marks=marks(therapy, "waiting")
            ),
            State(inside, [depleted, *waiting[:1]], marks=prepared),
            State(outside, [at_home, *waiting[:1]], marks=prepared),
            State(
                f"{name}: waiting for bed",
                waiting[:1],
                [Request(words.CELL_BED, f"{name}: infusion stay")],
                marks=marks(therapy, "waiting"),
            ),
        ],
        choices=[
            by_probability(
                f"{name}: postponed?",
                [
                    ("postponed", f"{name}: infusion postponed", before.postponed.base),
                    ("on time", f"{name}: where", 0.0),
                ],
            ),
            Choice(
                f"{name}: where",
                rules=[
                    Rule("outpatient", outside, cared_for),
                    Rule("inpatient", inside, sets=[Set(words.SITE, "inpatient")]),
                ],
            ),
        ],
    )
