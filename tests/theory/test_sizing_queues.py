"""The search for capacities through the engine: the answer is Erlang's C.

A queue with Poisson arrivals, exponential service and c servers has known waits. For each case the
smallest c is worked out from the closed form, and the limits lie between its values at that c and
at one fewer: no nearer than a fifth of the limit to either, as a test asserts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, factorial, log
from pathlib import Path

import numpy as np
import pytest

from pathsim import Exponential, simulate
from pathsim.study.size import size, sizing_of
from pathsim.study.sizing.judging import Array, Promise, Rule
from pathsim.study.sizing.lattice import Axis, Lattice, Point
from pathsim.study.sizing.search import Found, search
from pathsim.study.studies import study_asked
from tests.theory import models
from tests.theory.customers import Customers

pytestmark = pytest.mark.theory


@dataclass(frozen=True)
class ErlangC:
    """A queue with c servers in its steady state."""

    arrival: float
    mean: float
    servers: int

    @property
    def waits(self) -> float:
        """The chance of waiting; 1 where there are too few servers."""
        load, c = self.arrival * self.mean, self.servers
        if load >= c:
            return 1.0
        full = load**c / factorial(c) * c / (c - load)
        return full / (full + sum(load**k / factorial(k) for k in range(c)))

    @property
    def spare(self) -> float:
        return self.servers / self.mean - self.arrival

    @property
    def wait(self) -> float:
        """Days, on average; without end where there are too few servers."""
        return self.waits / self.spare if self.spare > 0 else np.inf

    def longer(self, days: float) -> float:
        """The chance of a wait of more than so many days."""
        return self.waits * exp(-self.spare * days) if self.spare > 0 else 1.0

    @property
    def centile(self) -> float:
        """The 90th centile of the wait, days."""
        return max(0.0, log(self.waits / 0.1) / self.spare) if self.spare > 0 else np.inf

    def figure(self, outcome: str) -> float:
        if outcome.startswith("longer than "):
            return self.longer(float(outcome.removeprefix("longer than ")))
        return {"wait": self.wait, "waits": self.waits, "90th centile": self.centile}[outcome]


@dataclass(frozen=True)
class Case:
    """Arrivals a day, mean days of service, between which c to look, and what is promised."""

    arrival: float
    mean: float
    servers: range
    promises: tuple[Promise, ...]
    smallest: int
    window: tuple[float, float] = (400.0, 6400.0)

    def at(self, servers: int, promise: Promise) -> float:
        return ErlangC(self.arrival, self.mean, servers).figure(promise.outcome)


CASES = {
    "mean wait": Case(0.2, 10, range(3, 12), (Promise("wait", 2.0),), 4),
    "chance of waiting": Case(0.25, 10, range(3, 12), (Promise("waits", 0.2),), 5),
    "90th centile": Case(0.6, 14, range(9, 20), (Promise("90th centile", 4.0),), 12),
    "90th centile as a share": Case(0.6, 14, range(9, 20), (Promise("longer than 4", 0.1),), 12),
    "two promises": Case(1.1, 7, range(8, 18), (Promise("wait", 1.8), Promise("waits", 0.27)), 11),
}


@pytest.mark.parametrize("name", CASES)
def test_limits_of_the_cases_are_not_on_the_edge(name: str) -> None:
    case = CASES[name]
    for promise in case.promises:
        assert case.at(case.smallest, promise) <= promise.limit
    missed = [p for p in case.promises if case.at(case.smallest - 1, p) > p.limit]
    assert missed, "one fewer would do"
    for promise in missed:
        for servers in (case.smallest - 1, case.smallest):
            assert abs(case.at(servers, promise) - promise.limit) >= 0.19 * promise.limit


def found(case: Case, *, engine: str = "compiled", rule: Rule | None = None) -> Found:
    """The answer of the search, by simulation of the queue from empty."""

    def values(servers: float, number: int) -> list[float]:
        service = models.queue(case.arrival, Exponential(1 / case.mean), servers=int(servers))
        horizon = case.window[1] + 100.0
        numbers = range(number, number + 1)
        log_ = simulate(service, horizon=horizon, seed=1917, replications=numbers, engine=engine)
        people = Customers.of(log_, case.window)
        return [figure(people.waited[people.inside], p.outcome) for p in case.promises]

    def evaluate(wanted: Mapping[Point, range]) -> dict[Point, Array]:
        return {
            point: np.array([values(lattice.values(point)[0], k) for k in numbers])
            for point, numbers in wanted.items()
        }

    lattice = Lattice([Axis("servers", tuple(case.servers))])
    return search(lattice, case.promises, evaluate, rule=rule or Rule(0.95, 8, 128))


def figure(waited: Array, outcome: str) -> float:
    if outcome.startswith("longer than "):
        return float((waited > float(outcome.removeprefix("longer than "))).mean())
    if outcome == "90th centile":
        return float(np.percentile(waited, 90))
    return float(waited.mean() if outcome == "wait" else (waited > 0).mean())


@pytest.mark.parametrize("name", CASES)
def test_the_smallest_number_of_servers_is_that_of_erlang_c(name: str) -> None:
    case = CASES[name]
    answer = found(case)
    assert [answer.lattice.values(point) for point in answer.frontier] == [(case.smallest,)]
    for point, verdicts in answer.seen.judged.items():
        for promise, judged in zip(case.promises, verdicts, strict=True):
            true = case.at(int(answer.lattice.values(point)[0]), promise)
            if 0.01 * promise.limit < true < np.inf:  # what is rarer may never be seen
                assert judged.low <= true <= judged.high


def test_the_answer_is_that_of_erlang_c_by_the_simpy_engine_too() -> None:
    case = Case(0.2, 10, range(3, 6), (Promise("wait", 2.0),), 4, (200.0, 1700.0))
    answer = found(case, engine="simpy", rule=Rule(0.9, 8, 64))
    assert [answer.lattice.values(point) for point in answer.frontier] == [(4,)]


def test_a_wait_that_no_number_of_servers_looked_at_keeps_is_said_to_be_kept_by_none() -> None:
    case = Case(0.6, 14, range(8, 12), (Promise("waits", 0.2),), 12)
    assert found(case).frontier == ()


SCENARIO = """
title: A ward for other patients alone, who come at random and stay exponentially long
extends: standard_only
horizon: 9 years
accrual:
  patients: 3
  process: steady
  rate: 1 per year
  because: "A test: a few patients of ours, who are hardly felt."
