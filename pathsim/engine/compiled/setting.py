"""Variables in the compiled engine: their first values, and how they are set (law, section 2).

The twin of `pathsim.engine.setting`, function by function.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from pathsim.engine.compiled.parts import jitted
from pathsim.engine.compiled.patient import draw, read, term, uniform, value
from pathsim.pathway.tables import (
    BY_SLOPE,
    BY_TABLE,
    CONSTANT,
    DRAWN,
    NEVER,
    NONE,
    NOTHING,
    NOW,
    PLUS_ONE,
    TESTED,
)


@jitted
def draw_variables(run, s):
    """The initial values, in declared order."""
    pathway = run.pathways[run.patients[s].pathway]
    at = s * run.most_variables
    for i in range(pathway.variables):
        run.values[at + i] = NEVER
    for i in range(pathway.variables):
        name = pathway.names - pathway.variables + i
        run.values[at + i] = initial_value(
            run, s, name, run.variables[pathway.first_variable + i].initial
        )


@jitted
def initial_value(run, s, name, given):
    """A constant, a draw, a table's entry, a slope's term, or a moment so long ago."""
    ago = 0
    while True:
        g = run.givens[given]
        ago += g.ago
        if g.kind != BY_TABLE:
            break
        given = run.entries[read(run, s, g.thing)].thing
        if given == NONE:
            return NEVER
    x = NEVER
    if g.kind == CONSTANT or g.kind == NOTHING:
        x = g.number
    elif g.kind == BY_SLOPE:
        x = term(run, s, g.thing)
    elif g.kind == DRAWN:
        x = draw(run, s, uniform(run, s, name), g.thing)
    for _ in range(ago):
        if x != NEVER:
            x = run.now - x
    return x


@jitted
def set_variables(run, s, first, many):
    """Set variables in the order listed (2)."""
    for i in range(first, first + many):
        given = run.sets[i]
        at = s * run.most_variables + given.variable
        run.values[at] = value_to_set(run, s, given.variable, given.given)


@jitted
def value_to_set(run, s, variable, given):
    """What one `Set` gives its variable now."""
    g = run.givens[given]
    pathway = run.pathways[run.patients[s].pathway]
    name = pathway.names - pathway.variables + variable
    if g.kind == NOW:
        return run.now
    if g.kind == PLUS_ONE:
        return value(run, s, variable) + 1.0
    if g.kind == TESTED:
        test = run.tests[g.thing]
        if uniform(run, s, name) < test.sensitivity:
            return value(run, s, test.of)
        return value(run, s, variable) if test.otherwise == NEVER else test.otherwise
    if g.kind == NOTHING:
        return value(run, s, variable)
    if g.kind == BY_TABLE and run.entries[read(run, s, g.thing)].thing == NONE:
        return value(run, s, variable)
    return initial_value(run, s, name, given)
