"""The answer in three sentences: what patients get, what it costs the service, how sure that is.

Called by the section `answer`. No sentence claims more than its interval: which words may be used,
`best` says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pathsim.outcomes.first_look import FOLLOWED, HOSPITAL, LANDMARK, OFF, life, survival_at
from pathsim.outcomes.intervals import Interval
from pathsim.outcomes.labels import decimals_apart, decimals_of, listed, written
from pathsim.outcomes.pressure import Pressure
from pathsim.report.best import Best, Rival, best, means
from pathsim.report.drawn_anew import drawn_anew
from pathsim.report.service import breaks_first
from pathsim.report.sharing import same_patients
from pathsim.report.weakest import weakest
from pathsim.study.kept import Result
from pathsim.study.rule_words import resource_told
from pathsim.study.used import used
from pathsim.units import DAYS_PER_YEAR

FEW = 4
"""Of so many strategies each is named; of more the best, the next and the last."""


@dataclass(frozen=True)
class Claim:
    """How an outcome is told: `{} keeps patients off treatment longest`, what it is, its unit.

    `of` follows a mean with its unit: `483 days a patient`.
    """

    best: str
    noun: str
    unit: str
    of: str


def patients(result: Result) -> str:
    """What patients get: time off treatment, and time alive."""
    known = result.outcomes[result.outcomes["mean"].notna()]
    names = [str(name) for name in known["outcome"].unique()]
    alive = life(names)
    if OFF not in names or alive is None:
        return "Nobody came before the run ended: there is nothing to say of patients."
    if len(result.strategies) == 1:
        return _alone(result, alive)
    off = Claim("keeps patients off treatment longest", "time off treatment", "days", " a patient")
    living = Claim("keeps patients alive longest", "time alive", *_of_life(alive))
    each = (_best_told(result, OFF, off), _best_told(result, alive, living))
    return " ".join(filter(None, each))


def _of_life(outcome: str) -> tuple[str, str]:
    """The unit in which time alive is told, and of what time it is."""
    if outcome == FOLLOWED:
        return "days", " within the run"
    return "months", f" of the first {LANDMARK.findall(outcome)[0]}"


def _alone(result: Result, alive: str) -> str:
    """The levels of one strategy."""
    (name,) = result.strategies
    found = {o: means(result.outcomes, o).get(name) for o in (OFF, FOLLOWED, alive)}
    off, followed, living = found[OFF], found[FOLLOWED], found[alive]
    said = [f"Under {name} a patient is off treatment for {told(off, 'days')}"] if off else []
    if off and followed:
        said[0] += f" of the {told(followed, 'days')} followed"
    if living and alive != FOLLOWED:
        unit, of = _of_life(alive)
        said.append(f"a patient lives {told(living, unit)}{of}")
    at = survival_at(result.outcomes["outcome"])
    survive = means(result.outcomes, at).get(name) if at else None
    if at and survive:
        months = LANDMARK.findall(at)[0]
        said.append(f"{told(survive, '%')} are alive {months} months after arrival")
    return "; ".join(said) + "."


# --- the best ------------------------------------------------------------------------------------


def _best_told(result: Result, outcome: str, claim: Claim) -> str:
    found = best(result.measured, result.outcomes, outcome, first=first_of(result))
    if found is None:
        return ""
    if all(rival.verdict == "unknown" for rival in found.others):
        return _unknown(found, claim)
    return _settled(found, claim) if found.settled else _unsettled(found, claim)


def _settled(found: Best, claim: Claim) -> str:
    """Told apart from all others: by how much from the next, and the last of several."""
    following, several = found.others[0], len(found.others) > 1
    next_ = f"the next, {following.name}" if several else following.name
    return (f"{found.name} {claim.best}: {told(found.mean, claim.unit)}{claim.of}, "
            f"{by(following, found)} longer than {next_}{_shortest(found, claim)}.")  # fmt: skip


def _unsettled(found: Best, claim: Claim) -> str:
    """Some are not told apart from the best: which, and that it is not settled."""
    beside = found.beside
    if len(beside) > FEW:
        names = f"{found.name} and {len(beside)} of the {len(found.others)} others"
    else:
        names = listed([found.name, *(rival.name for rival in beside)])
    alike = all(rival.verdict == "alike" for rival in beside)
    word = "are about equal" if alike else "cannot be told apart"
    nearest = beside[0]
    pair = f"{number(found.mean)} and {number(nearest.mean)} {claim.unit}{claim.of}"
    of = "" if len(beside) == 1 else f" for {found.name}, which has the highest mean, and "
    of += "" if len(beside) == 1 else nearest.name
    return (f"In {claim.noun} {names} {word}: {pair}{of}, a difference of "
            f"{by(nearest, found, signed=True)}{_shortest(found, claim)}.")  # fmt: skip


def _shortest(found: Best, claim: Claim) -> str:
    """The last of several, where it is told apart from the best."""
    last = found.others[-1]
    if len(found.others) == 1 or last.verdict != "apart":
        return ""
    return f"; {last.name} has the shortest, {told(last.mean, claim.unit)}"


def _unknown(found: Best, claim: Claim) -> str:
    following = found.others[0]
    return (f"Which strategy has the longest {claim.noun} is not settled by one replication: "
            f"{found.name} has {number(found.mean)} and {following.name} "
            f"{number(following.mean)} {claim.unit}{claim.of}.")  # fmt: skip


# --- the service ---------------------------------------------------------------------------------


def service(result: Result) -> str:
    """What it costs: days in hospital of the strategy named first, and what breaks first."""
    found = means(result.outcomes, HOSPITAL)
    if not found:
        return ""
    named = costed(result)
    against = best(result.measured, result.outcomes, HOSPITAL, name=named, first=first_of(result))
    said = [
        f"Under {named} a patient spends {told(found[named], 'days')} in hospital"
        f"{_bed_days(result, named, found[named])}.",
        _against(against) if against else "",
        breaks(result, named),
    ]
    return " ".join(filter(None, said))


def costed(result: Result) -> str:
    """The strategy whose cost is told: that with the most time off treatment."""
    found = means(result.outcomes, OFF)
    return max(found, key=lambda name: found[name].mean) if found else next(iter(result.strategies))


def _bed_days(result: Result, name: str, days: Interval) -> str:
    """All bed days of a run, in round numbers."""
    measured = result.measured[name]
    each = len(measured.patients) / measured.replications
    years = measured.counted_days / DAYS_PER_YEAR
    return (f", about {rounded(days.mean * each)} bed days for {each:,.0f} patients in "
            f"{years:.3g} year{'' if years == 1 else 's'}")  # fmt: skip


def _against(found: Best) -> str:
    """How many more or fewer days than under the others, and where that is not settled."""
    others = _few(found.others)
    apart = [f"{by(rival, found)} {'more' if rival.by.mean > 0 else 'fewer'} than under "
             f"{rival.name}" for rival in others if rival.verdict == "apart"]  # fmt: skip
    beside = [f"{rival.name} (difference {by(rival, found, signed=True, inside=True)})"
              for rival in others if rival.verdict in ("alike", "open")]  # fmt: skip
    unknown = [f"{told(rival.mean, 'days')} under {rival.name}"
               for rival in others if rival.verdict == "unknown"]  # fmt: skip
    said = [
        f"That is {listed(apart)}." if apart else "",
        f"It cannot be told apart from that under {listed(beside)}." if beside else "",
        f"It is {listed(unknown)}; one replication does not settle that." if unknown else "",
    ]
    return " ".join(filter(None, said))


def _few(others: Sequence[Rival]) -> list[Rival]:
    """All others where they are few, else those with the fewest and the most."""
    return [*others] if len(others) < FEW else [others[0], others[-1]]


def breaks(result: Result, named: str) -> str:
    """Where the service breaks first: under the strategy named in words, under others by name."""
    first = {name: next(iter(found), None) for name, found in breaks_first(result).items()}
    said = f"{_breaks(result, named, first.pop(named))}."
    places: dict[str, list[str]] = {}
    for name, found in first.items():
        broken = found is not None and found.breaks
        where = f"at the {resource_told(found.resource)}" if found and broken else "nowhere"
        places.setdefault(where, []).append(name)
    if not places:
        return said
    if len(result.strategies) > FEW:
        counted = ", ".join(f"{where} ({len(names)})" for where, names in places.items())
        return f"{said} Under the other {len(first)}: {counted}."
    others = listed([f"{where} under {listed(names)}" for where, names in places.items()])
    return f"{said} It breaks first {others}."


def _breaks(result: Result, name: str, found: Pressure | None) -> str:
    """Where the service breaks first under one strategy, and by how much."""
    if found is None:
        return f"Under {name} nothing that is limited is asked for"
    first = resource_told(found.resource)
    if not found.breaks:
        return f"Under {name} nothing is over capacity; the most pressed are the {first}"
    wait = means(result.outcomes, f"wait for {found.resource}, 90th centile").get(name)
    slow = f"; of those served one in ten waits longer than {told(wait, 'days')}" if wait else ""
    fullest = (
        ""
        if found.year is None
        else (f", and of the {found.year_months} of its fullest year {told(found.in_year, '')}")
    )
    return (f"The service then breaks first at the {first}: of {found.months} months "
            f"{told(found.over, '')} are over capacity{fullest}{slow}")  # fmt: skip


# --- how sure ------------------------------------------------------------------------------------


def sure(result: Result) -> str:
    """How many replications, what intervals hold, and which number is the weakest."""
    measured = next(iter(result.measured.values()))
    n, each = measured.replications, len(measured.patients) / measured.replications
    alike = len(same_patients(result.strategies)) == len(result.strategies) > 1
    same = ", the same patients under each strategy" if alike else ""
    over = (
        "the intervals hold chance alone, not what is unknown"
        if n > 1
        else "one replication has no interval, neither for chance nor for what is unknown"
    )
    numbers = used({name: s.built.scenario for name, s in result.strategies.items()})
    count = numbers.count
    share = f"{100 * numbers.open / count:.0f} %" if count else "none"
    of = f"means of {n} replications" if n != 1 else "numbers of one replication"
    said = (f"These are {of} of {each:,.0f} "
            f"patients{same}; {over}: {share} of the {count:,} numbers used are assumed or "
            "unverified.")  # fmt: skip
    weak = weakest(result)
    return " ".join(filter(None, (said, drawn_anew(result), weak.says if weak else "")))


# --- numbers -------------------------------------------------------------------------------------


def told(found: Interval, unit: str) -> str:
    """A mean with its unit and its interval: `24.0 days (23.6 to 24.4)`."""
    decimals = _decimals(found)
    mean = " ".join(filter(None, (written(found.mean, decimals), unit)))
    if math.isnan(found.low) or found.low == found.high:
        return mean
    return f"{mean} ({written(found.low, decimals)} to {written(found.high, decimals)})"


def number(found: Interval) -> str:
    return written(found.mean, _decimals(found))


def rounded(x: float) -> str:
    """A large number to three figures."""
    return f"{float(f'{x:.3g}'):,.0f}"


def by(rival: Rival, found: Best, *, signed: bool = False, inside: bool = False) -> str:
    """A difference and its interval with its unit, without its sign unless `signed`.

    `inside` brackets the interval stands behind a comma.
    """
    x = rival.by
    if not signed and x.mean < 0:
        x = Interval(-x.mean, -x.high, -x.low, x.n)
    unit = "points" if found.unit.startswith("%") else found.unit
    decimals = _decimals(x)
    low, high = (written(bound, decimals) for bound in (x.low, x.high))
    said = f"{written(x.mean, decimals)} {unit}"
    return f"{said}, {low} to {high}" if inside else f"{said} ({low} to {high})"


def _decimals(found: Interval) -> int:
    """As in the tables, or as many as show that an interval leaves out 0."""
    return decimals_apart(decimals_of(abs(found.mean)), found.low, found.high)


def first_of(result: Result) -> int | None:
    """How many replications came first, where more were added until intervals were narrow."""
    first = (result.precision or {}).get("first_replications")
    return int(first) if first else None
