"""The witness (tests/witness.py) and both engines tell the same story of any service.

Two hundred generated services with fixed seeds, the even ones on whole days, where ties abound.
Where the two differ, docs/law.md says who is right.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from pathsim.engine.simulate import ENGINES, simulate
from pathsim.errors import PathwayError
from pathsim.events import KINDS
from pathsim.laws import Constant, Exponential
from pathsim.pathway.conditions import Below, ExpectedWait
from pathsim.pathway.pathway import (
    RETURN,
    Choice,
    Clock,
    Detour,
    Pathway,
    Request,
    Rule,
    State,
)  # fmt: skip
from pathsim.pathway.reading import Per
from pathsim.pathway.service import Poisson, Resource, Service, Steady, Stream
from tests import witness
from tests.engines.differences import Tables, difference, tables
from tests.engines.generated import service_from
from tests.engines.ingredients import HORIZON


def told(interpreter: Callable[..., Tables], service: Service, seed: int) -> Tables | None:
    """The three tables, or None if the service breaks the law while it runs."""
    try:
        return interpreter(service, horizon=HORIZON, seed=seed, replication=seed % 3)
    except PathwayError:
        return None


def ran(service: Service, *, engine: str, replication: int, horizon: float, seed: int) -> Tables:
    numbers = range(replication, replication + 1)
    log = simulate(service, horizon=horizon, seed=seed, replications=numbers, engine=engine)
    return tables(log)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(200))
def test_the_witness_and_the_engines_give_the_same_tables(seed: int, engine: str) -> None:
    service = service_from(seed)
    ours = told(witness.run, service, seed)
    theirs = told(partial(ran, engine=engine), service, seed)
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


def all_agree(service: Service, horizon: float) -> Tables:
    ours = witness.run(service, horizon=horizon, seed=4, replication=0)
    for engine in ENGINES:
        theirs = ran(service, engine=engine, replication=0, horizon=horizon, seed=4)
        assert difference(ours, theirs) == ""
    return ours


def test_all_agree_on_detours_nested_as_deep_as_they_go() -> None:
    death = Clock("death", Exponential(0.02), "dead")
    states = [
        State("well", [death, Clock("ill", Exponential(0.3), "worse"),
                       Clock("other", Exponential(0.2), "worse", ratio=[Per("calendar", 1.05)])]),
        State("in bed", [Clock("again", Exponential(0.5), "worse"),
                         Clock("better", Exponential(0.2), RETURN)]),
        State("dead", ends=True),
    ]  # fmt: skip
    worse = Detour("worse", "in bed", moves=["death", "other"], pauses=["ill"])
    pathway = Pathway("deep", "well", states, detours=[worse])
    log, _, _ = all_agree(Service([Stream(pathway, Steady(1.0), patients=20)]), 60.0)
    assert set(log["depth"]) == {0, 1, 2, 3, 4}
    assert ((log["kind"] == "here") & (log["depth"] == 4)).sum() > 10


def test_all_agree_on_the_expected_wait_as_old_grants_are_forgotten() -> None:
    seek = Choice("seek", rules=[
        Rule("soon", "waiting", [Below(ExpectedWait("bed"), 12.0)]),
        Rule("later", "away"),
    ])  # fmt: skip
    states = [
        State("waiting", [Clock("tired", Constant(40.0), "seek")], [Request("bed", "in bed")]),
        State("in bed", [Clock("stay", Constant(11.0), "gone")], holds={"bed": 1}),
        State("away", [Clock("back", Constant(90.0), "seek"),
                       Clock("death", Exponential(0.01), "gone")]),
        State("gone", ends=True),
    ]  # fmt: skip
    bed = Resource("bed", places=[(0.0, 1), (150.0, 2), (300.0, 1)], typical_stay=11.0)
    pathway = Pathway("wait", "seek", states, [seek])
    log, _, _ = all_agree(Service([Stream(pathway, Poisson(0.12))], [bed]), 900.0)
    assert {"soon", "later"} <= set(log.loc[log["time"] > 600.0, "option"])
