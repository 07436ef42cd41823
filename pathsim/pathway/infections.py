"""Bricks for serious infections and low IgG, and what immunoglobulin does.

Used by car_t, bispecific and regimen; knows no modality.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathsim.inputs.safety import (
    Infections,
    LowImmunoglobulin,
)
from pathsim.laws import Constant, Law
from pathsim.pathway import words
from pathsim.pathway.bricks import (
    NEVER,
    Interruption,
    Kit,
    Parts,
    by_probability,
    cite,
    factors,
    law_of,
)
from pathsim.pathway.conditions import Is
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    Choice,
    Clock,
    Marks,
    Rule,
    State,
    Variable,
)
from pathsim.pathway.reading import By, Factor
from pathsim.pathway.setting import Set
from pathsim.pathway.toxicity import (
    Brick,
    drawn_once,
    ward_stay,
)

INFECTION = "infection"


"""What makes immunoglobulin be considered at once, low IgG or not."""


def infection_clock(
    kit: Kit, therapy: str, spec: Infections, law: Law | By, *, ivig: LowImmunoglobulin | None
) -> Clock:
    """Serious infections: more after the first, fewer while immunoglobulin is given."""
    ratio: list[Factor] = [
        By(words.INFECTED, levels={"yes": spec.recurrence.base}, otherwise=1.0),
        *factors(spec.effects),
        *kit.dependence("infection"),
    ]
    if kit.infection_ratio != 1.0:
        ratio.append(kit.infection_ratio)
    if ivig is not None:
        ratio.append(ivig.infection_ratio.base)
    return Clock(
        f"{therapy} infection",
        law,
        f"{therapy}: infection",
        ratio,
        since=words.start(therapy),
        note=cite(spec),
    )


def infection(therapy: str, spec: Infections, *, asks_for_ivig: bool = True) -> Parts:
    """The detour of a serious infection: a bed on the ward, death or back."""
    parts = Parts()
    outcome = f"{therapy} infection outcome"
    stay = Clock(
        f"{therapy} infection stay", law_of(spec.ward_stay), outcome, note=cite(spec.ward_stay)
    )
    sets = [Set(words.INFECTED, "yes")]
    if asks_for_ivig:
        sets.append(Set(f"{therapy} low IgG", INFECTION))
    parts.states = [
        State(s.name, s.clocks, s.requests, s.holds, sets=sets,
              marks=Marks(phase="infection", setting=s.marks.setting, tags=s.marks.tags))
        for s in ward_stay(f"{therapy}: infection", stay, ("infection",))
    ]  # fmt: skip
    parts.choices = [
        by_probability(
            outcome,
            [("died", words.OF_INFECTION, spec.fatality.base), ("recovered", AGAIN, 0.0)],
        )
    ]
    parts.detours = [
        Interruption(f"{therapy}: infection", f"{therapy}: infection, waiting for a bed")
    ]
    return parts


def answered(therapy: str) -> Set:
    """Low IgG, or an infection, that has been answered: neither calls for immunoglobulin again."""
    return Set(f"{therapy} low IgG", "no")


def low_igg(therapy: str, spec: LowImmunoglobulin, replacing: Sequence[str]) -> Brick:
    """Low IgG, drawn at the start, found when it comes or after a serious infection.

    A policy of replacing may answer it.

    `replacing` are the states with immunoglobulin; the clocks stand in the same order.
    """
    name = f"{therapy} low IgG"
    _, drawn = drawn_once(name, spec.low_igg.base, [])
    brick = Brick([], [drawn])
    brick.parts.variables = [Variable(name, "level", "no", ("yes", "no", INFECTION), known=False)]
    laws = {"yes": law_of(spec.onset), INFECTION: Constant(0.0)}
    for state in replacing:
        policy = f"{state}?"
        brick.clocks.append(
            Clock(
                f"{name} found",
                By(name, levels=laws, otherwise=NEVER),
                policy,
                since=words.start(therapy),
                sets=[answered(therapy)],  # found once
                note=cite(spec.low_igg, spec.onset),
            )
        )
        triggered = Rule("replace", state, [Is(words.IVIG, "triggered")])
        brick.parts.choices.append(Choice(policy, rules=[triggered, Rule("leave", HERE)]))
    return brick
