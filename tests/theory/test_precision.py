"""Case R3 for `--precision`: intervals cover the truth in 93 to 97 % whatever the rule decided.

Each test makes 2,000 experiments with one fixed seed, chosen before the first run: replications are
added to 20 (or to as many as it says) by the rule, and it is counted how often the interval holds
the true mean. For normal values it is proven that the true coverage is 95 % or more; it is 96.5 %
at most in the cases here, so a right rule leaves 93 to 97 % with probability under .001, by the
binomial law. For skewed values the coverage has no proof: these tests measure it.

That the test can fail is tested: "stop when Student's interval is narrow enough" fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from pathsim import Exponential, Log, Service, simulate
from pathsim.outcomes.intervals import Interval, t_interval, two_stage_interval
from pathsim.study.precision import Sample, Wish, wanted
from tests.theory import measure, models

pytestmark = pytest.mark.theory

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Array]
EXPERIMENTS, FIRST, MOST = 2000, 20, 600


def by_the_rule(values: Array, wishes: Sequence[Wish], *, first: int, most: int) -> Interval:
    """The interval of the first column, when the rule has added as many rows as it wants."""
    n, now = 0, first
    while now > n:
        n = now
        samples = [Sample(w, "", "", values[:n, k]) for k, w in enumerate(wishes)]
        now = wanted(samples, first, most)
    return two_stage_interval(values[:n, 0], first)


def until_narrow(values: Array, wishes: Sequence[Wish], *, first: int, most: int) -> Interval:
    """The rule that suggests itself, and loses coverage: look after every replication."""
    found = (t_interval(values[:n, 0]) for n in range(first, most + 1))
    return next((f for f in found if f.high - f.mean <= wishes[0].width), t_interval(values[:, 0]))


def coverage(
    draw: Draw, truth: float, *widths: float, seed: int, first: int = FIRST, most: int = MOST,
    rule: Callable[..., Interval] = by_the_rule, relative: bool = False,
) -> float:  # fmt: skip
    random = np.random.default_rng(seed)
    wishes = [Wish("", width, relative=relative) for width in widths]
    found = [
        rule(draw(random, most), wishes, first=first, most=most) for _ in range(EXPERIMENTS)
    ]
    return float(np.mean([f.low <= truth <= f.high for f in found]))


def normal(random: np.random.Generator, n: int) -> Array:
    return random.normal(5.0, 1.0, size=(n, 1))


def two_normals(random: np.random.Generator, n: int) -> Array:
    """Of which the first depends on the second: 80 % correlated."""
    z = random.normal(size=(n, 2))
    return np.column_stack([0.8 * z[:, 1] + 0.6 * z[:, 0], z[:, 1]])


@pytest.mark.parametrize("needed", [18, 30, 60, 200])
def test_normal_means_are_covered(needed: int) -> None:
    """`needed` replications would be enough if the standard deviation were known."""
    assert 0.93 <= coverage(normal, 5.0, 1.96 / np.sqrt(needed), seed=needed) <= 0.97


def test_an_outcome_is_covered_where_another_settles_how_many() -> None:
    assert 0.93 <= coverage(two_normals, 0.0, 9.0, 0.3, seed=31) <= 0.97


def test_a_mean_is_covered_where_the_limit_stops_the_rule() -> None:
    assert 0.93 <= coverage(normal, 5.0, 0.01, seed=32, most=40) <= 0.97


def test_a_width_relative_to_the_mean_is_covered() -> None:
    """5 % of a mean of 5, of standard deviation 1: 62 replications would be enough."""
    assert 0.93 <= coverage(normal, 5.0, 0.05, seed=33, relative=True) <= 0.97


def test_to_stop_when_students_interval_is_narrow_loses_coverage() -> None:
    """The same test fails: with 4 first replications about 89 % are covered, by the rule 95."""
    asked = partial(coverage, normal, 5.0, 1.96 / np.sqrt(12), seed=34, first=4, most=200)
    assert asked(rule=until_narrow) < 0.93
    assert 0.93 <= asked() <= 0.97


SKEWED: dict[str, tuple[Draw, float, float]] = {
    "mean life of 50, exponential": (lambda r, n: r.gamma(50, 1 / 50, (n, 1)), 1.0, 50**-0.5),
    "mean cost of 100, log-normal": (
        lambda r, n: r.lognormal(-0.5, 1.0, (n, 100)).mean(axis=1, keepdims=True),
        1.0, (np.e - 1) ** 0.5 / 10,
    ),
    "share of 20 % of 50": (lambda r, n: 2.0 * r.binomial(50, 0.2, (n, 1)), 20.0, 5.66),
    "share of 1 % of 200": (lambda r, n: 0.5 * r.binomial(200, 0.01, (n, 1)), 1.0, 0.704),
    "gamma of skewness 1": (lambda r, n: r.gamma(4.0, 0.25, (n, 1)), 1.0, 0.5),
}  # fmt: skip
"""What: (values of replications, their mean, their standard deviation)."""


@pytest.mark.parametrize("name", SKEWED)
@pytest.mark.parametrize("needed", [30, 120])
def test_skewed_means_and_shares_are_covered(name: str, needed: int) -> None:
    draw, truth, sd = SKEWED[name]
    asked = 1.96 * sd / np.sqrt(needed)
    assert 0.93 <= coverage(draw, truth, asked, seed=needed + 1) <= 0.97


# --- simulated ---

PATIENTS, MOST_SIMULATED = 40, 60


def simulated(
    service: Service, of: Callable[[Log], Array], *, horizon: float, seed: int
) -> Draw:
    """Experiments cut one after another from one long row of simulated replications."""
    at_once = 20 * MOST_SIMULATED
    starts = range(0, EXPERIMENTS * MOST_SIMULATED, at_once)
    parts = [
        of(simulate(service, horizon=horizon, seed=seed, engine="compiled",
                    replications=range(start, start + at_once)))
        for start in starts
    ]  # fmt: skip
    blocks = iter(np.concatenate(parts).reshape(EXPERIMENTS, MOST_SIMULATED, 1))
    return lambda random, n: next(blocks)[:n]


def share_alive(log: Log) -> Array:
    """In per cent, at time 1, by replication."""
    alive = measure.time_of(log, "over")["time"].to_numpy().reshape(-1, PATIENTS) > 1.0
    return 100.0 * alive.mean(axis=1)


def test_the_share_alive_of_simulated_patients_is_covered() -> None:
    """Lives are exponential of mean 2, so exp(-1/2) are alive at 1."""
    service = models.cohort(models.one_event(Exponential(2.0)), PATIENTS)
    draw = simulated(service, share_alive, horizon=1e6, seed=41)
    truth = 100 * np.exp(-0.5)
    sd = np.sqrt(truth * (100 - truth) / PATIENTS)
    found = coverage(draw, truth, 1.96 * sd / 5, seed=0, most=MOST_SIMULATED)
    assert 0.93 <= found <= 0.97


def mean_wait(log: Log) -> Array:
    """Of the first 40 customers, by replication."""
    waits = measure.stays(log).query("state == 'waiting'")
    days = (waits["end"] - waits["start"]).to_numpy()
    return days.reshape(-1, PATIENTS).mean(axis=1)


def first_waits(arrival: float, service: float, customers: int) -> float:
    """The mean wait of the first customers of M/M/1 from empty, by the chain of how many are found.

    A wait is the mean service for each who is found; of those there, so many leave before the next
    comes as failures precede a success of probability arrival / (arrival + 1 / service).
    """
    success = arrival / (arrival + 1 / service)
    found, total = np.zeros(customers + 1), 0.0
    found[0] = 1.0
    for _ in range(customers):
        total += service * float(found @ np.arange(customers + 1))
        after = np.zeros(customers + 1)
        for k, chance in enumerate(found[:-1]):
            leave = success * (1 - success) ** np.arange(k + 1)
            after[1 : k + 2] += chance * leave[::-1]
            after[0] += chance * (1 - leave.sum())
        found = after
    return total / customers


def test_the_mean_wait_in_a_simulated_queue_is_covered() -> None:
    """M/M/1, half busy, from empty: the mean of 40 waits has skewness of about 2."""
    endless = models.queue(0.5, Exponential(1.0))
    customers = replace(endless.streams[0], patients=PATIENTS)
    service = replace(endless, streams=[customers])
    draw = simulated(service, mean_wait, horizon=1e6, seed=42)
    truth = first_waits(0.5, 1.0, PATIENTS)
    found = coverage(draw, truth, 0.2, seed=0, most=MOST_SIMULATED)
    assert 0.92 <= found <= 0.97
