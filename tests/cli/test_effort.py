"""How work is spread: over other processes only where that saves more than it costs."""

import multiprocessing

import pytest

from pathsim.engine.simulate import ENGINES
from pathsim.pathway.service import At, Poisson, Service, Steady, Stream
from pathsim.study.effort import JOBS_A_WORKER, LONGEST, SECONDS, Spread, arrivals, spread
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


def test_little_work_is_done_here_in_one_job() -> None:
    assert spread([model(10)], replications=5, engine="simpy", workers=2) == Spread(1, 5)


def test_much_work_is_spread_in_a_few_jobs_a_worker() -> None:
    over = spread([model(20_000)], replications=64, engine="compiled", workers=4)
    assert over.processes == 4
    jobs = 64 / over.block
    assert JOBS_A_WORKER * 4 <= jobs <= 2 * JOBS_A_WORKER * 4


def test_a_job_is_short_enough_to_be_seen_to_move() -> None:
    over = spread([model(2_000)], replications=10_000, engine="compiled", workers=2)
    assert over.block * 2_000 * SECONDS["compiled"] <= LONGEST


def test_one_worker_or_one_replication_needs_no_other_process() -> None:
    assert spread([model(10**6)], replications=100, engine="simpy", workers=1).processes == 1
    assert spread([model(10**6)], replications=1, engine="simpy", workers=8).processes == 1


def test_where_processes_start_slowly_more_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {"replications": 8, "engine": "simpy", "workers": 2}
    assert spread([model(1000)], **asked).processes == 2  # type: ignore[arg-type]
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda: "spawn")
    assert spread([model(1000)], **asked).processes == 1  # type: ignore[arg-type]


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
