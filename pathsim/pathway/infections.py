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


def infection_clock(
    kit: Kit,
    therapy: str,
    spec: Infections,
    law: Law | By,
    *,
    ivig: LowImmunoglobulin | None,
    more: Sequence[Factor] = (),
) -> Clock:
    """Serious infections: more after the first, fewer while immunoglobulin is given."""
    ratio: list[Factor] = [
        *more,
        By(words.INFECTED, levels={"yes": spec.recurrence.base}, otherwise=1.0),
        *factors(spec.effects),
        *kit.dependence("infection"),
        kit.prevention,
    ]
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
        sets.append(Set(words.unanswered(therapy), "yes"))
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


def ivig_end(therapy: str, spec: LowImmunoglobulin, then: str) -> Clock:
    """Immunoglobulin is over: neither low IgG nor an infection during it calls for more."""
    over = {policy: policy for policy in words.IVIG_POLICIES} | {"primary": "none"}
    return Clock(
        f"{therapy} IVIG end",
        Constant(spec.replacement.base),
        then,
        sets=[
            Set(words.low_igg(therapy), "no"),
            Set(words.unanswered(therapy), "no"),
            Set(words.IVIG, By(words.IVIG, levels=over)),
        ],
        note=cite(spec.replacement),
    )


def low_igg(
    kit: Kit, therapy: str, spec: LowImmunoglobulin, replacing: Sequence[str]
) -> tuple[Brick, list[list[Clock]]]:
    """Low IgG, drawn at the start and found when it comes; what a policy of replacing does.

    `replacing` are the states with immunoglobulin. For each of them, in the same order, the clocks
    of the state without it: low IgG is found, an infection is considered, primary replacement.
    """
    name = words.low_igg(therapy)
    variable, drawn = drawn_once(name, spec.low_igg.base, [])
    brick = Brick([], [drawn])
    waits = Variable(words.unanswered(therapy), "level", "no", ("no", "yes"))
    brick.parts.variables = [variable, waits]
    clocks = []
    for state in replacing:
        found, after, given = (f"{state}: {w}" for w in ("low IgG", "after infection", "given?"))
        clocks.append(calls(kit, therapy, spec, {"found": found, "after": after, "state": state}))
        share = spec.treated
        brick.parts.choices += [
            policy(found, state if share is None else given, "low_igg"),
            policy(after, state, "after_infection"),
        ]
        if share is not None:
            ways = [("given", state, share.base), ("not given", HERE, 0.0)]
            brick.parts.choices.append(by_probability(given, ways))
    return brick, clocks


def policy(choice: str, then: str, asked: str) -> Choice:
    """Whether what has come calls for immunoglobulin."""
    called = Rule("replace", then, [Is(words.IVIG, asked, "triggered")])
    return Choice(choice, rules=[called, Rule("leave", HERE)])


def calls(kit: Kit, therapy: str, spec: LowImmunoglobulin, ways: dict[str, str]) -> list[Clock]:
    """What may bring a patient to immunoglobulin: low IgG, an infection, or the plan."""
    low, waits, first = words.low_igg(therapy), words.unanswered(therapy), kit.care.immunoglobulin
    return [
        Clock(
            f"{low} found",
            By(low, levels={"yes": law_of(spec.onset)}, otherwise=NEVER),
            ways["found"],
            since=words.start(therapy),
            sets=[Set(low, "no")],  # found once
            note=cite(spec.low_igg, spec.onset, first.trigger),
        ),
        Clock(
            f"{therapy} infection considered",
            By(waits, levels={"yes": Constant(0.0)}, otherwise=NEVER),
            ways["after"],
            sets=[Set(waits, "no")],
        ),
        Clock(
            f"{therapy} primary immunoglobulin",
            By(words.IVIG, levels={"primary": Constant(first.first_dose.base)}, otherwise=NEVER),
            ways["state"],
            since=words.start(therapy),
            note=cite(first.first_dose),
        ),
    ]
