"""Bricks for what befalls patients on T-cell redirection: CRS, ICANS, rare events, infections, IgG.

Each function gives the clock to list, and the Parts (detour, its states and choices, variables)
behind it. Used by car_t, bispecific and regimen; knows no modality.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pathsim.inputs.safety import (
    Crs,
    Graded,
    Icans,
    Icu,
    Outpatient,
    RareEvent,
    SecondCancer,
)
from pathsim.laws import Exponential
from pathsim.pathway import words
from pathsim.pathway.bricks import (
    NEVER,
    Interruption,
    Parts,
    by_probability,
    cite,
    factors,
    law_of,
)
from pathsim.pathway.chance import Levels, Ordered
from pathsim.pathway.conditions import Is
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    Choice,
    Clock,
    Marks,
    Request,
    Rule,
    State,
    Variable,
)
from pathsim.pathway.reading import By, Factor
from pathsim.pathway.setting import Set

GRADES = ("severe", "mild", "none")


@dataclass
class Brick:
    """A clock to list in states, what to set at the therapy's start, and the parts behind it."""

    clocks: list[Clock] = field(default_factory=list)
    sets: list[Set] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)


def graded(
    therapy: str,
    title: str,
    spec: Graded,
    icu: Icu,
    outpatient: Outpatient,
    meanwhile: Sequence[Clock] = (),
) -> Brick:
    """CRS or ICANS: the grade is drawn at the start, and comes when its onset rings, if at all.

    `meanwhile` are the clocks that may interrupt it. Its own states list them, so that what has
    come is read anew when that is over.
    """
    name = f"{therapy} {title}"
    onset = law_of(spec.onset)
    brick = Brick(
        clocks=[
            Clock(
                f"{name} onset",
                By(name, levels={"severe": onset, "mild": onset}, otherwise=NEVER),
                f"{therapy}: {title}",
                since=words.start(therapy),
                note=cite(spec.any, spec.grade3plus, spec.onset),
            )
        ],
        sets=[Set(name, grade_draw(spec, name))],
    )
    brick.parts.variables = [Variable(name, "level", "none", GRADES)]
    brick.parts.detours = [Interruption(f"{therapy}: {title}", f"{name} grade")]
    care(brick.parts, therapy, title, spec, icu)
    admission(brick.parts, therapy, title, spec, outpatient)
    states = [replace(s, clocks=[*s.clocks, *meanwhile]) for s in brick.parts.states]
    brick.parts.states = states
    return brick


def grade_draw(spec: Graded, name: str) -> Ordered | By:
    """Severe, mild or none; less often with prophylactic tocilizumab, where that is given."""
    usual = grade_odds(spec, spec.any.base)
    prevented = getattr(spec, "with_tocilizumab_prophylaxis", None)
    if prevented is None:
        return usual
    return By(words.PROPHYLAXIS, levels={"yes": grade_odds(spec, prevented.base)}, otherwise=usual)


def grade_odds(spec: Graded, share: float) -> Ordered:
    severe = spec.grade3plus.base * share / spec.any.base if spec.any.base else 0.0
    shares = {"severe": severe, "mild": share - severe, "none": 1.0 - share}
    return Ordered(shares, factors(spec.effects))


def care(parts: Parts, therapy: str, title: str, spec: Graded, icu: Icu) -> None:
    """Where it is treated and with what: on the bed held, or in intensive care."""
    name = f"{therapy} {title}"
    end = Clock(f"{name} end", law_of(spec.duration), AGAIN, note=cite(spec.duration))
    tags, once = (title.lower(),), [Set(name, "none")]
    severe, waiting = f"{name}: severe", f"{therapy}: {title}, waiting for intensive care"
    parts.choices += [
        Choice(
            f"{name} grade",
            rules=[
                Rule("severe", f"{name} intensive care", [Is(name, "severe")]),
                Rule("outpatient", f"{name} admitted", [Is(words.SITE, "outpatient")]),
                Rule("mild", f"{name} treatment"),
            ],
        ),
        by_probability(
            f"{name} intensive care",
            [
                ("intensive care", waiting, icu.admission.base),
                ("ward", f"{name} ward", 0.0),
            ],
        ),
    ]
    ways = treatments(therapy, title, spec)
    parts.choices.append(by_probability(f"{name} treatment", [(w, s, p) for w, s, p, _ in ways]))
    for _, state, _, uses in ways:
        parts.states.append(
            State(state, [end], sets=once, marks=Marks(phase="toxicity", uses=uses, tags=tags))
        )
    dosed = {"tocilizumab": 1.0, "steroids": 1.0} if isinstance(spec, Crs) else {"steroids": 1.0}
    marks = Marks(phase="toxicity", uses=dosed, tags=tags)
    stay = Clock(f"{name} intensive care stay", law_of(icu.stay), AGAIN, note=cite(icu))
    parts.states += [
        State(severe, [end], sets=once, marks=marks),
        State(waiting, [end],
              [Request(words.ICU, f"{therapy}: {title}, intensive care")], sets=once, marks=marks),
        State(f"{therapy}: {title}, intensive care", [stay], holds={words.ICU: 1},
              marks=Marks(phase="toxicity", setting="icu", tags=("icu",))),
    ]  # fmt: skip


