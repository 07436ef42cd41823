"""The witness (tests/witness.py) and the SimPy engine tell the same story of any service.

Two hundred generated services with fixed seeds, the even ones on whole days, where ties abound.
Where the two differ, docs/law.md says who is right.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathsim.engine import reference
from pathsim.errors import PathwayError
from pathsim.events import KINDS
from pathsim.pathway.service import Service
from tests import witness
from tests.engines.differences import Tables, difference
from tests.engines.generated import service_from
from tests.engines.ingredients import HORIZON


def told(interpreter: Callable[..., Tables], service: Service, seed: int) -> Tables | None:
    """The three tables, or None if the service breaks the law while it runs."""
    try:
        return interpreter(service, horizon=HORIZON, seed=seed, replication=seed % 3)
    except PathwayError:
        return None


@pytest.mark.parametrize("seed", range(200))
def test_the_witness_and_the_simpy_engine_give_the_same_tables(seed: int) -> None:
    service = service_from(seed)
    ours, theirs = told(witness.run, service, seed), told(reference.run, service, seed)
    if ours is None or theirs is None:
        assert ours is theirs, f"service_from({seed}): only one of the two stops with an error"
    else:
        assert difference(ours, theirs) == ""


def test_few_generated_services_stop_with_an_error() -> None:
    stopped = [seed for seed in range(100) if told(witness.run, service_from(seed), seed) is None]
    assert len(stopped) < 5


def test_generated_services_reach_every_kind_of_event_and_nested_detours() -> None:
    runs = [told(witness.run, service_from(seed), seed) for seed in range(40)]
    kinds = {kind for run in runs if run is not None for kind in run[0]["kind"]}
    assert kinds == set(KINDS)
    assert max(run[0]["depth"].max() for run in runs if run is not None) >= 2


def test_a_difference_is_found_and_named() -> None:
    service = service_from(1)
    ours = witness.run(service, horizon=HORIZON, seed=1, replication=0)
    theirs = witness.run(service, horizon=HORIZON, seed=2, replication=0)
    assert "row" in difference(ours, theirs)
    assert difference(ours, ours) == ""
