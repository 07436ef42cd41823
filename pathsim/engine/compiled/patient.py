"""One patient in the compiled engine: what is read of the variables, and what the levels list.

The twin of `pathsim.engine.patient` (and of what a Reader is asked in `pathsim.pathway.reading` and
`chance`), function by function. A patient is a slot `s` of the run's arrays; a moment that is not
yet set, or a draw without a value, is NEVER. Clocks and resources share a numbering, by which
detours know what started them and what they pause: the pathway's clocks come first
(`resource_as_thing`). It never decides what happens next.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

import math

from pathsim import draws, hazards, normal
from pathsim.engine.compiled.broken import NOT_SET, SLOPE_NOT_SET, broken
from pathsim.engine.compiled.parts import inlined, jitted
from pathsim.pathway.tables import (
    CALENDAR,
    ENDS,
    FROM_LAW,
    LEVELS,
    MOVES,
    NEVER,
    NONE,
    NUMBER,
    ORDERED,
    PAUSES,
    TABLE,
)
from pathsim.twins import compiled

INF = math.inf

_draws, _laws, _normal = (compiled(m.SCALARS, jitted) for m in (draws, hazards, normal))
uniform_in, stream = _draws.uniform_in, _draws.stream
due, spend, unit_exponential = _laws.due, _laws.spend, _laws.unit_exponential
power, inverse_cumulative_hazard = _laws.power, _laws.inverse_cumulative_hazard
normal_cdf, normal_quantile = _normal.normal_cdf, _normal.normal_quantile


# --- as a Reader ---


@jitted
def value(run, s, variable):
    if variable == CALENDAR:
        return run.now
    return run.values[s * run.most_variables + variable]


@jitted
def number(run, s, variable, moment):
    """The variable as a number, a moment as the days since it."""
    x = value(run, s, variable)
    if moment != 0 and x != NEVER:
        return run.now - x
    return x


@jitted
def read(run, s, table):
    """The table's entry, as its place."""
    by = run.tables[table]
    first, last = by.first_entry, by.first_entry + by.entries
    if by.by_levels != 0:
        x = value(run, s, by.variable)
        for i in range(first, last):
            if run.entries[i].bound == x:
                return i
        return last + 1
    x = number(run, s, by.variable, by.moment)
    if x == NEVER:
        return last
    for i in range(first, last):
        if x < run.entries[i].bound or run.entries[i].bound == INF:
            return i
    return last + 1


@jitted
def distance(run, s, slope):
    """How far a slope's variable is from its centre."""
    f = run.factors[slope]
    x = number(run, s, f.thing, f.moment)
    if x == NEVER:
        broken(run, SLOPE_NOT_SET, s, f.thing, NONE)
        return 0.0
    return x - f.centre


@jitted
def product(run, s, first, many):
    """The product of the factors, from 1.0 in the order listed."""
    ratio = 1.0
    for i in range(first, first + many):
        f = run.factors[i]
        if f.kind == NUMBER:
            ratio *= f.number
        elif f.kind == TABLE:
            ratio *= run.entries[read(run, s, f.thing)].number
        else:
            ratio *= power(f.each, distance(run, s, i))
    return ratio


@jitted
def total(run, s, first, many):
    """The sum of the terms, from 0.0 in the order listed."""
    result = 0.0
    for i in range(first, first + many):
        result += term(run, s, i)
    return result


@jitted
def term(run, s, i):
    f = run.factors[i]
    if f.kind == NUMBER:
        return f.number
    if f.kind == TABLE:
        return run.entries[read(run, s, f.thing)].number
    return f.each * distance(run, s, i)


# --- draws ---


@jitted
def uniform(run, s, name):
    """The patient's next uniform under this name."""
    patient, at = run.patients[s], s * run.most_names + name
    count = run.counts[at]
    run.counts[at] = count + 1
    key = run.names[patient.first_name + name].key
    return uniform_in(int(patient.luck), int(key), int(count))


@jitted
def pick(run, many, u):
    """The first place i with u * (sum of weights) < the sum of weights up to i, or the last."""
    whole = 0.0
    for i in range(many):
        whole += run.weights[i]
    mark, so_far = u * whole, 0.0
    for i in range(many):
        so_far += run.weights[i]
        if mark < so_far:
            return i
    return many - 1


