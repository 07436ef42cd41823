"""Queues with waiting against their closed forms: M/M/1, Erlang C, M/G/1, Erlang A.

Every run starts empty and warms up to the first day of its window, five relaxation times or more;
customers who come in the window are followed for a further tail, so that hardly a wait is cut.
Forty independent replications, seeds chosen before the first run. A comparison passes within 4
standard errors, and only counts where these are at most 1.6 % of the figure, so that a 2 % error
fails. What controls are used is told in customers.py.

A right simulation fails one comparison with probability .0003 (t, 34 degrees of freedom). With the
40 comparisons here, 7 of them by the SimPy engine and rough (a 10 % error fails), and the 27 of
arrivals and services with what was put in, the family-wide rate of false alarms is under 2.3 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import log as ln
from math import sqrt

import pandas as pd
import pytest

from pathsim import Constant, Exponential, LogNormal, Service
from pathsim.laws import Law
from tests.theory import models
from tests.theory.customers import CONTROLS, INPUTS, queue_figures
from tests.theory.measure import ROUGH, TIGHT, agree, are_none, replicated

pytestmark = pytest.mark.theory


@dataclass
class Case:
    """A queue, its window (warm-up before it, tail after it) and its figures in closed form.

    `rough` is the length of a window that is long enough where a 10 % error is to fail.
    """

    number: int
    arrival: float
    law: Law
    expected: Mapping[str, float]
    servers: int = 1
    patience: Law | None = None
    stages: int = 1
    warm: float = 500.0
    length: float = 6000.0
    rough: float = 800.0
    tail: float = 60.0
    longer_than: float = 0.0

    @cached_property
    def service(self) -> Service:
        return models.queue(
            self.arrival,
            self.law,
            servers=self.servers,
            patience=self.patience,
            stages=self.stages,
        )

    def figures(self, engine: str) -> pd.DataFrame:
        window = (self.warm, self.warm + self.length)
        return replicated(
            self.service,
            queue_figures(
                window,
                arrival=self.arrival,
                mean=self.stages * self.law.mean(),
                servers=self.servers,
                longer_than=self.longer_than,
            ),
            horizon=window[1] + self.tail,
            case=self.number,
            engine=engine,
        )

    @property
    def controls(self) -> list[str]:
        """Which columns are figures that are 0 on average, and are not 0 always."""
        if self.patience is not None:
            return INPUTS
        return [c for c in CONTROLS if c not in self.never_vary]

    @property
    def never_vary(self) -> list[str]:
        return ["service", "surplus"] if isinstance(self.law, Constant) else []


def lognormal(mean: float, cv: float) -> LogNormal:
    variance = ln(1.0 + cv * cv)
    return LogNormal(ln(mean) - variance / 2.0, sqrt(variance))


MM1 = Case(
    0, 0.8, Exponential(1.0), length=76000.0, longer_than=5.0,
    expected={"used": 0.8, "wait": 4.0, "in_system": 5.0, "queue": 3.2, "p_wait": 0.8,
              "p_longer": 0.294304},
)  # fmt: skip
ERLANG_C = {
    "3 servers": Case(
        1, 0.2, Exponential(0.1), servers=3, length=110000.0, rough=2500.0, tail=300.0,
        expected={"p_wait": 0.444444, "wait": 4.444444, "queue": 0.888889},
    ),
    "4 servers": Case(
        2, 0.2, Exponential(0.1), servers=4, length=215000.0, tail=300.0,
        expected={"p_wait": 0.173913, "wait": 0.869565, "queue": 0.173913},
    ),
    "5 servers": Case(
        3, 0.25, Exponential(0.1), servers=5, length=270000.0, tail=300.0,
        expected={"p_wait": 0.130371, "wait": 0.521485, "queue": 0.130371},
    ),
    "10 beds": Case(
        4, 0.6, Exponential(1 / 14), servers=10, warm=1000.0, length=115000.0, tail=300.0,
        expected={"p_wait": 0.504268, "wait": 4.412344, "queue": 2.647407},
    ),
    "12 beds": Case(
        5, 0.6, Exponential(1 / 14), servers=12, length=190000.0, tail=300.0,
        expected={"p_wait": 0.183889, "wait": 0.715122, "queue": 0.429073},
    ),
}  # fmt: skip
ERLANG_A = {
    "10 servers": Case(
        6, 10.0, Exponential(1.0), servers=10, patience=Exponential(1.0),
        warm=20.0, length=1800.0, rough=80.0, tail=20.0,
        expected={"p_wait": 0.542070, "queue": 1.251100, "p_left": 0.125110, "number": 10.0},
    ),
    "3 servers": Case(
        7, 1.0, Exponential(0.25), servers=3, patience=Exponential(0.1),
        warm=100.0, length=5300.0, rough=200.0, tail=100.0,
        expected={"p_wait": 0.869142, "queue": 2.978136, "p_left": 0.297814, "used": 0.936249},
    ),
}  # fmt: skip
KHINCHINE = {
    "constant": Case(8, 0.5, Constant(1.5), length=20000.0, expected={"wait": 2.25}),
    "erlang-2": Case(9, 0.5, Exponential(1 / 0.75), stages=2, length=20000.0,
                     expected={"wait": 3.375}),
    "exponential": Case(10, 0.5, Exponential(1 / 1.5), length=20000.0, expected={"wait": 4.5}),
    "lognormal": Case(11, 0.5, lognormal(1.5, 1.2), length=65000.0, tail=200.0,
                      expected={"wait": 5.49}),
}  # fmt: skip


def holds(case: Case, *, within: float = TIGHT, engine: str = "compiled") -> None:
    figures = case.figures(engine)
    are_none(figures[[c for c in case.controls if c in INPUTS]])
    for figure, expected in case.expected.items():
        agree(figures[figure], expected, controls=figures[case.controls], within=within)


def test_a_queue_with_one_server_agrees_with_m_m_1() -> None:
    """Among others the share who wait longer than 5, .8 exp(-1)."""
    holds(MM1)


@pytest.mark.parametrize("name", ERLANG_C)
def test_a_queue_with_several_servers_agrees_with_erlang_c(name: str) -> None:
    holds(ERLANG_C[name])


@pytest.mark.parametrize("name", KHINCHINE)
def test_a_queue_with_one_server_and_any_service_agrees_with_pollaczek_and_khinchine(
    name: str,
) -> None:
    holds(KHINCHINE[name])


@pytest.mark.parametrize("name", ERLANG_A)
def test_a_queue_that_people_leave_agrees_with_erlang_a(name: str) -> None:
    holds(ERLANG_A[name])


BY_SIMPY = {"erlang a": ERLANG_A["3 servers"], "erlang c": ERLANG_C["3 servers"]}


@pytest.mark.parametrize("name", BY_SIMPY)
def test_a_queue_agrees_by_the_simpy_engine_too(name: str) -> None:
    case = BY_SIMPY[name]
    holds(replace(case, length=case.rough), within=ROUGH, engine="simpy")
