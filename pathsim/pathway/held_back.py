"""What holds a bispecific's doses back, makes them fewer or ends them: delays and toxicity.

Part of the bispecific template; `dosing` calls `delays` and `specific_toxicity`.
"""

from __future__ import annotations

from dataclasses import replace

from pathsim.inputs.therapy_bispecific import Bispecific, SpecificToxicity
from pathsim.pathway import words
from pathsim.pathway.bricks import NEVER, Interruption, Parts, by_probability, cite, law_of
from pathsim.pathway.conditions import AtLeast, Since
from pathsim.pathway.course import exposure_sets
from pathsim.pathway.pathway import HERE, RETURN, Choice, Clock, Marks, Rule, State, leave
from pathsim.pathway.reading import By
from pathsim.pathway.rhythms import BETTER, dosing, phases_of
from pathsim.pathway.setting import NOW, Set
from pathsim.pathway.toxicity import Brick, drawn_once


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
