"""The witness (tests/witness.py) and the SimPy engine tell the same story of any service.

Two hundred generated services with fixed seeds, the even ones on whole days, where ties abound. Where
the two differ, docs/law.md says who is right.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from pathsim.engine import reference
from pathsim.errors import PathwayError
from pathsim.pathway.service import Service
from tests import witness
from tests.engines.generated import service_from
from tests.engines.ingredients import HORIZON

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
Interpreter = Callable[..., Tables]
NAMES = ("log", "patients", "capacity")


def told(interpreter: Interpreter, service: Service, seed: int) -> Tables | None:
    """The three tables, or None if the service breaks the law while it runs."""
    try:
        return interpreter(service, horizon=HORIZON, seed=seed, replication=seed % 3)
    except PathwayError:
        return None


def first_difference(name: str, ours: pd.DataFrame, theirs: pd.DataFrame) -> str:
    """In words, where two tables first differ; empty if they do not."""
    if list(ours.columns) != list(theirs.columns):
        return f"{name}: columns {list(ours.columns)} against {list(theirs.columns)}"
    a, b = (t.astype("object").where(t.notna(), None) for t in (ours, theirs))
    for i, (x, y) in enumerate(zip(a.itertuples(index=False), b.itertuples(index=False), strict=False)):
        if tuple(x) != tuple(y):
            return f"{name}, row {i}:\n  witness {tuple(x)}\n  engine  {tuple(y)}"
    if len(a) != len(b):
        return f"{name}: the witness has {len(a)} rows, the engine {len(b)}"
    return "" if (ours.dtypes == theirs.dtypes).all() else f"{name}: other types of columns"


def difference(ours: Tables | None, theirs: Tables | None) -> str:
    if ours is None or theirs is None:
        return "" if ours is theirs else f"only the {'witness' if ours is None else 'engine'} stops"
    return "".join(map(first_difference, NAMES, ours, theirs))


@pytest.mark.parametrize("seed", range(200))
def test_the_witness_and_the_simpy_engine_give_the_same_tables(seed: int) -> None:
    service = service_from(seed)
    found = difference(told(witness.run, service, seed), told(reference.run, service, seed))
    assert not found, f"service_from({seed}): {found}"


def test_few_generated_services_stop_early() -> None:
    stopped = [seed for seed in range(60) if told(witness.run, service_from(seed), seed) is None]
    assert len(stopped) < 3


def test_a_difference_is_found_and_named() -> None:
    ours = told(witness.run, service_from(0), 0)
    theirs = told(witness.run, service_from(0), 1)
    assert "row 0" in difference(ours, theirs)
    assert difference(ours, ours) == ""
