"""Wishes for precision as people write them: `overall survival from arrival, at 24 months: 1`.

Read before anything is run, and matched with the outcomes once some replications are there, for
which outcomes there are is known only then. Called by the command line and `adding`; what is
wrong with any of them is told of all at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from pathsim.errors import InputError, Problem, did_you_mean
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.named import outcomes
from pathsim.outcomes.outcome import Outcome, per_replication
from pathsim.outcomes.summary import differing
from pathsim.study.precision import FEWEST, MOST, Precision, Sample, Wish

OPTION = "--precision"
DIFFERENCE = "difference:"
RELATIVE = re.compile(r"^% of (its|the) mean$")
WIDTH = re.compile(r"^\s*(?P<number>[^\s%]+)\s*(?P<unit>.*?)\s*$")
EXAMPLE = "write OUTCOME: HALF-WIDTH, such as 'overall survival from arrival, at 24 months: 1'"


def precision(
    texts: Sequence[str],
    *,
    most: int | None = None,
    replications: int | None = None,
    compared: bool = False,
) -> Precision:
    """The wishes in these texts; raises InputError with all that is wrong with any.

    `replications` are the first and `most` all that there may be, where they are given. Differences
    can be asked for where strategies are `compared`.
    """
    found: list[Wish] = []
    limit = MOST if most is None else most
    problems = [*_first_problems(replications, limit)]
    for number, text in enumerate(texts, start=1):
        try:
            wish = _wish(text, number, compared=compared)
            _demand_once(wish, found)
            found.append(wish)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Precision(tuple(found), limit)


def _first_problems(replications: int | None, most: int) -> Iterator[Problem]:
    if replications is None:
        return
    said = f"{replications} first replications"
    if replications < FEWEST:
        cause = f"{said} say too little of how outcomes spread"
        yield Problem("--replications", 0, "", cause, f"say {FEWEST} or more, or leave it out")
    if replications > most:
        cause = f"{said} are more than {most}, the most allowed"
        yield Problem("--replications", 0, "", cause, "say fewer, or more --most-replications")


def _wish(text: str, number: int, *, compared: bool) -> Wish:
    name, colon, width = text.rpartition(":")
    difference = name.strip().startswith(DIFFERENCE)
    name = " ".join(name.strip().removeprefix(DIFFERENCE).split())
    if not colon or not name or name == DIFFERENCE.removesuffix(":"):
        raise _wrong(number, text, "this is no outcome with a half-width", EXAMPLE)
    half, unit = _width(width, number, text)
    relative = bool(RELATIVE.match(unit))
    if difference and not compared:
        remedy = "say it to 'pathsim compare', or leave out 'difference:'"
        raise _wrong(number, text, "one strategy has no difference", remedy)
    if difference and relative:
        cause = "a difference may be 0, of which no share can be asked"
        raise _wrong(number, text, cause, "ask for a half-width in its unit")
    half = half / 100 if relative else half
    return Wish(name, half, "" if relative else unit, relative, difference, number, text)


def _width(words: str, number: int, text: str) -> tuple[float, str]:
    """(the number, the words after it)."""
    found = WIDTH.match(words)
    try:
        half = float(found["number"]) if found else math.nan
    except ValueError:
        half = math.nan
    if found is None or not 0 < half < math.inf:
        cause = f"'{words.strip()}' is no half-width: it must be a number above 0"
        raise _wrong(number, text, cause, EXAMPLE)
    return half, found["unit"]


def _demand_once(wish: Wish, before: Iterable[Wish]) -> None:
    for other in before:
        if (other.outcome, other.difference) == (wish.outcome, wish.difference):
            cause = f"the same outcome is asked for in number {other.number}"
            raise _wrong(wish.number, wish.text, cause, "leave one of them out")


def samples(asked: Sequence[Wish], strategies: Mapping[str, Measured], n: int) -> list[Sample]:
    """The values of n replications that each wish is about, for each strategy that has them.

    Raises InputError with every wish for what no strategy has, or in another unit.
    """
    found: list[Sample] = []
    problems: list[Problem] = []
    means = {name: outcomes(measured) for name, measured in strategies.items()}
    between = _differences(asked, strategies)
    for wish in asked:
        try:
            found += _samples(wish, between if wish.difference else means, n)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _differences(
    asked: Sequence[Wish], strategies: Mapping[str, Measured]
) -> dict[str, list[Outcome]]:
    names = {wish.outcome for wish in asked if wish.difference}
    if not names:
        return {}
    known = {outcome.name for each in strategies.values() for outcome in outcomes(each)}
    return differing(strategies, only=names if names <= known else None)


def _samples(wish: Wish, among: Mapping[str, Sequence[Outcome]], n: int) -> Iterator[Sample]:
    there = {name: each for name, found in among.items() if (each := _named(wish, found))}
    if not there:
        names = dict.fromkeys(each.name for found in among.values() for each in found)
        near = did_you_mean(wish.outcome, names)
        remedy = f"did you mean '{near}'?" if near else "'--all' prints every outcome"
        raise _wrong(wish.number, wish.text, "there is no such outcome here", remedy)
    for strategy, outcome in there.items():
        _check_unit(wish, outcome.unit)
        (by,) = per_replication([outcome])
        values = by.reindex(range(n)).to_numpy(dtype=np.float64)
        yield Sample(wish, strategy, outcome.unit, values)


def _named(wish: Wish, found: Sequence[Outcome]) -> Outcome | None:
    return next((outcome for outcome in found if outcome.name == wish.outcome), None)


def _check_unit(wish: Wish, unit: str) -> None:
    """Months may be written as month, % of the referred as %, times per 100 patients as times."""
    if wish.unit and wish.unit not in (unit, unit.partition(" ")[0], unit.removesuffix("s")):
        cause = f"'{wish.unit}' is not its unit"
        remedy = f"write it in {unit}" + (
            ", or '% of its mean'" if wish.unit == "%" and not wish.difference else ""
        )
        raise _wrong(wish.number, wish.text, cause, remedy)


def _wrong(number: int, text: str, cause: str, remedy: str) -> InputError:
    return InputError(Problem(OPTION, number, f"'{text[:120]}'", cause, remedy))
