"""Case R3 for `--precision`: intervals cover the truth in 93 to 97 % whatever the rule decided.

Each test makes 5,000 experiments with one fixed seed: replications are added to 20 (or to as many
as it says) by the rule, and it is counted how often the interval holds the true mean. For normal
values it is proven that the true coverage is 95 % or more. It is most where hundreds are needed,
96.5 %: by the binomial law a right rule then leaves 93 to 97 % by chance with probability .03, and
in every other test of normal values under .001. For skewed values the coverage has no proof: these
tests measure it, for a skewness of up to 1; it is least for gamma values where 30 are needed, 93.6
%, and leaves the bounds there with probability .04. With a skewness of 2 it is 91 to 96 %.

That the test can fail is tested: "stop when Student's interval is narrow enough" fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pathsim import Exponential, simulate
from pathsim.outcomes.intervals import Interval, t_interval, two_stage_interval
from pathsim.study.precision import Sample, Wish, wanted
from tests.theory import measure, models

pytestmark = pytest.mark.theory

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], NDArray[np.floating[Any]]]
EXPERIMENTS, FIRST, MOST = 5000, 20, 600


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
    found = [rule(draw(random, most), wishes, first=first, most=most) for _ in range(EXPERIMENTS)]
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
    """The same test fails: with 4 first replications about 92 % are covered, by the rule 96."""
    asked = partial(coverage, normal, 5.0, 1.96 / np.sqrt(12), seed=34, first=4, most=200)
    assert asked(rule=until_narrow) < 0.93
    assert 0.93 <= asked() <= 0.97


SKEWED: dict[str, tuple[Draw, float, float]] = {
    "mean life of 50, exponential": (lambda r, n: r.gamma(50, 1 / 50, (n, 1)), 1.0, 50**-0.5),
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


# --- from a pool ---

POOL = 2000


def drawn_from(pool: Array) -> Draw:
    """Experiments on replications drawn anew from those of a pool, whose mean is the truth."""
    return lambda random, n: random.choice(pool, size=(n, 1))


def test_a_mean_of_log_normal_costs_is_covered() -> None:
    """Of 100 patients each; the costs of one have a skewness of 6."""
    costs = np.random.default_rng(44).lognormal(-0.5, 1.0, (POOL, 100)).mean(axis=1)
    asked = 1.96 * costs.std() / np.sqrt(30)
    assert 0.93 <= coverage(drawn_from(costs), costs.mean(), asked, seed=45) <= 0.97


@cache
def mean_waits(customers: int) -> Array:
    """M/M/1, half busy, from empty: the mean wait of the first customers, by replication."""
    endless = models.queue(0.5, Exponential(1.0))
    service = replace(endless, streams=[replace(endless.streams[0], patients=customers)])
    log = simulate(service, horizon=1e6, seed=42, replications=POOL, engine="compiled")
    waits = measure.of_state(measure.stays(log), "waiting")
    return np.asarray(measure.mean_days(waits))


@pytest.mark.parametrize("needed", [30, 120])
def test_the_mean_wait_in_a_simulated_queue_is_covered(needed: int) -> None:
    """Of 400 customers, which leaves a skewness of about 1."""
    pool = mean_waits(400)
    asked = 1.96 * pool.std() / np.sqrt(needed)
    assert len(pool) == POOL
    assert 0.93 <= coverage(drawn_from(pool), pool.mean(), asked, seed=needed + 2) <= 0.97


def test_the_share_alive_of_simulated_patients_is_covered() -> None:
    """Of 60 patients with exponential lives, at the time when exp(-1/2) are alive."""
    service = models.cohort(models.one_event(Exponential(0.5)), 60)
    log = simulate(service, horizon=1e6, seed=41, replications=POOL, engine="compiled")
    pool = 100 * np.asarray(measure.survival(measure.time_of(log, "over"), 1.0))
    assert pool.mean() == pytest.approx(100 * np.exp(-0.5), abs=0.5)
    asked = 1.96 * pool.std() / np.sqrt(50)
    assert 0.93 <= coverage(drawn_from(pool), pool.mean(), asked, seed=43) <= 0.97
