"""What holds for the log of any service, on generated services; and what changes no log."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pathsim.engine.simulate import simulate
from pathsim.errors import PathwayError
from pathsim.laws import Constant, Exponential, Law, Weibull
from pathsim.pathway.chance import Normal
from pathsim.pathway.pathway import Choice, Clock, Pathway, Rule, State, Variable
from pathsim.pathway.reading import Per
from pathsim.pathway.service import Resource, Service, Steady, Stream
from tests.engines import changes
from tests.engines.differences import Tables, difference, first_difference
from tests.engines.generated import services
from tests.engines.ingredients import HORIZON, SLOW
from tests.engines.replay import instants, rows_of_others

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("each_engine")]
some = settings(
    max_examples=20, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


def tables(service: Service, seed: int = 3) -> Tables:
    """The engine's tables; what stops by the law while it runs is no example."""
    try:
        log = simulate(service, horizon=HORIZON, seed=seed, replications=range(1, 2))
        return log.log, log.patients, log.capacity
    except PathwayError:
        assume(False)
        raise


# --- the log of one patient ---


@some
@given(services())
def test_time_never_runs_back_and_steps_are_counted(service: Service) -> None:
    log, _, _ = tables(service)
    for _, rows in log.groupby("patient"):
        assert rows["time"].is_monotonic_increasing
        assert list(rows["step"]) == list(range(len(rows)))
    assert log["time"].between(0.0, HORIZON).all()


@some
@given(services())
def test_everyone_arrives_once_and_ends_or_is_censored_once_as_the_last_thing(
    service: Service,
) -> None:
    log, patients, _ = tables(service)
    by_patient = log.groupby("patient")["kind"]
    assert (by_patient.first() == "arrive").all()
    assert by_patient.last().isin(["end", "censor"]).all()
    assert (log["kind"] == "arrive").sum() == log["kind"].isin(["end", "censor"]).sum()
    assert set(log["patient"]) == set(patients["patient"])
    assert (log.loc[log["kind"] == "censor", "time"] == HORIZON).all()


@some
@given(services())
def test_stays_fill_the_time_from_arrival_to_exit(service: Service) -> None:
    log, _, _ = tables(service)
    for _, rows in log.groupby("patient"):
        stays = rows[
            rows["kind"].isin(["enter", "move", "detour", "return", "here", "end", "censor"])
        ]
        stayed = stays["time"].diff().fillna(0.0)
        assert (stayed >= 0.0).all()
        passed = rows["time"].iloc[-1] - rows["time"].iloc[0]
        assert stayed.sum() == pytest.approx(passed, abs=1e-9)


@some
@given(services())
def test_the_rows_of_a_patient_tell_one_story(service: Service) -> None:
    """Returns lead to the state below, `here` to the state that is; the dead hold nothing."""
    run = tables(service)
    ended = run[0].loc[run[0]["kind"] == "end", "patient"]
    *_, (_, everybody) = instants(service, run)
    assert all(not everybody[patient].holds() for patient in ended)


# --- resources ---


@some
@given(services())
def test_places_are_granted_only_where_there_is_room(service: Service) -> None:
    before: Counter[str] = Counter()
    places = {r.name: r for r in service.resources if r.returned}
    for time, everybody in instants(service, tables(service)):
        held = sum((patient.holds() for patient in everybody.values()), Counter[str]())
        for name, resource in places.items():
            assert held[name] <= max(resource.capacity_at(time), before[name])
        before = held


@some
@given(services())
def test_nobody_waits_where_there_is_room_for_anybody_who_waits(service: Service) -> None:
    """So whatever was held is given back: a place that stayed taken would keep somebody waiting."""
    places = {r.name: r for r in service.resources if r.returned}
    for time, everybody in instants(service, tables(service)):
        if time == HORIZON:  # the censored hold and ask on
            break
        held = sum((patient.holds() for patient in everybody.values()), Counter[str]())
        asked = [request for patient in everybody.values() for request in patient.asks().values()]
        for name, resource in places.items():
            amounts = [request.amount for request in asked if request.resource == name]
            assert not amounts or resource.capacity_at(time) - held[name] < max(amounts)


@some
@given(services())
def test_no_more_allotments_are_granted_than_were_released(service: Service) -> None:
    log, _, capacity = tables(service)
    for resource in service.resources:
        if not resource.returned and resource.until is None:
            released = capacity[capacity["resource"] == resource.name]
            for time, grants in log[log["cause"] == resource.name].groupby("time"):
                until_then = (log["cause"] == resource.name) & (log["time"] <= time)
                assert until_then.sum() >= len(grants)
                assert until_then.sum() <= released.loc[released["time"] <= time, "amount"].sum()


# --- what changes nobody's luck ---


@some
@given(services(), st.integers(0, 1000))
def test_the_order_in_which_things_are_written_down_changes_nothing(
    service: Service, order: int
) -> None:
    other = changes.shuffled(service, Random(order))
    assert difference(tables(service), tables(other), of="before", to="shuffled") == ""


@some
@given(services())
def test_an_added_clock_that_never_rings_changes_nothing(service: Service) -> None:
    other = changes.with_idle_clock(service)
    assert difference(tables(service), tables(other), of="before", to="with the clock") == ""


