"""Conditions of a strategy's rules in the compiled engine.

The twin of `pathsim.pathway.conditions`: a condition is a place to begin, each leaf leads on to the
next by whether it holds (`pathsim.pathway.tables`).
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from pathsim.engine.compiled.parts import jitted
from pathsim.engine.compiled.patient import number, value
from pathsim.engine.compiled.pool import expected_wait, free
from pathsim.pathway.tables import (
    AT_LEAST,
    FREE,
    HAS_NOT,
    HOLDS,
    IS,
    NEVER,
    QUEUE,
    VALUE,
)


@jitted
def holds(run, s, condition):
    """Whether it holds for the patient now."""
    while condition >= 0:
        leaf = run.conditions[condition]
        condition = leaf.yes if leaf_holds(run, s, condition) else leaf.no
    return condition == HOLDS


@jitted
def leaf_holds(run, s, condition):
    leaf = run.conditions[condition]
    if leaf.kind == IS:
        x = value(run, s, leaf.thing)
        for i in range(leaf.first_level, leaf.first_level + leaf.levels):
            if run.codes[i] == x:
                return True
        return False
    if leaf.kind == HAS_NOT:
        return value(run, s, leaf.thing) == NEVER
    x = measure(run, s, condition)
    if x == NEVER:
        return False
    return x >= leaf.number if leaf.kind == AT_LEAST else x < leaf.number


@jitted
def measure(run, s, condition):
    """The measure's value now."""
    leaf = run.conditions[condition]
    if leaf.measure == VALUE:
        return number(run, s, leaf.thing, leaf.moment)
    if leaf.measure == QUEUE:
        return float(run.pools[leaf.thing].queue)
    if leaf.measure == FREE:
        return float(free(run, leaf.thing))
    return expected_wait(run, leaf.thing)
