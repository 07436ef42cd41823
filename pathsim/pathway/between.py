"""Between therapies: after progression another line or none, the gap, and the end of lines.

Part of every patient's pathway; `build` calls `between_lines`.
"""

from __future__ import annotations

import math

from pathsim.inputs.supportive import BestSupportiveCare
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit, Parts, cite, factors, law_of, odds
from pathsim.pathway.course import death_between
from pathsim.pathway.pathway import Choice, Clock, Marks, Option, State
from pathsim.pathway.reading import By


def between_lines(kit: Kit, care: BestSupportiveCare) -> Parts:
    """From progression to the strategy, or to best supportive care until death."""
    between = kit.population.between_lines
    gap = Clock("gap", law_of(between.gap), words.STRATEGY, note=cite(between.gap))
    marks = Marks(phase="between_lines", setting="home", treated=False, tags=("progression",))
    return Parts(
        states=[
            State(words.PROGRESSED, [gap, death_between(kit)], marks=marks),
            supportive(kit, care, words.SUPPORTIVE),
            supportive(kit, care, words.SUPPORTIVE_AFTER, ("progression",)),
        ],
        choices=[further_line(kit)],
    )


def further_line(kit: Kit) -> Choice:
    """Whether a patient whose lines have failed receives another, by how many have.

    The share of the first entry is the option's; the others are odds ratios to it.
    """
    entries = kit.population.between_lines.further_line
    first = min(max(entries[0].share.base, 1e-9), 1.0 - 1e-9)
    ends = [entry.after + 1.0 for entry in entries[1:]] + [math.inf]  # the next line's number
    shares = [min(max(entry.share.base, 1e-9), 1.0 - 1e-9) for entry in entries]
    failed = By(
        words.LINE, bands=[(e, odds(p) / odds(first)) for e, p in zip(ends, shares, strict=True)]
    )
    effects = factors(kit.population.between_lines.further_line_effects)
    return Choice(
        words.FURTHER_LINE,
        options=[
            Option("another line", words.PROGRESSED, first, odds=[failed, *effects]),
            Option("no further line", words.SUPPORTIVE_AFTER, 1.0 - first),
        ],
    )


def supportive(kit: Kit, care: BestSupportiveCare, name: str, tags: tuple[str, ...] = ()) -> State:
    """No therapy is left: until death of the disease, or of another cause."""
    death = Clock(
        "death on supportive care",
        law_of(care.survival),
        words.OF_MYELOMA,
        [*factors(care.effects), *kit.dependence("death")],
        note=cite(care.survival),
    )
    marks = Marks(phase="supportive_care", setting="home", treated=False, tags=tags)
    return State(name, [death], marks=marks)
