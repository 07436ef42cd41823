"""What a law refuses, what it says of itself, and what it does not load."""

import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pathsim.laws import (
    Constant,
    CuredMixture,
    Empirical,
    Exponential,
    Gompertz,
    Law,
    LogLogistic,
    LogNormal,
    Manufacturing,
    PiecewiseExponential,
    Weibull,
)

REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: Exponential(), "exactly one of rate, mean and median"),
    (lambda: Exponential(0.1, mean=10), "exactly one of rate, mean and median"),
    (lambda: Exponential(-0.1), "rate is -0.1"),
    (lambda: Exponential(math.inf), "rate is inf"),
    (lambda: Exponential(mean=0), "mean is 0"),
    (lambda: Exponential(median=-3), "median is -3"),
    (lambda: Weibull(0, 20), "shape is 0"),
    (lambda: Weibull(1.3, math.nan), "scale is nan"),
    (lambda: Gompertz(0.1, 0), "b is 0"),
    (lambda: Gompertz(math.inf, 0.1), "a is inf"),
    (lambda: LogLogistic(-1, 15), "shape is -1"),
    (lambda: LogNormal(math.nan, 1), "mu is nan"),
    (lambda: LogNormal(1, 0), "sigma is 0"),
    (lambda: PiecewiseExponential((), ()), "0 starts"),
    (lambda: PiecewiseExponential((0, 5), (0.1,)), "2 starts, 1 rates"),
    (lambda: PiecewiseExponential((1, 5), (0.1, 0.2)), "first start is 1"),
    (lambda: PiecewiseExponential((0, 5, 5), (0.1, 0.2, 0.3)), "each later"),
    (lambda: PiecewiseExponential((0, 5), (0.1, -0.2)), "0 or more"),
    (lambda: CuredMixture(1.1, Exponential(0.1)), "share between 0 and 1"),
    (lambda: CuredMixture(0.1, Constant(3)), "neither a delay nor a mixture"),
    (lambda: CuredMixture(0.1, CuredMixture(0.1, Exponential(1))), "nor a mixture"),
    (lambda: Constant(-1), "delay is -1"),
    (lambda: Constant(math.nan), "delay is nan"),
    (lambda: Empirical((0, 1), (1, 2, 3)), "2 probabilities and 3 values"),
    (lambda: Empirical((0.1, 1), (1, 2)), "increase from 0 to 1"),
    (lambda: Empirical((0, 0.5, 0.5, 1), (1, 2, 3, 4)), "increase from 0 to 1"),
    (lambda: Empirical((0, 1), (-1, 2)), "from 0 up"),
    (lambda: Empirical((0, 1), (3, 2)), "none below the one before"),
    (lambda: Manufacturing(30, 30, 0.5), "greater, finite median"),
    (lambda: Manufacturing(14, 30, 0), "sigma is 0"),
    (lambda: Weibull(1.3, 20).quantile(1.5), "p is 1.5"),
]


@pytest.mark.parametrize(("state", "words"), REFUSED)
def test_a_law_that_means_nothing_is_refused_in_words(state: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        state()


@pytest.mark.parametrize(
    ("law", "words"),
    [
        (Exponential(0.05), "exponential, mean 20 days"),
        (Exponential(0), "never (rate 0)"),
        (Weibull(1.3, 20), "Weibull, shape 1.3, scale 20 days"),
        (Gompertz(0.02, 0.03), "Gompertz, hazard 0.03 exp(0.02 t) a day, t in days"),
        (LogLogistic(1.6, 15), "log-logistic, shape 1.6, median 15 days"),
        (LogNormal(math.log(15), 0.9), "lognormal, median 15 days, sigma 0.9"),
        (
            PiecewiseExponential((0, 5), (0.1, 0)),
            "piecewise exponential, hazard 0.1 a day from day 0, 0 a day from day 5",
        ),
        (CuredMixture(0.3, Exponential(0.05)), "30 % never; the others exponential, mean 20 days"),
        (Constant(1), "exactly 1 day"),
        (Constant(28), "exactly 28 days"),
        (Empirical((0, 0.5, 1), (10, 21, 90)), "0 % by day 10, 50 % by day 21, 100 % by day 90"),
        (Manufacturing(14, 30, 0.5), "at least 14 days, median 30 days"),
    ],
    ids=repr,
)
def test_a_law_says_in_words_what_it_is(law: Law, words: str) -> None:
    assert words in law.describe()


def test_only_delays_take_no_ratio() -> None:
    kinds = {kind.__name__ for kind in Law.__subclasses__() if kind.is_delay}
    assert kinds == {"Constant", "Empirical", "Manufacturing"}


def test_every_law_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in Law.__subclasses__()]
    assert sorted(codes) == list(range(10))


def test_a_law_is_a_value(law: Law) -> None:
    again = pickle.loads(pickle.dumps(law))
    assert again == law
    assert hash(again) == hash(law)
    assert all(type(number) is float for number in law.parameters)


def test_lists_are_kept_as_tuples_of_floats() -> None:
    law = Empirical([0, 1], [3, 5])  # type: ignore[arg-type]
    assert law == Empirical((0.0, 1.0), (3.0, 5.0))
    assert hash(law) == hash(Empirical((0.0, 1.0), (3.0, 5.0)))


def test_laws_and_draws_load_no_numba_and_no_numpy() -> None:
    line = "import sys, pathsim.laws, pathsim.draws; print({'numba', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
