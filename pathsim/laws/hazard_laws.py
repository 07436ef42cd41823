"""The laws of which a hazard ratio multiplies the hazard, one frozen dataclass each.

Times are in days, hazards per day. Each raises ValueError for parameters that make no law. This
module must never know a state, a patient or an engine.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from pathsim.errors import demand
from pathsim.hazards import (
    CURED,
    EXPONENTIAL,
    GOMPERTZ,
    INF,
    LOG_LOGISTIC,
    LOG_NORMAL,
    LOG_TWO,
    PIECEWISE,
    WEIBULL,
    Parameters,
    exp_or_inf,
)
from pathsim.laws.law import Law, check_positive, increasing


@dataclass(frozen=True, init=False)
class Exponential(Law):
    """A constant hazard: `rate` a day, or the mean or median in days. Rate 0 never happens."""

    rate: float
    code: ClassVar[int] = EXPONENTIAL

    def __init__(
        self, rate: float | None = None, *, mean: float | None = None, median: float | None = None
    ) -> None:
        given = [number for number in (rate, mean, median) if number is not None]
        demand(len(given) == 1, "exponential: give exactly one of rate, mean and median.")
        if mean is not None:
            check_positive("exponential", mean=mean)
            rate = 1.0 / mean
        elif median is not None:
            check_positive("exponential", median=median)
            rate = LOG_TWO / median
        demand(
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
        check_positive("Weibull", shape=self.shape, scale=self.scale)

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
        demand(math.isfinite(self.a), f"Gompertz: a is {self.a}; give a finite number.")
        check_positive("Gompertz", b=self.b)

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
        check_positive("log-logistic", shape=self.shape, scale=self.scale)

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
        demand(math.isfinite(self.mu), f"lognormal: mu is {self.mu}; give a finite number.")
        check_positive("lognormal", sigma=self.sigma)

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
        demand(
            len(self.starts) == len(self.rates) > 0,
            f"{name}: {len(self.starts)} starts, {len(self.rates)} rates; give one rate a start.",
        )
        demand(self.starts[0] == 0, f"{name}: the first start is {self.starts[0]}; make it 0.")
        demand(
            increasing(self.starts),
            f"{name}: starts are {self.starts}; give finite days, each later than the one before.",
        )
        demand(
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


@dataclass(frozen=True)
class CuredMixture(Law):
    """A share `cured` never has the event; the others follow `of`, a hazard law."""

    cured: float
    of: Law
    code: ClassVar[int] = CURED

    def __post_init__(self) -> None:
        demand(
            0.0 <= self.cured <= 1.0,
            f"cured mixture: cured is {self.cured}; give a share between 0 and 1.",
        )
        demand(
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
