"""How work is spread: over other processes only where that saves more than it costs."""

import multiprocessing

import pytest

from pathsim.engine.simulate import ENGINES
from pathsim.pathway.service import At, Poisson, Service, Steady, Stream
from pathsim.study.effort import A_JOB_TAKES, SECONDS, arrivals, block, processes
from pathsim.study.plan import Model
from tests.cli.small_service import small_service


@pytest.fixture(autouse=True)
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda: "fork")


def model(patients: int | None, *, a_day: float = 1.0) -> Model:
    first, *_ = small_service().streams
    pathway = first.pathway
    stream = Stream(pathway, Poisson(a_day), patients=patients)
    return Model("some", Service([stream], small_service().resources), 1e6)


def test_every_engine_has_an_effort() -> None:
    assert set(ENGINES) <= set(SECONDS)


def test_little_work_is_done_here() -> None:
    assert processes([model(10)], replications=5, engine="simpy", workers=2) == 1


def test_much_work_is_spread_over_all_workers() -> None:
    assert processes([model(20_000)], replications=64, engine="compiled", workers=4) == 4


def test_no_more_processes_are_used_than_there_are_jobs() -> None:
    assert processes([model(10**6)], replications=3, engine="simpy", workers=8) == 3


def test_two_models_of_one_replication_are_two_jobs() -> None:
    assert processes([model(10**6)] * 2, replications=1, engine="simpy", workers=8) == 2


def test_a_job_takes_a_second_or_two_if_a_replication_is_shorter() -> None:
    took = block(model(2_000), "compiled") * 2_000 * SECONDS["compiled"]
    assert A_JOB_TAKES / 2 < took <= A_JOB_TAKES
    assert block(model(10**6), "simpy") == 1


def test_one_worker_or_one_replication_needs_no_other_process() -> None:
    assert processes([model(10**6)], replications=100, engine="simpy", workers=1) == 1
    assert processes([model(10**6)], replications=1, engine="simpy", workers=8) == 1


def test_where_processes_start_slowly_more_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {"replications": 20, "engine": "simpy", "workers": 2}
    assert processes([model(1000)], **asked) == 2  # type: ignore[arg-type]
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda: "spawn")
    assert processes([model(1000)], **asked) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("coming", "patients", "expected"),
    [
        (At([0.0, 5.0, 9.0]), None, 3.0),
        (Steady(2.0, start=1.0), None, 51.0),
        (Poisson(0.5), None, 50.5),
        (Poisson(((0.0, 0.5), (50.0, 0.0))), None, 25.0),
        (Poisson(0.5), 7, 7.0),
    ],
)
def test_the_patients_expected_follow_from_how_they_come(
    coming: At | Steady | Poisson, patients: int | None, expected: float
) -> None:
    first, *_ = small_service().streams
    stream = Stream(first.pathway, coming, patients=patients)
    service = Service([stream], small_service().resources)
    assert arrivals(Model("some", service, 101.0)) == pytest.approx(expected)
