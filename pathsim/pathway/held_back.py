"""What holds a bispecific's doses back, and how they begin again after the gap.

Part of the bispecific template; `dosing` calls `delays`.
"""

from __future__ import annotations

from pathsim.inputs.therapy_bispecific import Bispecific
from pathsim.laws import Constant
from pathsim.pathway import words
from pathsim.pathway.bricks import Interruption, Kit, Parts, cite, law_of
from pathsim.pathway.conditions import AllOf, AnyOf, AtLeast, Below, Condition, Since
from pathsim.pathway.pathway import RETURN, Choice, Clock, Marks, Request, Rule, State, leave
from pathsim.pathway.setting import NOW, Set


def delays(kit: Kit, therapy: Bispecific) -> Parts:
    """Doses held back: the place is kept; after too long a gap step-up begins again.

    Meanwhile no drug is given that could be too toxic, and no rhythm looked at.
    """
    name, delay = therapy.name, therapy.dose_delay
    over, bed = f"{name}: after the delay", f"{name}: waiting for bed to step up in part"
    onsets = [f"{name} {toxicity.title} onset" for toxicity in therapy.specific]
    end = Clock(f"{name} dose delay end", law_of(delay.duration), over, note=cite(delay))
    some = AtLeast(Since(words.delayed(name)), therapy.restart.no_step_up_within.base)
    return Parts(
        states=[
            State(f"{name}: doses held back", [end], sets=[Set(words.delayed(name), NOW)],
                  marks=Marks(name, "toxicity", "home", treated=True)),
            *in_part(therapy, bed),
        ],
        choices=[
            Choice(over, rules=[
                Rule("step up again", leave(f"{name}: waiting for clinic after a gap"),
                     [too_long(kit, therapy)]),
                Rule("step up in part", bed, [some]),
                Rule("go on", RETURN),
            ])
        ],
        detours=[
            Interruption(f"{name}: dose delayed", f"{name}: doses held back",
                         open_to=[f"{name} infection"],
                         pauses=[f"{name} check", f"{name} toxicity", *onsets])
        ],
    )  # fmt: skip


def too_long(kit: Kit, therapy: Bispecific) -> Condition:
    """The gap is at least that which the rule for this patient, or the label, allows."""
    gap = Since(words.delayed(therapy.name))
    asked = sorted(kit.gaps[therapy.name])
    ways = [AllOf(Below(words.STEP_UP_AGAIN, days + 1e-6), AtLeast(gap, days)) for days in asked]
    return AnyOf(*ways)


def in_part(therapy: Bispecific, waiting: str) -> list[State]:
    """The last step-up dose and the first full one, each watched, then the rhythm as before."""
    name, spec = therapy.name, therapy.schedule.step_up
    stepping = f"{name}: step-up in part"
    watched = Clock(f"{stepping} is over", Constant(2 * spec.observed_hours.base), RETURN,
                    note=cite(spec.observed_hours))  # fmt: skip
    marked = Marks(name, "step_up", "bed", treated=True, uses={"step_up_dose": 2.0})
    return [
        State(waiting, requests=[Request(words.STEP_UP_BED, stepping)],
              marks=Marks(name, "step_up", "home", treated=True)),
        State(stepping, [watched], holds={words.STEP_UP_BED: 1}, marks=marked),
    ]  # fmt: skip
