"""The parts of a pathway in words: laws, factors, tables, conditions, what is set, ways.

Called by `describe` and by the drawings. Knows one part at a time, never a whole pathway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pathsim.laws import Law, PiecewiseExponential
from pathsim.pathway.chance import Ago, FromLaw, Levels, Normal, Ordered
from pathsim.pathway.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    ExpectedWait,
    Free,
    Is,
    Measure,
    Never,
    Not,
    Queue,
    Since,
)
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    LEAVE,
    RETURN,
    START,
    Clock,
    Option,
    Request,
    Rule,
)
from pathsim.pathway.reading import CALENDAR, By, Factor, Per
from pathsim.pathway.setting import Now, PlusOne, Set, Test

MANY_PIECES = 6
"""A piecewise law with more pieces than this is told by its ends."""


def number(x: float) -> str:
    return f"{x:.4g}"


def percent(p: float) -> str:
    return f"{100 * p:.3g} %"


def a_number_of(n: int, thing: str, things: str = "") -> str:
    """1 state, 2 states; 1 pathway, no pathways."""
    return f"{n or 'no'} {thing if n == 1 else things or thing + 's'}"


def target(name: str) -> str:
    """Where a way leads, in words."""
    if name == HERE:
        return "goes on here"
    if name == RETURN:
        return "back to what was interrupted"
    if name == AGAIN:
        return "back to what was interrupted, read anew"
    if name.startswith(LEAVE):
        return f"{name.removeprefix(LEAVE)}, leaving every detour"
    return name


# --- laws and what shifts them -----------------------------------------------------------------


def law(found: Law | By) -> str:
    """A law, or a table of laws, in words; times in days."""
    if isinstance(found, By):
        return table(found)
    if isinstance(found, PiecewiseExponential) and len(found.rates) > MANY_PIECES:
        rates, starts = found.rates, found.starts
        return (
            f"piecewise exponential in {len(rates)} pieces, hazard {number(rates[0])} a day from "
            f"day 0 to {number(rates[-1])} a day from day {starts[-1]:.0f}"
        )
    return found.describe()


def origin(since: str) -> str:
    """The origin of a clock's time scale, empty where it is the clock's own start."""
    if since == START:
        return ""
    return "counted from day 0" if since == CALENDAR else f"counted from '{since}'"


def entry(found: Any) -> str:
    """An entry of a table: a law, a draw, a number or a level."""
    if isinstance(found, Law):
        return law(found)
    if isinstance(found, Levels | Ordered | Normal | FromLaw):
        return draw(found)
    if isinstance(found, By):
        return table(found)
    return number(found) if isinstance(found, float | int) else str(found)


def table(by: By) -> str:
    """A table in words: `by sex (female: 0.9, otherwise: 1)`."""
    parts = [f"{level}: {entry(e)}" for level, e in by.levels.items()]
    for upper, e in by.bands:
        parts.append(f"{_below(upper)}: {entry(e)}")
    if by.never is not None:
        parts.append(f"not yet: {entry(by.never)}")
    if by.otherwise is not None:
        parts.append(f"otherwise: {entry(by.otherwise)}")
    joint = "; " if any(isinstance(e, Law) for e in by.entries) else ", "
    return f"by {by.variable} ({joint.join(parts)})"


def _below(upper: float) -> str:
    return "from there on" if upper == float("inf") else f"below {number(upper)}"


def factor(f: Factor) -> str:
    """One factor of a ratio."""
    if isinstance(f, By):
        return table(f)
    if isinstance(f, Per):
        centre = f" from {number(f.centre)}" if f.centre else ""
        return f"{number(f.each)} for each unit of {f.variable}{centre}"
    return number(f)


def factors(found: Sequence[Factor]) -> str:
    """The factors of a ratio, joined; empty where there are none."""
    return " × ".join(factor(f) for f in found)


# --- draws, and what is set --------------------------------------------------------------------


def draw(found: Any) -> str:
    """A draw, or anything that a variable may begin with."""
    match found:
        case Levels(p, odds) | Ordered(p, odds):
            shares = ", ".join(f"{level} {percent(x)}" for level, x in p.items())
            return f"drawn: {shares}{_odds(odds)}"
        case Normal(mean, sd, low, high, shifts):
            bounds = " to ".join(number(x) for x in (low, high) if x is not None)
            shifted = f", shifted by {factors(shifts)}" if shifts else ""
            within = f", within {bounds}" if bounds else ""
            return f"normal, mean {number(mean)}, sd {number(sd)}{within}{shifted}"
        case FromLaw(of):
            return law(of)
        case Ago(days):
            return f"a moment before arrival, in days: {draw(days)}"
        case By() | Per():
            return factor(found)
        case None:
            return "not yet"
        case _:
            return entry(found)


def _odds(odds: Any) -> str:
    if isinstance(odds, Mapping):
        shifts = [f"{level} × {factors(f)}" for level, f in odds.items() if f]
    else:
        shifts = [factors(odds)] if odds else []
    return f"; odds {'; '.join(shifts)}" if shifts else ""


def setting(found: Set) -> str:
    """What a variable is given: `infused: now`."""
    match found.to:
        case Now():
            value = "now"
        case PlusOne():
            value = "one more"
        case Test(of, sensitivity, otherwise):
            miss = "" if otherwise is None else f", otherwise {otherwise}"
            value = f"as '{of}', found with probability {percent(sensitivity)}{miss}"
        case _:
            value = draw(found.to)
    return f"{found.variable}: {value}"


# --- conditions --------------------------------------------------------------------------------


def measure(x: Measure) -> str:
    match x:
        case Since(moment):
            return f"days since '{moment}'"
        case Queue(resource):
            return f"the queue for {resource}"
        case Free(resource):
            return f"what is free of {resource}"
        case ExpectedWait(resource):
            return f"the expected wait for {resource} in days"
        case _:
            return "the day of the run" if x == CALENDAR else str(x)


def condition(c: Condition) -> str:
    match c:
        case Is():
            return f"{c.variable} is {' or '.join(c.levels)}"
        case AtLeast(x, value):
            return f"{measure(x)} is at least {number(value)}"
        case Below(x, value):
            return f"{measure(x)} is below {number(value)}"
        case Never(moment):
            return f"'{moment}' is not yet"
        case Not(inner):
            return f"not ({condition(inner)})"
        case AnyOf():
            return f"({' or '.join(condition(each) for each in c.conditions)})"
        case AllOf():
            return f"({' and '.join(condition(each) for each in c.conditions)})"


# --- ways --------------------------------------------------------------------------------------


def clock(c: Clock) -> list[str]:
    """A clock in lines: what it does first, then ratio, what it sets, and its sources."""
    since = f", {origin(c.since)}" if origin(c.since) else ""
    lines = [f"{c.name}: {law(c.law)}{since} → {target(c.enters)}"]
    if c.ratio:
        lines.append(f"hazard × {factors(c.ratio)}")
    lines += [f"sets {setting(s)}" for s in c.sets]
    if c.note:
        lines.append(f"source: {c.note}")
    return lines


def request(r: Request) -> str:
    amount = f"{r.amount} of " if r.amount != 1 else ""
    rank = f" (rank {r.rank})" if r.rank != 1 else ""
    return f"waits for {amount}{r.resource}{rank} → {target(r.enters)}"


def option(o: Option) -> list[str]:
    odds = f", odds × {factors(o.odds)}" if o.odds else ""
    lines = [f"{o.name}: {percent(o.probability)}{odds} → {target(o.enters)}"]
    return lines + [f"  sets {setting(s)}" for s in o.sets]


def rule(r: Rule) -> list[str]:
    when = " and ".join(condition(c) for c in r.when)
    said = f"if {when}" if when else "otherwise"
    lines = [f"{r.name}: {said} → {target(r.enters)}"]
    return lines + [f"  sets {setting(s)}" for s in r.sets]