@jitted
def draw(run, s, u, drawn):
    """What the draw gives for the uniform u."""
    d = run.draws[drawn]
    if d.kind == LEVELS:
        return draw_levels(run, s, u, d.first_level, d.levels)
    if d.kind == ORDERED:
        odds = product(run, s, d.first_factor, d.factors)
        return draw_ordered(run, u, odds, d.first_level, d.first_level + d.levels - 1)
    if d.kind == FROM_LAW:
        law = run.laws[d.law]
        parameters = run.parameters[law.first_parameter :]
        return inverse_cumulative_hazard(law.code, parameters, unit_exponential(u))
    return draw_normal(run, s, u, drawn)


@jitted
def draw_levels(run, s, u, first, many):
    for i in range(many):
        level = run.levels[first + i]
        run.weights[i] = level.probability * product(run, s, level.first_factor, level.factors)
    return run.levels[first + pick(run, many, u)].level


@jitted
def draw_ordered(run, u, odds, first, last):
    so_far = 0.0
    for i in range(first, last):
        so_far += run.levels[i].probability
        if u * (1.0 - so_far + odds * so_far) < odds * so_far:
            return run.levels[i].level
    return run.levels[last].level


@jitted
def draw_normal(run, s, u, drawn):
    d = run.draws[drawn]
    mean = d.expected + total(run, s, d.first_factor, d.factors)
    a = 0.0 if d.has_low == 0 else normal_cdf((d.low - mean) / d.sd)
    b = 1.0 if d.has_high == 0 else normal_cdf((d.high - mean) / d.sd)
    x = mean + d.sd * normal_quantile(a + u * (b - a))
    if d.has_low != 0 and d.low > x:
        x = d.low
    if d.has_high != 0 and d.high < x:
        x = d.high
    return x


# --- what is listed ---


@inlined
def read_clock(run, s, c):
    """The law, ratio and origin of a clock, read now; an origin of 0 where it is its own start."""
    clock = run.clocks[c]
    law = clock.law
    if clock.law_table != NONE:
        law = run.entries[read(run, s, clock.law_table)].thing
    origin = 0.0
    if clock.since >= 0:
        origin = value(run, s, clock.since)
        if origin == NEVER:
            broken(run, NOT_SET, s, c, NONE)
            origin = 0.0
    return law, product(run, s, clock.first_factor, clock.factors), origin


@jitted
def read_state(run, s, level, state):
    """The listing of a state, read now, for this level."""
    entered = run.states[state]
    at = (s * run.most_levels + level) * run.most_clocks
    for i in range(entered.clocks):
        law, ratio, origin = read_clock(run, s, entered.first_clock + i)
        listed = run.listed[at + i]
        listed.law, listed.ratio, listed.origin = law, ratio, origin


@jitted
def started_above(run, s, thing, level):
    """Whether a detour above this level was started by this clock or resource."""
    for j in range(level + 1, run.patients[s].depth + 1):
        if run.levels_of[s * run.most_levels + j].started_by == thing:
            return True
    return False


@jitted
def fate(run, s, thing, level):
    """What the detour of this level does to an inherited clock or request."""
    detour = run.levels_of[s * run.most_levels + level].detour
    return run.fates[run.detours[detour].first_fate + thing]


@jitted
def is_paused(run, s, thing, level):
    for j in range(level + 1, run.patients[s].depth + 1):
        if fate(run, s, thing, j) & PAUSES != 0:
            return True
    return False


@jitted
def clock_moves(run, s, name, level):
    """Whether an inherited clock's ring leaves the detours above it in place."""
    depth = run.patients[s].depth
    for j in range(level + 1, depth + 1):
        if fate(run, s, name, j) & MOVES == 0:
            return False
    return level < depth


@jitted
def request_moves(run, s, thing, level):
    """Whether an inherited request's grant leaves the detours above it in place."""
    depth = run.patients[s].depth
    for j in range(level + 1, depth + 1):
        if fate(run, s, thing, j) & ENDS != 0:
            return False
    return level < depth


@jitted
def resource_as_thing(run, s, resource):
    """A resource's number among what may start a detour: the clocks of the pathway come first."""
    return run.pathways[run.patients[s].pathway].clocks + resource
