"""One factor at a time: set 0 changes nothing, each other set one field alone; for a tornado."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.inputs.study_designs import OneWay, Varied, column
from pathsim.inputs.vary import Field, field_of, paths
from pathsim.study.design import LEFT, Design, Factor, factor_of
from pathsim.study.designs.grid import values_of

WIDE = 40
"""Above so many factors the results have no column for each."""


def design(study: Study, base: Scenario) -> Design:
    """The base and each field at each of its values: low and high, unless more are asked for."""
    asked = study.design
    assert isinstance(asked, OneWay)
    varied = spreads(base, asked.of or ()) if isinstance(asked.vary, str) else asked.vary
    fields = [field_of(base, each.path) for each in varied]
    factors = tuple(factor_of(each, base) for each in varied)
    sets = [(LEFT,) * len(factors), *_each_alone(factors, varied, fields)]
    return Design(asked.kind, factors, sets, wide=len(factors) > WIDE)


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
        if of and not any(path == head or path.startswith((f"{head}.", f"{head}[")) for head in of):
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
