"""Toxicity of a drug itself: taste, skin, eyes; fewer doses, stopping, or going on.

Part of the templates of bispecifics and regimens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pathsim.inputs.efficacy import TherapyCommon
from pathsim.inputs.safety import SpecificToxicity
from pathsim.pathway import words
from pathsim.pathway.bricks import NEVER, by_probability, cite, law_of
from pathsim.pathway.chance import Ago
from pathsim.pathway.conditions import Is
from pathsim.pathway.course import exposure_sets
from pathsim.pathway.pathway import HERE, Choice, Clock, Rule, Variable
from pathsim.pathway.reading import By
from pathsim.pathway.rhythms import BETTER
from pathsim.pathway.setting import NOW, Set
from pathsim.pathway.toxicity import Brick, drawn_once


@dataclass(frozen=True)
class Answer:
    """Where fewer doses and stopping lead, from some of the states; a name apart from others."""

    fewer: str
    stopped: str
    apart: str = ""


def specific_toxicity(
    therapy: TherapyCommon, toxicity: SpecificToxicity, answers: Sequence[Answer]
) -> Brick:
    """Comes once: an onset for each set of states, in the order of `answers`; then its end."""
    name = f"{therapy.name} {toxicity.title}"
    variable, drawn = drawn_once(name, toxicity.probability.base, [])
    there, since = f"{name} present", f"{name} since"
    onset = Clock(
        f"{name} onset",
        By(name, levels={"yes": law_of(toxicity.onset)}, otherwise=NEVER),
        f"{name}: how to answer",
        since=words.start(therapy.name),
        sets=[Set(name, "no"), Set(there, "yes"), Set(since, NOW)],
        note=cite(toxicity.probability, toxicity.onset, toxicity.fewer_doses, toxicity.stop),
    )
    end = Clock(
        f"{name} is over",
        By(there, levels={"yes": law_of(toxicity.resolution)}, otherwise=NEVER),
        HERE,
        since=since,
        sets=[Set(there, "no")],
        note=cite(toxicity.resolution),
    )
    onsets = [replace(onset, enters=f"{onset.enters}{answer.apart}") for answer in answers]
    brick = Brick([*onsets, end], [drawn])
    brick.parts.variables = [
        variable,
        Variable(there, "level", "no", ("no", "yes")),
        Variable(since, "moment", Ago(0.0)),
    ]
    for answer in answers:
        brick.parts.choices += answering(therapy, name, toxicity, answer)
    return brick


def answering(
    therapy: TherapyCommon, name: str, toxicity: SpecificToxicity, answer: Answer
) -> list[Choice]:
    """As the strategy says, or in shares as practised."""
    usual, stops = f"{name} answer{answer.apart}", stopping(therapy)
    fewer = [Set(words.fewer(therapy.name), "yes")]
    again = [Is(words.ON_TOXICITY, "fewer_doses_then_stop"), Is(words.fewer(therapy.name), "yes")]
    return [
        Choice(f"{name}: how to answer{answer.apart}", rules=[
            Rule("go on", HERE, [Is(words.ON_TOXICITY, "go_on")]),
            Rule("stop", answer.stopped, [Is(words.ON_TOXICITY, "stop")], stops),
            Rule("stop at the second", answer.stopped, again, stops),
            Rule("fewer doses", answer.fewer,
                 [Is(words.ON_TOXICITY, "fewer_doses", "fewer_doses_then_stop")], fewer),
            Rule("as practised", usual),
        ]),
        by_probability(
            usual,
            [("fewer doses", answer.fewer, toxicity.fewer_doses.base),
             ("stop", answer.stopped, toxicity.stop.base), ("go on", HERE, 0.0)],
            **{"stop": stops, "fewer doses": fewer},
        ),
    ]  # fmt: skip


def stopping(therapy: TherapyCommon) -> list[Set]:
    """What is noted when treatment stops without progression."""
    responded = By(words.assessed(therapy.name), levels=dict.fromkeys(BETTER["pr"], "yes"),
                   otherwise="no")  # fmt: skip
    return [Set(words.STOPPED, responded), *exposure_sets(therapy)]
