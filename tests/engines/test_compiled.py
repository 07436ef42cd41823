"""The compiled engine gives the SimPy engine's three tables, row for row and bit for bit.

Beside the witness's services (test_witness.py): shipped scenarios, services that hypothesis makes,
patients who share nothing, a log handed over in blocks, memory that must grow on the way, and the
compiled engine interpreted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathsim import Choice, Clock, Exponential, Pathway, Request, Resource, Rule, Service, State
from pathsim.engine import simulate as door
from pathsim.engine.compiled import replication
from pathsim.engine.simulate import blocks, simulate
from pathsim.errors import PathwayError
from pathsim.events import Log, join
from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import build
from pathsim.pathway.conditions import Below, ExpectedWait
from pathsim.pathway.service import Steady, Stream
from tests.engines.differences import difference, tables
from tests.engines.generated import service_from, services
from tests.engines.ingredients import HORIZON

SCENARIOS = sorted(
    path.stem
    for path in (Path(__file__).parents[2] / "scenarios").glob("*.yaml")
    if path.stem != "base"
)
PATIENTS = 30
"""Of each shipped scenario; there are many scenarios, and the engine that is read is slow."""
some = settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


def told(service: Service, engine: str, *, seed: int, horizon: float = HORIZON) -> Log | str:
    """The log, or what is said where the service breaks the law."""
    try:
        return simulate(service, horizon=horizon, seed=seed, engine=engine)
    except PathwayError as error:
        return str(error)


def assert_same(service: Service, *, seed: int, horizon: float = HORIZON) -> None:
    """Both engines give the same tables, or stop with the same words."""
    one, other = (told(service, e, seed=seed, horizon=horizon) for e in ("simpy", "compiled"))
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
    else:
        assert difference(tables(one), tables(other), of="simpy", to="compiled") == ""


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_shipped_scenario_gives_the_same_tables(name: str) -> None:
    built = build(resolve(name), patients=PATIENTS)
    assert_same(built.service, seed=11, horizon=built.horizon)


@some
@given(services(), st.integers(0, 10**9))
def test_a_service_of_any_kind_gives_the_same_tables(service: Service, seed: int) -> None:
    assert_same(service, seed=seed)


@some
@given(services(shared=False), st.integers(0, 10**9))
def test_patients_who_share_nothing_give_the_same_tables(service: Service, seed: int) -> None:
    assert_same(service, seed=seed)


# --- chunks, blocks and threads ---


@pytest.fixture
def short_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few rows, shares of two patients, room for one patient at the start."""
    monkeypatch.setattr(replication, "ROWS", 25)
    monkeypatch.setattr(replication, "SHARE", 2)
    monkeypatch.setattr(replication, "FIRST_SLOTS", 1)


@pytest.mark.usefixtures("short_of_memory")
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("seed", range(1000, 1020))
def test_blocks_of_any_size_and_threads_of_any_number_are_the_log(seed: int, shared: bool) -> None:
    service = service_from(seed, shared=shared)
    whole = told(service, "simpy", seed=seed)
    if isinstance(whole, str):
        pytest.skip("this service breaks the law")
    for rows, threads in ((1, 1), (60, 3), (10**6, 2)):
        parts = blocks(service, horizon=HORIZON, seed=seed, replications=range(1), rows=rows,
                       threads=threads, engine="compiled")  # fmt: skip
        found = join([tables(part) for part in parts], HORIZON)
        assert difference(tables(whole), tables(found), to=f"blocks of {rows}") == ""


def queue(patients: int, *, rule: bool = False) -> Service:
    """M/M/2 with one arrival a day; with a rule, those who would wait long go elsewhere."""
    go = Choice("go", rules=[Rule("soon", "waiting", [Below(ExpectedWait("server"), 9.0)]),
                             Rule("late", "elsewhere")])  # fmt: skip
    pathway = Pathway(
        "queue",
        "go" if rule else "waiting",
        [
            State("waiting", [Clock("tired", Exponential(0.05), "left")],
                  [Request("server", "served")]),
            State("served", [Clock("service", Exponential(0.45), "left")], holds={"server": 1}),
            State("elsewhere", [Clock("service", Exponential(0.45), "left")]),
            State("left", ends=True),
        ],
        [go] if rule else [],
    )  # fmt: skip
    servers = Resource("server", places=2, typical_stay=2.0)
    return Service([Stream(pathway, Steady(1.0), patients=patients)], [servers])


def test_a_long_run_hands_over_many_blocks_and_holds_few_patients() -> None:
    service = queue(20_000)
    parts = list(blocks(service, horizon=30_000.0, rows=10_000, engine="compiled"))
    whole = simulate(service, horizon=30_000.0, engine="compiled")
    assert len(parts) >= 6
    assert max(len(part.log) for part in parts) < 0.3 * len(whole.log)
    assert whole.equals(join([tables(part) for part in parts], 30_000.0))


def test_the_expected_wait_looks_back_on_more_grants_than_there_was_room_for() -> None:
    assert_same(queue(3_000, rule=True), seed=3, horizon=4_000.0)


def test_progress_is_told_between_chunks_and_at_the_end() -> None:
    seen: list[tuple[int, float]] = []
    simulate(queue(100_000), horizon=1e6, replications=2, engine="compiled",
             progress=lambda number, share: seen.append((number, share)))  # fmt: skip
    assert [number for number, share in seen if share == 1.0][-1] == 1
    assert any(0.0 < share < 1.0 for _, share in seen)


# --- interpreted, and not at all ---

INTERPRETED = """
from tests.engines.generated import service_from
from tests.engines.test_compiled import assert_same
from pathsim.engine.compiled import kernels
assert kernels.INTERPRETED
for seed in range(2000, 2030):
    assert_same(service_from(seed), seed=seed)
    assert_same(service_from(seed, shared=False), seed=seed)
print("the same")
"""


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(["", *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, **environment}
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_compiled_engine_interpreted_gives_the_same_tables() -> None:
    run = run_python(INTERPRETED, NUMBA_DISABLE_JIT="1")
    assert (run.stdout, run.stderr) == ("the same\n", "")


WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
from pathsim.engine.simulate import chosen
print(chosen(None), chosen(None))
"""


def test_without_numba_simpy_runs_and_one_line_says_so() -> None:
    run = run_python(WITHOUT_NUMBA)
    assert run.stdout == "simpy simpy\n"
    assert len(run.stderr.splitlines()) == 1
    assert "SimPy runs instead" in run.stderr


def test_an_engine_that_is_named_and_cannot_be_loaded_is_not_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(door.ENGINES, "compiled", "pathsim.engine.no_such_module")
    with pytest.raises(ImportError, match="the compiled engine cannot be loaded: No module named"):
        simulate(queue(1), horizon=1.0, engine="compiled")