def treatments(
    therapy: str, title: str, spec: Graded
) -> list[tuple[str, str, float, dict[str, float]]]:
    """(way, state, probability, uses) of the mild; steroids go to some of those on tocilizumab."""
    plain = f"{therapy}: {title}"
    if not isinstance(spec, Crs):
        return [("steroids", f"{plain}, on steroids", 1.0, {"steroids": 1.0})]
    both = min(spec.tocilizumab.base, spec.steroids.base)
    return [
        ("tocilizumab and steroids", f"{plain}, on tocilizumab and steroids", both,
         {"tocilizumab": 1.0, "steroids": 1.0}),
        ("tocilizumab", f"{plain}, on tocilizumab", spec.tocilizumab.base - both,
         {"tocilizumab": 1.0}),
        ("supportive", f"{plain}, watched", 0.0, {}),
    ]  # fmt: skip


def admission(parts: Parts, therapy: str, title: str, spec: Graded, outpatient: Outpatient) -> None:
    """Those outside a bed: most are admitted to the ward, the rest are treated at home.

    The share admitted and their stay are those on CRS, for ICANS too.
    """
    name, ward = f"{therapy} {title}", f"{therapy}: admitted on {title}"
    stay = Clock(f"{name} admission", law_of(outpatient.stay), AGAIN, note=cite(outpatient))
    waiting, outside = f"{therapy}: waiting for a ward bed on {title}", "outpatient"
    dosed = {"steroids": 1.0}
    if isinstance(spec, Crs):
        dosed = {"tocilizumab": spec.tocilizumab.base, "steroids": spec.steroids.base}
    parts.states += [
        State(waiting, [stay], [Request(words.WARD, ward)], sets=[Set(name, "none")],
              marks=Marks(phase="toxicity", uses=dosed, tags=(title.lower(),))),
        State(ward, [stay], holds={words.WARD: 1}, marks=Marks(phase="toxicity", setting="ward")),
    ]  # fmt: skip
    parts.choices += [
        by_probability(f"{name} admitted", [
            ("admitted", waiting, outpatient.admission_on_crs.base),
            ("at home", f"{name} treatment", 0.0),
        ]),
        Choice(f"{name} ward", rules=[
            Rule(outside, waiting, [Is(words.SITE, outside)]),
            Rule("in a bed", f"{name}: severe"),
        ]),
    ]  # fmt: skip


def crs_and_icans(therapy: str, crs: Crs, icans: Icans, icu: Icu, outpatient: Outpatient) -> Brick:
    """Both; ICANS may come while CRS lasts."""
    second = graded(therapy, "ICANS", icans, icu, outpatient)
    first = graded(therapy, "CRS", crs, icu, outpatient, meanwhile=second.clocks)
    first.clocks += second.clocks
    first.sets += second.sets
    first.parts.add(second.parts)
    return first


def drawn_once(name: str, p: float, effects: Sequence[Factor]) -> tuple[Variable, Set]:
    """Whether it will come, drawn at the start and hidden."""
    shares = {"yes": p, "no": 1.0 - p}
    draw = Levels(shares, {"yes": list(effects)} if effects else {})
    return Variable(name, "level", "no", ("yes", "no"), known=False), Set(name, draw)


def rare_event(therapy: str, title: str, spec: RareEvent, death: str = words.OF_TREATMENT) -> Brick:
    """IEC-HS or enterocolitis: a ward stay that some do not survive. Its clock stands by itself."""
    name = f"{therapy} {title}"
    variable, drawn = drawn_once(name, spec.probability.base, factors(spec.effects))
    onset = Clock(
        f"{name} onset",
        By(name, levels={"yes": law_of(spec.onset)}, otherwise=NEVER),
        f"{therapy}: {title}",
        since=words.start(therapy),
        sets=[Set(name, "no")],  # it comes once
        note=cite(spec.probability, spec.onset),
    )
    brick = Brick([onset], [drawn])
    brick.parts.variables = [variable]
    brick.parts.detours = [
        Interruption(f"{therapy}: {title}", f"{therapy}: {title}, waiting for a bed")
    ]
    outcome = f"{name} outcome"
    stay = Clock(f"{name} stay", law_of(spec.stay), outcome, note=cite(spec.stay, spec.death))
    brick.parts.choices = [
        by_probability(outcome, [("died", death, spec.death.base), ("recovered", AGAIN, 0.0)])
    ]
    brick.parts.states = ward_stay(f"{therapy}: {title}", stay, (tag(title),))
    return brick


def tag(title: str) -> str:
    """What a toxicity is counted by."""
    return title.lower().replace("-", "_").replace(" ", "_")


def ward_stay(name: str, stay: Clock, tags: Sequence[str], rank: int = 1) -> list[State]:
    """A wait for a ward bed and the stay in it; the illness runs from its onset."""
    marks = Marks(phase="toxicity", tags=tags)
    return [
        State(
            f"{name}, waiting for a bed",
            [stay],
            [Request(words.WARD, f"{name}, on the ward", rank=rank)],
            marks=marks,
        ),
        State(
            f"{name}, on the ward",
            [stay],
            holds={words.WARD: 1},
            marks=Marks(phase="toxicity", setting="ward", tags=()),
        ),
    ]


def second_cancer(therapy: str, spec: SecondCancer) -> Brick:
    """A second cancer in excess of what age brings; the fatal ones are counted when they appear."""
    name = f"{therapy} second cancer"
    brick = Brick()
    clock = Clock(name, Exponential(spec.rate.base), f"{name} outcome", note=cite(spec))
    brick.parts.standing = [clock]
    brick.parts.choices = [
        by_probability(f"{name} outcome", [("fatal", words.OF_CANCER, spec.death.base),
                                           ("not fatal", HERE, 0.0)])
    ]  # fmt: skip
    return brick