run: {warm_up: 1 year}
centre:
  extends: large-us-centre
  centre: erlang
  title: A ward
  other_users:
    - name: others
      resource: ward_bed
      arrivals: 0.6 per day
      stay:
        law: exponential
        mean: {value: 14, unit: days, source: assumption, where: "a test", kind: assumption, verified: "no", spread: {low: 14, high: 14, of: assumed}, note: "A test."}
      because: "A test: Erlang's C."
"""  # noqa: E501
STUDY = """
study: erlang
title: A ward of the size that Erlang's C asks for?
scenarios: ward.yaml
replications: 8
design:
  kind: size
  capacities: [{resource: ward_bed, from: 10, to: 14}]
  promises:
    - {outcome: "ward_bed, no place free", at_most: 24 %}
    - {outcome: "ward_bed, queue", at_most: 1.7}
  most_replications: 32
"""


def test_a_scenario_file_gives_the_beds_that_erlang_c_asks_for(tmp_path: Path) -> None:
    """Of 12 beds all are taken 18 % of the time, of 11 31 %; .43 and 1.0 wait."""
    (tmp_path / "ward.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "erlang.yaml").write_text(STUDY, encoding="utf-8")
    sizing = sizing_of(study_asked(tmp_path / "erlang.yaml"))
    answer = size(sizing, workers=1).found
    assert [answer.lattice.values(point) for point in answer.frontier] == [(12,)]
    for point, (full, queue) in answer.seen.judged.items():
        true = ErlangC(0.6, 14, int(answer.lattice.values(point)[0]))
        assert full.low <= 100 * true.waits <= full.high
        assert queue.low <= 0.6 * true.wait <= queue.high
