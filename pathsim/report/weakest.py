"""Which numbers are the weakest: assumed or unverified, and able to move the result.

Called by the sections `evidence` and `answer`. Where a sensitivity study is among the results it
says which such number moves an outcome most. Where none is, nothing is known of that: then the
widest ranges are named, of numbers that reach the model that was run, and no more is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pathsim.errors import InputError, PathwayError
from pathsim.inputs.evidence import Number
from pathsim.inputs.stated import Stated
from pathsim.inputs.vary import varied
from pathsim.outcomes.labels import decimals_of, written
from pathsim.pathway.build import Built, build
from pathsim.report.basis import asked
from pathsim.study.evidence import unverified
from pathsim.study.told import quantity, range_of
from pathsim.study.used import NAMED, Used, UsedPart

if TYPE_CHECKING:
    from pathsim.study.kept import Result, Study

MANY = 5
"""How many are named."""
LEAST_POINTS = 0.05
"""A share whose whole range is no wider touches few patients, whatever its range is beside it."""
HEADLINES = (
    "time off treatment", "overall survival from arrival, mean within 60 months",
    "overall survival from arrival, at 24 months", "days in hospital", "lost before infusion",
)  # fmt: skip
"""Outcomes by which numbers are ranked, the first that a study has."""
SURE = ("assumed", "95ci")
"""Ranges of the number itself; the others are of patients or cohorts."""
READ = {"assumption": "an assumption", "calibrated": "fitted to figures that were not read"}


@dataclass(frozen=True)
class Weak:
    """One weak number, in words: what it is, its value and range, why it is weak, what it moves."""

    path: str
    words: str
    value: str
    range: str
    kind: str
    why: str
    moves: str = ""

    @property
    def said(self) -> str:
        """In one line: `share of ... (cilta-cel), 20 % (range 5 to 50), an assumption`."""
        return f"{self.words}, {self.value} (range {self.range}), {self.kind}"


@dataclass(frozen=True)
class Weakest:
    """The weakest numbers, the weakest first, and how they were found.

    `simulated` says whether a study showed what they move; `says` is for the reader of an answer,
    `how` for the reader of the evidence.
    """

    numbers: tuple[Weak, ...]
    simulated: bool
    says: str
    how: str


def weakest(result: Result) -> Weakest | None:
    """The weakest numbers of a result; None where no model is kept."""
    if not _found or _found[0][0] is not result:
        _found[:] = [(result, _weakest(result))]
    return _found[0][1]


_found: list[tuple[Result, Weakest | None]] = []
"""Of the result asked for last, as two sections of a page ask."""


def _weakest(result: Result) -> Weakest | None:
    models = asked(result)
    if models is None:
        return None
    builts, found = {each.name: each.built for each in models.bases}, models.evidence
    return (_by_simulation(result, found) or _by_part(result, builts, found)
            or _by_range(builts, found))  # fmt: skip


# --- as a study showed --------------------------------------------------------------------------


def _by_simulation(result: Result, found: Used) -> Weakest | None:
    """By the first sensitivity study that varied any of them."""
    numbers = {part.path(n): (part, i) for part in found for i, n in enumerate(part.numbers)}
    for study in result.studies:
        for ranking in _rankings(study):
            having = [
                (numbers[str(row.path)], row)
                for row in ranking.rows.itertuples()
                if str(row.path) in numbers
            ]
            weak = [_moved(part, i, row, ranking.measure) for (part, i), row in having
                    if unverified(part.numbers[i].number)]  # fmt: skip
            if weak:
                return _shown(weak, study, ranking)
    return None


def _shown(weak: list[Weak], study: Study, ranking: Ranking) -> Weakest:
    says = (f"The weakest number is {weak[0].said}: {weak[0].moves}. Of the {ranking.varied} that "
            f"the study {study.name} varied, no other that is assumed or unverified moves this "
            "more.")  # fmt: skip
    how = {
        "swing": "ranked by how far the outcome moves between the ends of the range tried",
        "ST": "ranked by the share of the outcome's variance that is left when all others are "
        "known (Sobol, total order)",
        "mu_star": "ranked by the mean change of the outcome for the whole width (Morris)",
    }[ranking.measure]
    return Weakest(
        tuple(weak[:MANY]),
        True,
        says,
        f"Assumed or unverified numbers that the study {study.name} varied, {how}; "
        f"outcome: {ranking.outcome}. What it did not vary is not ranked; the largest of many "
        "tends to be found a little too large.",
    )


def _by_part(result: Result, builts: Mapping[str, Built], found: Used) -> Weakest | None:
    """By the first study that moved whole parts: the widest ranges of the part that moves most."""
    parts = {".".join(map(str, part.part.at)): part for part in found}
    for study in result.studies:
        for ranking in _rankings(study):
            for row in ranking.rows.itertuples():
                part = parts.get(str(row.path))
                weak = _widest(builts, Used((part,), ())) if part else []
                if part and weak:
                    return _shown_of_part(part, weak, study, ranking.outcome)
    return None


def _shown_of_part(part: UsedPart, weak: list[Weak], study: Study, outcome: str) -> Weakest:
    what = part.name if part.part.kind == "therapies" else f"the {NAMED[part.part.kind].lower()}"
    says = (f"In the study {study.name}, which moved the numbers of each part together, {outcome} "
            f"rests most on those of {what}; the weakest of these, by its range, is "
            f"{weak[0].said}.")  # fmt: skip
    how = (f"Assumed or unverified numbers of the part on which {outcome} rests most by the study "
           f"{study.name}, by the width of their range beside their value. What each does by "
           "itself the study does not tell.")  # fmt: skip
    return Weakest(tuple(weak), False, says, how)


@dataclass(frozen=True)
class Ranking:
    """What moves an outcome: rows with `path` and `size`, the largest first; of so many varied."""

    outcome: str
    measure: str
    varied: int
    rows: pd.DataFrame


def _rankings(study: Study) -> Iterator[Ranking]:
    """Of each outcome, the headlines first; a swing that may be chance is none."""
    for name, measure in (("tornado", "swing"), ("indices", "ST"), ("indices", "mu_star")):
        if not study.has(name):
            continue
        table = study.table(name)
        if measure not in table:
            continue
        if "minus" in table:
            table = table[table["minus"].isna() | (table["minus"] == "")]
        table = table[table["scenario"] == table["scenario"].iloc[0]] if len(table) else table
        table = table.assign(
            path=table["path"] if "path" in table else table["factor"], size=table[measure].abs()
        )
        outcomes = [*dict.fromkeys(table["outcome"])]
        for outcome in [*(o for o in HEADLINES if o in outcomes), *outcomes]:
            mine = table[table["outcome"] == outcome]
            sure = mine["low"] * mine["high"] > 0 if measure == "swing" else mine["size"] > 0
            rows = mine[sure].sort_values("size", ascending=False, kind="stable")
            yield Ranking(outcome, measure, mine["path"].nunique(), rows)


def _moved(part: UsedPart, index: int, row: Any, measure: str) -> Weak:
    weak = _weak([part], part.numbers[index], part.told[index])
    if measure == "swing":
        unit = "points in 100" if row.unit.startswith("%") else row.unit
        swing, low, high = (written(x, decimals_of(abs(row.swing))) for x in
                            (row.swing, row.low, row.high))  # fmt: skip
        moves = (f"from one end tried ({row.low_value}) to the other ({row.high_value}) "
                 f"{row.outcome} moves by {swing} {unit} ({low} to {high})")  # fmt: skip
    elif measure == "ST":
        moves = f"it carries {100 * row.ST:.0f} % of the variance of {row.outcome}"
    else:
        moves = f"{row.outcome} changes by {row.mu_star:.2g} {row.unit} over its width"
    return Weak(**{**vars(weak), "moves": moves})


# --- as their ranges say -----------------------------------------------------------------------


def _by_range(builts: Mapping[str, Built], found: Used) -> Weakest | None:
    """The widest ranges of all; what they move is not known."""
    weak = _widest(builts, found)
    if not weak:
        return None
    says = (f"The weakest number, by the width of its range, is {weak[0].said}; what it does to "
            "the result is not known, as no sensitivity study stands beside this run.")  # fmt: skip
    return Weakest(tuple(weak), False, says, HOW)


def _widest(builts: Mapping[str, Built], found: Used) -> list[Weak]:
    """The widest ranges beside the value, of numbers that change the model when they change."""
    candidates: dict[tuple[Any, ...], list[tuple[UsedPart, int]]] = {}
    for part in found:
        for i, each in enumerate(part.numbers):
            if _may_matter(each.number):
                candidates.setdefault(_alike(each), []).append((part, i))
    ranked = sorted(candidates.values(), key=lambda c: -_width(c[0][0].numbers[c[0][1]].number))
    weak: list[Weak] = []
    for same in ranked:
        if len(weak) == MANY:
            break
        reached = [(p, i) for p, i in same if reaches(builts, p, p.numbers[i])]
        if reached:
            part, i = reached[0]
            weak.append(_weak([p for p, _ in reached], part.numbers[i], part.told[i]))
    return weak


HOW = (
    "Assumed or unverified numbers that reach the model of a strategy, by the width of their range "
    "beside their value; shares whose range is 5 points in 100 or less are left out. What each "
    "does to the result is not known here; a sweep tells (`pathsim sweep`, with a study of kind "
    "one_way, morris or sobol_indices)."
)
"""How they are ranked where no study tells."""


def _may_matter(number: Number) -> bool:
    spread = number.spread
    if not unverified(number) or spread is None or spread.of not in SURE or number.value == 0:
        return False
    share = number.unit in ("probability", "%")
    low, high = number.base_spread or (0.0, 0.0)
    return high - low > LEAST_POINTS if share else high > low


def _width(number: Number) -> float:
    """The width of its range, as a multiple of its value."""
    low, high = number.base_spread or (0.0, 0.0)
    return (high - low) / abs(number.base)


def _alike(each: Stated) -> tuple[Any, ...]:
    """What one assumption made in several files has alike."""
    n = each.number
    return (each.path, n.value, n.unit, n.kind, n.spread and (n.spread.low, n.spread.high))


def reaches(builts: Mapping[str, Built], part: UsedPart, number: Stated) -> bool:
    """Whether the model of a strategy is another one when the number is at the end of its range.

    A number that changes nothing (of a switch that is off, a period that is over, a region that is
    not this one) does not reach it.
    """
    spread = number.number.spread
    if spread is None:
        return False
    end = spread.high if spread.high != number.number.value else spread.low
    return any(_changes(builts[name], part.path(number), end) for name in part.strategies)


def _changes(built: Built, path: str, value: float) -> bool:
    """Whether the model is another one with this value there."""
    try:
        return build(varied(built.scenario, {path: value})).service != built.service
    except (InputError, PathwayError):
        return True  # it matters so much that with it there is no lawful model


def _weak(parts: list[UsedPart], number: Stated, told: Stated) -> Weak:
    names = ", ".join(dict.fromkeys(
        p.name if p.part.kind == "therapies" else NAMED[p.part.kind].lower() for p in parts
    ))  # fmt: skip
    n = number.number
    kind = READ.get(n.kind, f"{n.kind}, recalled and not read in its source")
    about = told.words if told.words == told.heading else f"{told.heading}, {told.words}"
    words = f"{about[0].lower()}{about[1:]} ({names})".replace(": ", ", ")
    return Weak(
        parts[0].path(number), words, quantity(told.number), range_of(told.number), kind,
        n.note or n.where,
    )  # fmt: skip
