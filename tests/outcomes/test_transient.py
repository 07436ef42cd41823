"""Where the transient ends: on series with a known answer, and on queues that start empty."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from pathsim.engine.simulate import simulate
from pathsim.figures.warm_up import page
from pathsim.laws import Exponential
from pathsim.outcomes.catalogue import marking
from pathsim.outcomes.folds import measure
from pathsim.outcomes.warm_up import BATCH, SMOOTH, WEEK, Course, courses, mser
from tests.theory.models import queue

WEEKS, REPLICATIONS = 400, 20
MEAN = 200.0  # days of service


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def course(values: np.ndarray, **more: object) -> Course:
    return Course("beds", "places held", values, values.shape[1], **more)  # type: ignore[arg-type]


@cache
def filled(rate: float, servers: int) -> tuple[Course, ...]:
    """A queue that starts empty, by week."""
    service = queue(rate, Exponential(1 / MEAN), servers=servers)
    horizon = float(WEEKS * WEEK)
    log = simulate(service, horizon=horizon, seed=7, replications=REPLICATIONS)
    return tuple(courses(measure(log, marking(service)), ["server"], until=horizon))


class TestRule:
    def test_where_there_is_no_transient_little_or_nothing_is_left_out(self) -> None:
        found = [mser(noise(seed, 400)) for seed in range(40)]
        assert all(n is not None and n <= 0.25 * 400 for n in found)
        assert np.median([n for n in found if n is not None]) <= 2 * BATCH

    def test_a_step_is_left_out_to_the_batch(self) -> None:
        values = np.where(np.arange(400) < 100, 0.0, 10.0) + 0.1 * noise(1, 400)
        assert mser(values) in (100, 105)

    def test_the_truncation_is_the_one_with_the_least_standard_error(self) -> None:
        values = 5.0 - 5.0 * np.exp(-np.arange(400) / 30.0) + 0.3 * noise(2, 400)
        means = values.reshape(-1, BATCH).mean(axis=1)
        errors = [means[d:].var() / len(means[d:]) for d in range(41)]
        assert mser(values) == BATCH * int(np.argmin(errors))

    def test_where_it_still_rises_at_the_end_there_is_none(self) -> None:
        assert mser(np.arange(400.0) + noise(3, 400)) is None

    def test_a_series_too_short_to_judge_has_none(self) -> None:
        assert mser(noise(4, 40)) is None

    def test_a_constant_is_settled_from_the_start(self) -> None:
        assert mser(np.full(400, 3.0)) == 0


class TestCourses:
    def test_beds_that_fill_follow_the_known_course_and_end_when_nearly_full(self) -> None:
        """Without a queue (M/M/infinity) the mean is offered load x (1 - exp(-t / mean stay))."""
        patients, beds = filled(0.5, 1000)
        load = 0.5 * MEAN
        week = np.arange(WEEKS)
        expected = load * (1 - np.exp(-(week + 0.5) * WEEK / MEAN))
        error = math.sqrt(load / REPLICATIONS)
        assert np.abs(beds.mean - expected).max() < 5 * error
        assert beds.ends is not None
        assert 0.9 < expected[beds.ends] / load < 1.0
        assert beds.level(beds.ends) == pytest.approx(load, rel=0.05)
        assert beds.level() < beds.level(beds.ends)
        assert patients.ends is not None

    def test_a_busy_queue_takes_longer_than_an_idle_one(self) -> None:
        idle = filled(0.02, 5)[1].ends
        busy = [c for c in filled(0.0225, 5) if c.unit == "requests waiting"]
        assert idle is not None
        assert busy[0].ends is None or busy[0].ends >= idle

    def test_a_queue_that_grows_without_end_does_not_settle(self) -> None:
        found = {c.unit: c for c in filled(0.03, 5)}
        assert found["requests waiting"].ends is None
        assert found["requests waiting"].moves
        assert "does not settle" in found["requests waiting"].when

    def test_a_queue_is_not_settled_before_the_places_it_is_for(self) -> None:
        rising = course(np.arange(400.0) + noise(5, 10, 400))
        late = course(np.where(np.arange(400) < 100, 0.0, 10.0) + 0.1 * noise(6, 10, 400))
        flat = noise(7, 10, 400)
        assert course(flat, waiting_for=rising).ends is None
        assert course(flat, waiting_for=late).ends == late.ends == 100

    def test_only_weeks_in_which_patients_come_are_judged(self) -> None:
        emptying = np.r_[np.full(200, 10.0), np.linspace(10.0, 0.0, 200)] + 0.1 * noise(8, 10, 400)
        assert Course("beds", "places held", emptying, 400).ends is None
        assert (Course("beds", "places held", emptying, 200).ends or 0) <= 4 * BATCH

    def test_the_moving_average_is_that_of_a_quarter(self) -> None:
        values = noise(9, 1, 60)
        middle = values[0, 30 - SMOOTH // 2 : 30 + SMOOTH // 2 + 1].mean()
        assert course(values).smooth[30] == pytest.approx(middle)


def test_the_figure_shows_each_course_with_what_is_said_of_it() -> None:
    figure = page(filled(0.5, 1000), title="clinic")
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert [t for t in titles if t] == [f"{c.name}: {c.when}" for c in filled(0.5, 1000)]
