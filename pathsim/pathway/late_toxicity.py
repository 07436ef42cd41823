"""Bricks for what comes weeks after CAR T: delayed neurotoxicity, lymphocytes, low counts.

Used by `infusion`. Each comes as an event that takes no time; what it means afterwards is read by
other clocks. Delayed neurotoxicity stands by itself, so that it comes after relapse too.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathsim.inputs.safety import Cytopenia, DelayedNeurotoxicity, LymphocytePeak
from pathsim.laws import Constant
from pathsim.pathway import words
from pathsim.pathway.bricks import NEVER, Interruption, by_probability, cite, factors, law_of
from pathsim.pathway.chance import Ago, Levels
from pathsim.pathway.conditions import Is
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    Choice,
    Clock,
    Marks,
    Option,
    Rule,
    State,
    Variable,
)
from pathsim.pathway.reading import By
from pathsim.pathway.setting import NOW, Set, Test
from pathsim.pathway.toxicity import Brick, drawn_once, tag

YES_NO = ("no", "yes")
NOT_MEASURED = "not_measured"


def event(
    brick: Brick, name: str, uses: dict[str, float], *tags: str, starts: Sequence[str] = ()
) -> None:
    """A detour that takes no time, after which what the interrupted state lists is read anew."""
    over = Clock(f"{name} is noted", Constant(0.0), AGAIN)
    noted = Marks(phase="toxicity", uses=uses, tags=tags)
    brick.parts.states.append(State(f"{name}, noted", [over], starts=starts, marks=noted))
    brick.parts.detours.append(Interruption(name, f"{name}, noted"))


def delayed_neurotoxicity(
    therapy: str, title: str, spec: DelayedNeurotoxicity, peak: LymphocytePeak | None
) -> Brick:
    """Comes once or never, lasts for months, for good in some, fatal in a few; standing clocks."""
    name = f"{therapy} {title}"
    variable, _ = drawn_once(name, 0.0, [])
    brick = Brick([], [Set(name, will_come(therapy, spec, peak))])
    brick.parts.variables = [variable]
    onset = Clock(
        f"{name} onset",
        By(name, levels={"yes": law_of(spec.onset)}, otherwise=NEVER),
        f"{therapy}: {title}" if peak is None else f"{name} prevented?",
        since=words.start(therapy),
        sets=[Set(name, "no")],
        note=cite(spec.probability, spec.onset),
    )
    end = Clock(f"{name} end", law_of(spec.duration), f"{name} outcome", note=cite(spec.duration))
    brick.parts.standing = [onset, end]
    event(brick, f"{therapy}: {title}", {}, tag(title), "neurotoxicity", starts=[end.name])
    lasting = spec.permanent.base * (1.0 - spec.death.base)
    brick.parts.choices = [
        by_probability(f"{name} outcome", [("died", words.OF_TREATMENT, spec.death.base),
                                           ("lasting deficit", HERE, lasting),
                                           ("recovered", HERE, 0.0)])
    ]  # fmt: skip
    if peak is not None:
        brick.parts.choices.append(prevented(therapy, name, f"{therapy}: {title}", peak))
    return brick


def will_come(therapy: str, spec: DelayedNeurotoxicity, peak: LymphocytePeak | None) -> Levels | By:
    """Whether it will come, oftener where lymphocytes peak high; drawn at infusion."""
    odds = {"yes": factors(spec.effects)} if spec.effects else {}

    def draw(ratio: float) -> Levels:
        share = min(1.0, spec.probability.base * ratio)
        return Levels({"yes": share, "no": 1.0 - share}, odds)

    if peak is None:
        return draw(1.0)
    high, low = draw(peak.risk_ratio_high.base), draw(peak.risk_ratio_low.base)
    return By(words.peak(therapy), levels={"high": high, "low": low})


def prevented(therapy: str, name: str, comes: str, peak: LymphocytePeak) -> Choice:
    """A part of what would have come has been prevented where dexamethasone was given."""
    left = peak.still_comes.base
    if_given = By(words.dexamethasone(therapy), levels={"yes": 1.0}, otherwise=0.0)
    return Choice(f"{name} prevented?", options=[
        Option("comes", comes, left), Option("prevented", HERE, 1.0 - left, odds=[if_given]),
    ])  # fmt: skip


def lymphocytes(therapy: str, spec: LymphocytePeak) -> Brick:
    """The peak, hidden until it is measured; dexamethasone for a high one, if that is asked for."""
    hidden, known = words.peak(therapy), words.measured_peak(therapy)
    given, detour = words.dexamethasone(therapy), f"{therapy}: dexamethasone for lymphocytes"
    shares = {"high": spec.high.base, "low": 1.0 - spec.high.base}
    measured = Clock(
        f"{therapy} lymphocytes measured",
        By(known, levels={NOT_MEASURED: Constant(spec.measured.base)}, otherwise=NEVER),
        f"{therapy}: lymphocytes high?",
        since=words.start(therapy),
        sets=[Set(known, Test(hidden))],
        note=cite(spec),
    )
    first = [Set(hidden, Levels(shares)), Set(known, NOT_MEASURED), Set(given, "no")]
    brick = Brick([measured], first)
    brick.parts.variables = [
        Variable(hidden, "level", "low", ("high", "low"), known=False),
        Variable(known, "level", "low", ("high", "low", NOT_MEASURED)),
        Variable(given, "level", "no", YES_NO),
    ]
    asked = [Is(words.DEXAMETHASONE, "yes"), Is(known, "high")]
    brick.parts.choices = [
        Choice(f"{therapy}: lymphocytes high?", rules=[
            Rule("dexamethasone", detour, asked, [Set(given, "yes")]),
            Rule("high, nothing given", HERE, [Is(known, "high")]),
            Rule("low", HERE),
        ])
    ]  # fmt: skip
    event(brick, detour, {"steroids": 1.0}, "dexamethasone")
    return brick


def cytopenia(therapy: str, spec: Cytopenia) -> Brick:
    """Low counts: found on a day, over after a time; infections read them meanwhile."""
    name, low, since = f"{therapy} cytopenia", words.low_counts(therapy), f"{therapy} low since"
    variable, drawn = drawn_once(name, spec.probability.base, factors(spec.effects))
    found = Clock(
        f"{name} found",
        By(name, levels={"yes": Constant(spec.found.base)}, otherwise=NEVER),
        f"{therapy}: cytopenia",
        since=words.start(therapy),
        sets=[Set(name, "no"), Set(low, "yes"), Set(since, NOW)],
        note=cite(spec.probability, spec.found),
    )
    over = Clock(
        f"{name} is over",
        By(low, levels={"yes": law_of(spec.duration)}, otherwise=NEVER),
        HERE,
        since=since,
        sets=[Set(low, "no")],
        note=cite(spec.duration),
    )
    brick = Brick([found, over], [drawn, Set(low, "no")])
    brick.parts.variables = [
        variable, Variable(low, "level", "no", YES_NO), Variable(since, "moment", Ago(0.0)),
    ]  # fmt: skip
    used = {"transfusion": spec.transfusions.value, "clinic_visit": spec.transfusions.value}
    event(brick, f"{therapy}: cytopenia", used, "cytopenia")
    return brick
