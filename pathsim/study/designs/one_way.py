"""One factor at a time: set 0 changes nothing, each other set one field alone; for a tornado."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pathsim.errors import InputError
from pathsim.inputs.paths import is_below
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.inputs.study_designs import OneWay, Varied, column
from pathsim.inputs.vary import Field, field_of, paths
from pathsim.inputs.vary import varied as changed
from pathsim.pathway.phrases import a_number_of
from pathsim.study.design import LEFT, Design, Factor, factor_of
from pathsim.study.designs.grid import values_of

TOLD = 3
"""So many numbers that are left out are named."""
WIDE = 40
"""Above so many factors the results have no column for each."""


def design(study: Study, base: Scenario) -> Design:
    """The base and each field at each of its values: low and high, unless more are asked for."""
    asked = study.design
    assert isinstance(asked, OneWay)
    if isinstance(asked.vary, str):
        every = spreads(base, asked.of or ())
        varied = tuple(each for each in every if _bears_its_spread(base, each.path))
        left_out = _left_out([each.path for each in every if each not in varied])
    else:
        varied, left_out = asked.vary, ()
    fields = [field_of(base, each.path) for each in varied]
    factors = tuple(factor_of(each, base) for each in varied)
    sets = [(LEFT,) * len(factors), *_each_alone(factors, varied, fields)]
    return Design(asked.kind, factors, sets, wide=len(factors) > WIDE, left_out=left_out)


def _bears_its_spread(scenario: Scenario, path: str) -> bool:
    """Whether a number may be at both ends of its spread, all others being as they are."""
    field = field_of(scenario, path)
    try:
        changed(scenario, {path: field.low})
        changed(scenario, {path: field.high})
    except InputError:
        return False
    return True


def _left_out(paths: Sequence[str]) -> tuple[str, ...]:
    """What is told of numbers that cannot be changed alone, such as shares of one whole."""
    if not paths:
        return ()
    named = ", ".join(paths[:TOLD]) + (", ..." if len(paths) > TOLD else "")
    many = a_number_of(len(paths), "number")
    return (f"Left out, as it cannot be at both ends of its spread alone: {many} ({named}).",)


def _each_alone(
    factors: Sequence[Factor], varied: Sequence[Varied], fields: Sequence[Field]
) -> Iterator[tuple[Any, ...]]:
    for place, (factor, each, field) in enumerate(zip(factors, varied, fields, strict=True)):
        for value in values_of(factor, each, field):
            yield tuple(value if k == place else LEFT for k in range(len(factors)))


def spreads(scenario: Scenario, of: Sequence[str]) -> tuple[Varied, ...]:
    """Every number with a spread of some width, or those whose path begins as one of these says."""
    found: dict[str, Varied] = {}
    for path in paths(scenario):
        if of and not any(is_below(path, head) for head in of):
            continue
        field = field_of(scenario, path)
        if field.low is not None and field.high is not None and field.low < field.high:
            found[unlike(column(path), found)] = Varied(path=path)
    return tuple(each.model_copy(update={"name": name}) for name, each in found.items())


def unlike(name: str, taken: Collection[str]) -> str:
    """The name, or with a number after it where it is taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        end = f"_{number}"
        found = name[: 32 - len(end)] + end
    return found
