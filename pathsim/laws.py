"""The laws of time: how long until a clock rings.

Here live the laws as people state them, one frozen dataclass each; times are in days, hazards per
day. The pathway's clocks name a law. What the engines call (`spend`, `due` and the rest) stands in
`pathsim.hazards` and `pathsim.normal` and is handed on from here, so that callers need this module
alone. This module must never know a state, a patient or an engine.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from pathsim.hazards import (
    CONSTANT,
    CURED,
    EMPIRICAL,
    EXPONENTIAL,
    GOMPERTZ,
    INF,
    LOG_LOGISTIC,
    LOG_NORMAL,
    LOG_TWO,
    MANUFACTURING,
    PIECEWISE,
    WEIBULL,
    Parameters,
    compiled,
    cumulative_hazard,
    due,
    exp_or_inf,
    inverse_cumulative_hazard,
    spend,
    unit_exponential,
)
from pathsim.normal import normal_cdf, normal_quantile

# fmt: off
__all__ = [
    "CONSTANT", "CURED", "EMPIRICAL", "EXPONENTIAL", "GOMPERTZ", "LOG_LOGISTIC", "LOG_NORMAL",
    "MANUFACTURING", "PIECEWISE", "WEIBULL", "Constant", "CuredMixture", "Empirical",
    "Exponential", "Gompertz", "Law", "LogLogistic", "LogNormal", "Manufacturing", "Parameters",
    "PiecewiseExponential", "Weibull", "compiled", "cumulative_hazard", "due",
    "inverse_cumulative_hazard", "normal_cdf", "normal_quantile", "spend", "unit_exponential",
]
# fmt: on


def _check(holds: bool, problem: str) -> None:
    if not holds:
        raise ValueError(problem)


def _check_positive(law: str, **numbers: float) -> None:
    for name, number in numbers.items():
        _check(
            0.0 < number < INF,
            f"{law}: {name} is {number}; give a finite number greater than 0.",
        )


class Law(ABC):
    """How long until something happens: one cumulative hazard, from which all else follows."""

    code: ClassVar[int]
    is_delay: ClassVar[bool] = False

    @property
    @abstractmethod
    def parameters(self) -> Parameters:
        """The numbers, in the order in which the scalar functions read them."""

    @abstractmethod
    def mean(self) -> float:
        """Return the mean in days, inf if infinite."""

    @abstractmethod
    def describe(self) -> str:
        """Return the law in words, times in days."""

    def cumulative_hazard(self, t: float) -> float:
        """Return H(t), t in days."""
        return cumulative_hazard(self.code, self.parameters, float(t))

    def inverse(self, h: float) -> float:
        """Return the day at which H reaches h, inf if it never does."""
        return inverse_cumulative_hazard(self.code, self.parameters, float(h))

    def survival(self, t: float) -> float:
        """Return the probability that nothing has happened by day t."""
        return math.exp(-self.cumulative_hazard(t))

    def quantile(self, p: float) -> float:
        """Return the day by which it has happened with probability p."""
        _check(0.0 <= p <= 1.0, f"quantile: p is {p}; give a probability between 0 and 1.")
        return self.inverse(-math.log1p(-p) if p < 1.0 else INF)


@dataclass(frozen=True, init=False)
class Exponential(Law):
    """A constant hazard: `rate` a day, or the mean or median in days. Rate 0 never happens."""

    rate: float
    code: ClassVar[int] = EXPONENTIAL

    def __init__(
        self, rate: float | None = None, *, mean: float | None = None, median: float | None = None
    ) -> None:
        given = [number for number in (rate, mean, median) if number is not None]
        _check(len(given) == 1, "exponential: give exactly one of rate, mean and median.")
        if mean is not None:
            _check_positive("exponential", mean=mean)
            rate = 1.0 / mean
        elif median is not None:
            _check_positive("exponential", median=median)
            rate = LOG_TWO / median
        _check(
            rate is not None and 0.0 <= rate < INF,
            f"exponential: rate is {rate}; give a finite number a day, 0 or more.",
        )
        object.__setattr__(self, "rate", rate)

    @classmethod
    def of_mean(cls, mean: float) -> "Exponential":
        """Return the exponential law with this mean in days."""
        return cls(mean=mean)

    @classmethod
    def of_median(cls, median: float) -> "Exponential":
        """Return the exponential law with this median in days."""
        return cls(median=median)

    @property
    def parameters(self) -> Parameters:
        return (float(self.rate),)

    def mean(self) -> float:
        return 1.0 / self.rate if self.rate > 0.0 else INF

    def describe(self) -> str:
        if self.rate == 0.0:
            return "never (rate 0)"
        return f"exponential, mean {self.mean():.6g} days"


@dataclass(frozen=True)
class Weibull(Law):
    """H(t) = (t / scale) ** shape; scale in days."""

    shape: float
    scale: float
    code: ClassVar[int] = WEIBULL

    def __post_init__(self) -> None:
        _check_positive("Weibull", shape=self.shape, scale=self.scale)

    @property
    def parameters(self) -> Parameters:
        return (float(self.shape), float(self.scale))

    def mean(self) -> float:
        return self.scale * exp_or_inf(math.lgamma(1.0 + 1.0 / self.shape))

    def describe(self) -> str:
        return f"Weibull, shape {self.shape:.6g}, scale {self.scale:.6g} days"


@dataclass(frozen=True)
class Gompertz(Law):
    """Hazard b exp(a t), a and b per day: flexsurv's convention, shape a and rate b.

    a > 0 grows; a = 0 is exponential; a < 0 bounds H at -b / a, so some never have it.
    """

    a: float
    b: float
    code: ClassVar[int] = GOMPERTZ

    def __post_init__(self) -> None:
        _check(math.isfinite(self.a), f"Gompertz: a is {self.a}; give a finite number.")
        _check_positive("Gompertz", b=self.b)

    @property
    def parameters(self) -> Parameters:
        return (float(self.a), float(self.b))

    def mean(self) -> float:
        if self.a < 0.0:
            return INF
        return _mean_over_budgets(self.inverse)

    def describe(self) -> str:
        return f"Gompertz, hazard {self.b:.6g} exp({self.a:.6g} t) a day, t in days"


def _mean_over_budgets(time_of: Callable[[float], float]) -> float:
    """Return the integral of exp(-h) time_of(h), by the exp-sinh rule (Takahasi and Mori 1974)."""
    total, step = 0.0, 1.0 / 64.0
    for i in range(-320, 321):
        x = i * step
        h = exp_or_inf(0.5 * math.pi * math.sinh(x))
        if 0.0 < h < 700.0:
            total += math.exp(-h) * time_of(h) * h * 0.5 * math.pi * math.cosh(x)
    return total * step


@dataclass(frozen=True)
class LogLogistic(Law):
    """H(t) = log(1 + (t / scale) ** shape); scale, the median, in days."""

    shape: float
    scale: float
    code: ClassVar[int] = LOG_LOGISTIC

    def __post_init__(self) -> None:
        _check_positive("log-logistic", shape=self.shape, scale=self.scale)

    @property
    def parameters(self) -> Parameters:
        return (float(self.shape), float(self.scale))

    def mean(self) -> float:
        if self.shape <= 1.0:
            return INF
        angle = math.pi / self.shape
        return self.scale * angle / math.sin(angle)

    def describe(self) -> str:
        return f"log-logistic, shape {self.shape:.6g}, median {self.scale:.6g} days"


@dataclass(frozen=True)
class LogNormal(Law):
    """log t (t in days) is normal with mean mu and standard deviation sigma."""

    mu: float
    sigma: float
    code: ClassVar[int] = LOG_NORMAL

    def __post_init__(self) -> None:
        _check(math.isfinite(self.mu), f"lognormal: mu is {self.mu}; give a finite number.")
        _check_positive("lognormal", sigma=self.sigma)

    @property
    def parameters(self) -> Parameters:
        return (float(self.mu), float(self.sigma))

    def mean(self) -> float:
        return exp_or_inf(self.mu + 0.5 * self.sigma * self.sigma)

    def describe(self) -> str:
        return f"lognormal, median {exp_or_inf(self.mu):.6g} days, sigma {self.sigma:.6g}"


@dataclass(frozen=True)
class PiecewiseExponential(Law):
    """Hazard rates[i] a day from day starts[i]; a last rate of 0 leaves some for ever."""

    starts: tuple[float, ...]
    rates: tuple[float, ...]
    code: ClassVar[int] = PIECEWISE

    def __post_init__(self) -> None:
        name = "piecewise exponential"
        _check(
            len(self.starts) == len(self.rates) > 0,
            f"{name}: {len(self.starts)} starts, {len(self.rates)} rates; give one rate a start.",
        )
        _check(self.starts[0] == 0, f"{name}: the first start is {self.starts[0]}; make it 0.")
        _check(
            _increasing(self.starts),
            f"{name}: starts are {self.starts}; give finite days, each later than the one before.",
        )
        _check(
            all(0.0 <= rate < INF for rate in self.rates),
            f"{name}: rates are {self.rates}; give finite numbers a day, 0 or more.",
        )
        object.__setattr__(self, "starts", tuple(map(float, self.starts)))
        object.__setattr__(self, "rates", tuple(map(float, self.rates)))

    @property
    def parameters(self) -> Parameters:
        return (float(len(self.starts)), *self.starts, *self.rates)

    def mean(self) -> float:
        if self.rates[-1] == 0.0:
            return INF
        total = 0.0
        for start, end, rate in zip(self.starts, (*self.starts[1:], INF), self.rates, strict=True):
            if rate > 0.0:
                total += (self.survival(start) - self.survival(end)) / rate
            else:
                total += self.survival(start) * (end - start)
        return total

    def describe(self) -> str:
        pieces = zip(self.rates, self.starts, strict=True)
        words = ", ".join(f"{rate:.6g} a day from day {start:.6g}" for rate, start in pieces)
        return f"piecewise exponential, hazard {words}"


def _increasing(numbers: tuple[float, ...]) -> bool:
    return all(map(math.isfinite, numbers)) and all(a < b for a, b in pairwise(numbers))


@dataclass(frozen=True)
class CuredMixture(Law):
    """A share `cured` never has the event; the others follow `of`, a hazard law."""

    cured: float
    of: Law
    code: ClassVar[int] = CURED

    def __post_init__(self) -> None:
        _check(
            0.0 <= self.cured <= 1.0,
            f"cured mixture: cured is {self.cured}; give a share between 0 and 1.",
        )
        _check(
            isinstance(self.of, Law) and self.of.code < CURED,
            f"cured mixture: it cannot be made of {self.of!r}; "
            "give a hazard law that is neither a delay nor a mixture.",
        )

    @property
    def parameters(self) -> Parameters:
        return (float(self.cured), float(self.of.code), *self.of.parameters)

    def mean(self) -> float:
        return INF if self.cured > 0.0 else self.of.mean()

    def describe(self) -> str:
        return f"{100.0 * self.cured:.6g} % never; the others {self.of.describe()}"


@dataclass(frozen=True)
class Constant(Law):
    """A fixed delay in days; 0 is allowed."""

    delay: float
    code: ClassVar[int] = CONSTANT
    is_delay: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check(
            0.0 <= self.delay < INF,
            f"constant: delay is {self.delay}; give a finite number of days, 0 or more.",
        )

    @property
    def parameters(self) -> Parameters:
        return (float(self.delay),)

    def mean(self) -> float:
        return float(self.delay)

    def describe(self) -> str:
        return f"exactly {self.delay:.6g} day{'' if self.delay == 1 else 's'}"


@dataclass(frozen=True)
class Empirical(Law):
    """A delay given by its quantiles in days, straight lines between them.

    `probabilities` rise from 0 to 1; equal neighbouring `values` make that day an atom.
    """

    probabilities: tuple[float, ...]
    values: tuple[float, ...]
    code: ClassVar[int] = EMPIRICAL
    is_delay: ClassVar[bool] = True

    def __post_init__(self) -> None:
        shares, days = self.probabilities, self.values
        _check(
            len(shares) == len(days) > 1,
            f"empirical: {len(shares)} probabilities and {len(days)} values; "
            "give one value a probability, and at least two.",
        )
        _check(
            shares[0] == 0 and shares[-1] == 1 and _increasing(shares),
            f"empirical: probabilities are {shares}; let them increase from 0 to 1.",
        )
        _check(
            days[0] >= 0 and all(a <= b < INF for a, b in pairwise(days)),
            f"empirical: values are {days}; give finite days from 0 up, none below the one before.",
        )
        object.__setattr__(self, "probabilities", tuple(map(float, shares)))
        object.__setattr__(self, "values", tuple(map(float, days)))

    @property
    def parameters(self) -> Parameters:
        return (float(len(self.values)), *self.probabilities, *self.values)

    def mean(self) -> float:
        shares, days = self.probabilities, self.values
        pieces = zip(pairwise(shares), pairwise(days), strict=True)
        return sum((q - p) * (v + w) / 2.0 for (p, q), (v, w) in pieces)

    def describe(self) -> str:
        pairs = zip(self.probabilities, self.values, strict=True)
        words = ", ".join(f"{100.0 * p:.6g} % by day {v:.6g}" for p, v in pairs)
        return f"empirical, {words}"


@dataclass(frozen=True)
class Manufacturing(Law):
    """A delay of at least `minimum` days, the rest lognormal; `median` is that of the whole."""

    minimum: float
    median: float
    sigma: float
    code: ClassVar[int] = MANUFACTURING
    is_delay: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check(
            0.0 <= self.minimum < self.median < INF,
            f"manufacturing: minimum is {self.minimum} and median {self.median} days; "
            "give a minimum of 0 or more and a greater, finite median.",
        )
        _check_positive("manufacturing", sigma=self.sigma)

    @property
    def parameters(self) -> Parameters:
        excess = math.log(self.median - self.minimum)
        return (float(self.minimum), excess, float(self.sigma))

    def mean(self) -> float:
        spread = exp_or_inf(0.5 * self.sigma * self.sigma)
        return self.minimum + (self.median - self.minimum) * spread

    def describe(self) -> str:
        return (
            f"at least {self.minimum:.6g} days, median {self.median:.6g} days, "
            f"sigma {self.sigma:.6g} of the lognormal excess"
        )