@some
@given(services())
def test_an_added_resource_that_nobody_asks_for_changes_nothing(service: Service) -> None:
    other = Service(service.streams, [Resource("aa spare", places=1), *service.resources])
    ours, theirs = tables(service), tables(other)
    theirs[2].drop(theirs[2].index[theirs[2]["resource"] == "aa spare"], inplace=True)
    theirs = (*theirs[:2], theirs[2].reset_index(drop=True))
    assert difference(ours, theirs, of="before", to="with the resource") == ""


@some
@given(services())
def test_an_added_stream_that_shares_nothing_changes_nobody(service: Service) -> None:
    alone = Pathway("alone", "s0", [State("s0", [Clock("death", Exponential(0.1), "dead")]),
                                    State("dead", ends=True)])  # fmt: skip
    added = Stream(alone, Steady(0.7), "added", patients=9, first=9000)
    ours, theirs = tables(service), tables(changes.with_stream(service, added))
    others = rows_of_others(theirs[0], set(range(9000, 9009)))
    assert len(others) < len(theirs[0])
    assert first_difference("log", ours[0], others, of="before", to="with the stream") == ""


@some
@given(services(shared=False))
def test_an_added_patient_changes_nobody_else_where_nothing_is_shared(service: Service) -> None:
    ours, theirs = tables(service), tables(changes.with_more_patients(service))
    added = set(theirs[0]["patient"]) - set(ours[0]["patient"])
    others = rows_of_others(theirs[0], added)
    assert first_difference("log", ours[0], others, of="before", to="with more patients") == ""


def test_another_strategy_leaves_the_luck_of_every_clock_as_it_was() -> None:
    def deaths(first: str) -> list[tuple[int, float]]:
        death = Clock("death", Weibull(1.3, 20.0), "dead")
        states = [
            State("a", [death, Clock("switch", Constant(3.0), "b")]),
            State("b", [death]),
            State("dead", ends=True),
        ]
        strategy = Choice("strategy", rules=[Rule("otherwise", first)])
        service = Service([Stream(Pathway("p", "strategy", states, [strategy]), Steady(1.0))])
        log = simulate(service, horizon=500.0, seed=1).log
        died = log[log["cause"] == "death"]
        return list(zip(died["patient"], died["time"], strict=True))

    assert len(deaths("a")) > 400
    assert deaths("a") == deaths("b")


@some
@given(services(), st.integers(0, 100))
def test_a_state_split_by_a_zero_time_ring_changes_no_due_time(service: Service, at: int) -> None:
    """R5: takeovers of the same law, ratio and origin leave the due time alone, to the bit."""
    names = sorted({s.name for stream in service.streams for s in stream.pathway.states
                    if not s.ends and s.name != "s2"})  # fmt: skip
    name = names[at % len(names)]
    try:
        other = changes.split(service, name)
    except PathwayError:
        assume(False)
    ours, theirs = tables(service), tables(other)
    log = theirs[0][theirs[0]["cause"] != changes.SPLIT].reset_index(drop=True)
    log["state"] = log["state"].astype("object").str.removesuffix(changes.FIRST).astype("category")
    log["step"] = log.groupby("patient").cumcount().astype("int32")
    assert first_difference("log", ours[0], log, of="whole", to="split") == ""


@pytest.mark.parametrize("law", SLOW, ids=lambda law: type(law).__name__)
def test_a_clock_that_every_state_lists_alike_rings_when_it_would_in_one_state(law: Law) -> None:
    """R5: going on touches nothing, so no rounding creeps in, however often the state changes."""

    def deaths(states: int) -> list[tuple[int, float]]:
        death = Clock("death", law, "dead", ratio=[0.7, Per("age", 1.02, 60.0)])
        chain = [
            State(f"s{i}", [death, Clock("next", Constant(0.7), f"s{(i + 1) % states}")])
            for i in range(states)
        ]
        age = Variable("age", initial=Normal(60.0, 12.0))
        made = Pathway("p", "s0", [*chain, State("dead", ends=True)], variables=[age])
        service = Service([Stream(made, Steady(0.3), patients=30)])
        log = simulate(service, horizon=60.0, seed=1).log
        rows = log.loc[log["cause"] == "death", ["patient", "time"]]
        return list(rows.itertuples(index=False, name=None))

    assert len(deaths(1)) > 5
    assert deaths(1) == deaths(4)


FINGERPRINT = """
import hashlib, sys
from pathsim.engine.simulate import simulate
from tests.engines.generated import service_from
from tests.engines.ingredients import HORIZON, SLOW
for seed in range(12):
    log = simulate(service_from(seed), horizon=HORIZON, seed=seed, engine=sys.argv[1])
    text = log.log.to_csv() + log.patients.to_csv() + log.capacity.to_csv()
    print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_another_hash_seed_gives_the_same_log(each_engine: str) -> None:
    def printed(hash_seed: str) -> str:
        path = os.pathsep.join(sys.path)
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", FINGERPRINT, each_engine]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return run.stdout

    one, other = printed("1"), printed("20300")
    assert len(one.split()) == 12
    assert one == other
