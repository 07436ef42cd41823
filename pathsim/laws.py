"""The laws of time: how long until a clock rings.

Here live the laws (one frozen dataclass each), their cumulative hazards and inverses as scalar
functions, and `spend` and `due`, the one place where a clock's budget is spent. Times are in days,
hazards per day. The pathway's clocks name a law; both engines call the scalar functions. This
module must never know a state, a patient or an engine.

A hazard law with cumulative hazard H rings when ratio * H(elapsed) reaches a unit-exponential
budget, so a hazard ratio multiplies H and nothing else. A *delay* (constant, empirical,
manufacturing) takes no ratio: its budget only says which quantile of the delay is drawn.

The scalar functions (`SCALARS`) are written in the subset of Python that numba compiles and are
its only source: `compiled` makes jitted twins of them, with the same bits. Interpreted, the
parameters `p` are a tuple; compiled, a float64 array. CPython raises where C returns inf
(exp, pow and log out of range, division by zero), so those cases are tested first.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import FunctionType, SimpleNamespace
from typing import Any, ClassVar

EXPONENTIAL, WEIBULL, GOMPERTZ, LOG_LOGISTIC, LOG_NORMAL, PIECEWISE, CURED = range(7)
CONSTANT, EMPIRICAL, MANUFACTURING = range(7, 10)  # the delays come last: `due` relies on it

INF = math.inf
LARGEST_EXPONENT = 709.0  # exp(709.8) is the largest double
ROOT_HALF = math.sqrt(0.5)
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
LOG_TWO = math.log(2.0)

Parameters = tuple[float, ...]


# --- powers, exponentials and the normal distribution, without exceptions ---


def _exp(x: float) -> float:
    return INF if x > LARGEST_EXPONENT else math.exp(x)


def _power(x: float, y: float) -> float:
    """Return x ** y for x > 0, inf where it overflows."""
    if x == INF or y * math.log(x) > LARGEST_EXPONENT:
        return INF
    return float(x**y)


def _normal_tail_excess(z: float) -> float:
    """Return -log P(Z > z) - z^2/2 for z > 30, by the asymptotic series."""
    w = 1.0 / (z * z)
    series = w * (1.0 - 3.0 * w * (1.0 - 5.0 * w * (1.0 - 7.0 * w * (1.0 - 9.0 * w))))
    return math.log(z) + HALF_LOG_TWO_PI - math.log1p(-series)


def _normal_hazard(z: float) -> float:
    """Return -log P(Z > z) for a standard normal Z, accurate in both tails."""
    if z < 0.0:
        return -math.log1p(-0.5 * math.erfc(-z * ROOT_HALF))
    if z < 36.0:  # erfc underflows beyond 37
        return -math.log(0.5 * math.erfc(z * ROOT_HALF))
    if z == INF:
        return INF
    return 0.5 * z * z + _normal_tail_excess(z)


# fmt: off
def _normal_centre(q: float) -> float:
    """Return the normal quantile of 0.5 + q, |q| <= 0.425: Wichura (1988), AS 241, PPND16."""
    r = 0.180625 - q * q
    above = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r
        + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r
        + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
        + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)
    below = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r
        + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r
        + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
        + 4.2313330701600911252e1) * r + 1.0)
    return q * above / below


def _normal_tail(r: float) -> float:
    """Return z > 0 with P(Z > z) = exp(-r^2), 1.6 < r <= 27: AS 241, PPND16."""
    if r <= 5.0:
        r -= 1.6
        above = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
            + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r
            + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)
        below = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
            + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
            + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0)
        return above / below
    r -= 5.0
    above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
        + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
        + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
        + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)
    below = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
        + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
        + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
        + 5.99832206555887937690e-1) * r + 1.0)
    return above / below
# fmt: on


def _normal_inverse_hazard(h: float) -> float:
    """Return z with -log P(Z > z) = h, for h > 0."""
    if h == INF:
        return INF
    if h > 700.0:  # z^2/2 + excess(z) = h; each turn gains three digits and more
        z = math.sqrt(2.0 * h)
        for _ in range(7):
            z = math.sqrt(2.0 * (h - _normal_tail_excess(z)))
        return z
    below = -math.expm1(-h)
    if below < 0.075:
        return -_normal_tail(math.sqrt(-math.log(below)))
    if below <= 0.925:
        return _normal_centre(below - 0.5)
    return _normal_tail(math.sqrt(h))


def normal_cdf(z: float) -> float:
    """Return P(Z <= z) for a standard normal Z."""
    return -math.expm1(-_normal_hazard(z))


def normal_quantile(p: float) -> float:
    """Return z with P(Z <= z) = p, for 0 < p < 1; infinite at the ends."""
    if p <= 0.0:
        return -INF
    return INF if p >= 1.0 else _normal_inverse_hazard(-math.log1p(-p))


# --- one pair of scalar functions a law: H(t) for t > 0, its inverse for h > 0 ---


def _exponential(p: Parameters, t: float) -> float:
    return p[0] * t


def _exponential_inverse(p: Parameters, h: float) -> float:
    return INF if p[0] == 0.0 else h / p[0]


def _weibull(p: Parameters, t: float) -> float:
    x = t / p[1]
    return 0.0 if x == 0.0 else _power(x, p[0])


def _weibull_inverse(p: Parameters, h: float) -> float:
    return p[1] * _power(h, 1.0 / p[0])


def _gompertz(p: Parameters, t: float) -> float:
    a, b = p[0], p[1]
    if b == 0.0:
        return a * t
    return INF if b * t > LARGEST_EXPONENT else a * (math.expm1(b * t) / b)


def _gompertz_inverse(p: Parameters, h: float) -> float:
    a, b = p[0], p[1]
    if b == 0.0:
        return h / a
    grown = h / a * b
    return INF if grown <= -1.0 else math.log1p(grown) / b


def _log_logistic(p: Parameters, t: float) -> float:
    x = t / p[1]
    if x == 0.0:
        return 0.0
    log_odds = p[0] * math.log(x) if x < INF else INF
    return log_odds if log_odds > 700.0 else math.log1p(x ** p[0])


def _log_logistic_inverse(p: Parameters, h: float) -> float:
    if h > 700.0:  # expm1(h) would overflow, and equals exp(h)
        return p[1] * _exp(h / p[0])
    return p[1] * _power(math.expm1(h), 1.0 / p[0])


def _log_normal(p: Parameters, t: float) -> float:
    return INF if t == INF else _normal_hazard((math.log(t) - p[0]) / p[1])


def _log_normal_inverse(p: Parameters, h: float) -> float:
    return _exp(p[0] + p[1] * _normal_inverse_hazard(h))


def _piecewise(p: Parameters, t: float) -> float:
    n = int(p[0])
    reached = 0.0
    for i in range(1, n):
        if t <= p[i + 1]:
            return reached + p[n + i] * (t - p[i])
        reached += p[n + i] * (p[i + 1] - p[i])
    return reached if p[n + n] == 0.0 else reached + p[n + n] * (t - p[n])


def _piecewise_inverse(p: Parameters, h: float) -> float:
    n = int(p[0])
    reached = 0.0
    for i in range(1, n):
        piece = p[n + i] * (p[i + 1] - p[i])
        if h < reached + piece:
            return p[i] + (h - reached) / p[n + i]
        reached += piece
    return INF if p[n + n] == 0.0 else p[n] + (h - reached) / p[n + n]


def _constant(p: Parameters, t: float) -> float:
    return INF if t >= p[0] else 0.0


def _constant_inverse(p: Parameters, h: float) -> float:
    return p[0]


def _empirical(p: Parameters, t: float) -> float:
    n = int(p[0])
    if t < p[n + 1]:
        return 0.0
    if t >= p[n + n]:
        return INF
    i = n - 1
    while p[n + i] > t:
        i -= 1
    share = (t - p[n + i]) / (p[n + i + 1] - p[n + i])
    return -math.log1p(-(p[i] + share * (p[i + 1] - p[i])))


def _empirical_inverse(p: Parameters, h: float) -> float:
    n = int(p[0])
    below = -math.expm1(-h)
    i = 1
    while i < n - 1 and p[i + 1] < below:
        i += 1
    if below >= p[i + 1]:  # the knots themselves come out exact
        return p[n + i + 1]
    share = (below - p[i]) / (p[i + 1] - p[i])
    return p[n + i] + share * (p[n + i + 1] - p[n + i])


def _manufacturing(p: Parameters, t: float) -> float:
    return 0.0 if t <= p[0] else _log_normal(p[1:], t - p[0])


def _manufacturing_inverse(p: Parameters, h: float) -> float:
    return p[0] if h <= 0.0 else p[0] + _log_normal_inverse(p[1:], h)


# --- the dispatch ---


def _hazard_law(code: int, p: Parameters, t: float) -> float:
    """Return H(t) of a law that is neither a delay nor a mixture, t > 0."""
    if code == EXPONENTIAL:
        return _exponential(p, t)
    if code == WEIBULL:
        return _weibull(p, t)
    if code == GOMPERTZ:
        return _gompertz(p, t)
    if code == LOG_LOGISTIC:
        return _log_logistic(p, t)
    if code == LOG_NORMAL:
        return _log_normal(p, t)
    return _piecewise(p, t)


def _hazard_law_inverse(code: int, p: Parameters, h: float) -> float:
    """Return the inverse of `_hazard_law` at h > 0."""
    if code == EXPONENTIAL:
        return _exponential_inverse(p, h)
    if code == WEIBULL:
        return _weibull_inverse(p, h)
    if code == GOMPERTZ:
        return _gompertz_inverse(p, h)
    if code == LOG_LOGISTIC:
        return _log_logistic_inverse(p, h)
    if code == LOG_NORMAL:
        return _log_normal_inverse(p, h)
    return _piecewise_inverse(p, h)


def _cured(p: Parameters, t: float) -> float:
    cured = p[0]
    h = _hazard_law(int(p[1]), p[2:], t)
    if cured == 0.0:
        return h
    if h < LOG_TWO:  # two forms, each where it does not cancel
        return -math.log1p((1.0 - cured) * math.expm1(-h))
    return -math.log(cured + (1.0 - cured) * math.exp(-h))


def _cured_inverse(p: Parameters, h: float) -> float:
    cured = p[0]
    if cured == 0.0:
        return _hazard_law_inverse(int(p[1]), p[2:], h)
    bound = -math.log(cured)
    if h >= bound:
        return INF
    if h < 0.5 * bound:
        inner = -math.log1p(math.expm1(-h) / (1.0 - cured))
    else:
        inner = bound + math.log1p(-cured) - math.log(math.expm1(bound - h))
    return _hazard_law_inverse(int(p[1]), p[2:], inner) if inner > 0.0 else 0.0


def cumulative_hazard(code: int, p: Parameters, t: float) -> float:
    """Return H(t), t in days; 0 for t <= 0."""
    if t <= 0.0:
        return 0.0
    if code == CONSTANT:
        return _constant(p, t)
    if code == EMPIRICAL:
        return _empirical(p, t)
    if code == MANUFACTURING:
        return _manufacturing(p, t)
    if code == CURED:
        return _cured(p, t)
    return _hazard_law(code, p, t)


def inverse_cumulative_hazard(code: int, p: Parameters, h: float) -> float:
    """Return the time in days at which H reaches h >= 0; inf where it never does.

    A constant delay is its delay for any h; the other delays are at their minimum for h = 0.
    """
    if code == CONSTANT:
        return _constant_inverse(p, h)
    if code == EMPIRICAL:
        return _empirical_inverse(p, h)
    if code == MANUFACTURING:
        return _manufacturing_inverse(p, h)
    if h <= 0.0:
        return 0.0
    if code == CURED:
        return _cured_inverse(p, h)
    return _hazard_law_inverse(code, p, h)


# --- budgets ---


def unit_exponential(u: float) -> float:
    """Return the budget, a unit-exponential draw, of a uniform strictly between 0 and 1."""
    return -math.log(u)


def spend(
    code: int, p: Parameters, ratio: float, origin: float, since: float, now: float, rest: float
) -> float:
    """Return what is left of the budget `rest` after the law ran from `since` to `now`.

    `origin` is the moment (day) from which the law counts. Ratio 0 spends nothing.
    """
    if ratio == 0.0:
        return rest
    reached = cumulative_hazard(code, p, now - origin)
    if reached == INF:
        return 0.0
    left = rest - ratio * (reached - cumulative_hazard(code, p, since - origin))
    return left if left > 0.0 else 0.0


def due(code: int, p: Parameters, ratio: float, origin: float, now: float, rest: float) -> float:
    """Return the day on which a clock with budget `rest` rings, never before `now`, inf if never.

    At `now == origin`, the common case, H is 0: a whole-day delay comes out exact.
    """
    if ratio == 0.0:
        return INF
    if now == origin:
        return origin + inverse_cumulative_hazard(code, p, rest / ratio)
    reached = cumulative_hazard(code, p, now - origin)
    # A spent budget rings now: H may have rounded to its bound, whose inverse is inf.
    if reached == INF or (rest <= 0.0 and code < CONSTANT):
        return now
    when = origin + inverse_cumulative_hazard(code, p, reached + rest / ratio)
    return when if when > now else now


# fmt: off
SCALARS: tuple[Callable[..., float], ...] = (
    _exp, _power, _normal_tail_excess, _normal_hazard, _normal_centre, _normal_tail,
    _normal_inverse_hazard, normal_cdf, normal_quantile, _exponential, _exponential_inverse,
    _weibull, _weibull_inverse, _gompertz, _gompertz_inverse, _log_logistic,
    _log_logistic_inverse, _log_normal, _log_normal_inverse, _piecewise, _piecewise_inverse,
    _constant, _constant_inverse, _empirical, _empirical_inverse, _manufacturing,
    _manufacturing_inverse, _hazard_law, _hazard_law_inverse, _cured, _cured_inverse,
    cumulative_hazard, inverse_cumulative_hazard, unit_exponential, spend, due,
)
# fmt: on
"""The functions that a compiled engine must jit, callees first."""


@cache
def compiled(scalars: tuple[Callable[..., Any], ...] = SCALARS) -> SimpleNamespace:
    """Return numba's twins of `scalars` (callees first), by name: `compiled().due(...)`.

    Each twin has the code object of its original and a copy of the module's globals in which the
    functions before it are already twins; nothing is written twice. numba is loaded here.
    """
    import numba

    names = dict(scalars[0].__globals__)
    for scalar in scalars:
        twin = FunctionType(scalar.__code__, names, scalar.__name__)
        names[scalar.__name__] = numba.njit(_signature(scalar), error_model="numpy")(twin)
    return SimpleNamespace(**{scalar.__name__: names[scalar.__name__] for scalar in scalars})


def _signature(scalar: Callable[..., Any]) -> str | None:
    """Return the signature in unsigned words of a function of ints alone, None for others.

    Left to itself, numba gives a sum or product of signed and unsigned words another type.
    """
    kinds = dict(scalar.__annotations__)
    result = "uint64" if kinds.pop("return") is int else "float64"
    if any(kind is not int for kind in kinds.values()):
        return None
    return f"{result}({', '.join(['uint64'] * len(kinds))})"


# --- the laws as people state them ---


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
        return self.scale * _exp(math.lgamma(1.0 + 1.0 / self.shape))

    def describe(self) -> str:
        return f"Weibull, shape {self.shape:.6g}, scale {self.scale:.6g} days"


@dataclass(frozen=True)
class Gompertz(Law):
    """Hazard a exp(b t), a and b per day; b < 0 bounds H at -a / b, so some never have it."""

    a: float
    b: float
    code: ClassVar[int] = GOMPERTZ

    def __post_init__(self) -> None:
        _check_positive("Gompertz", a=self.a)
        _check(math.isfinite(self.b), f"Gompertz: b is {self.b}; give a finite number.")

    @property
    def parameters(self) -> Parameters:
        return (float(self.a), float(self.b))

    def mean(self) -> float:
        if self.b < 0.0:
            return INF
        return _mean_over_budgets(self.inverse)

    def describe(self) -> str:
        return f"Gompertz, hazard {self.a:.6g} exp({self.b:.6g} t) a day, t in days"


def _mean_over_budgets(time_of: Callable[[float], float]) -> float:
    """Return the integral of exp(-h) time_of(h), by the exp-sinh rule (Takahasi and Mori 1974)."""
    total, step = 0.0, 1.0 / 64.0
    for i in range(-320, 321):
        x = i * step
        h = _exp(0.5 * math.pi * math.sinh(x))
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
        return _exp(self.mu + 0.5 * self.sigma * self.sigma)

    def describe(self) -> str:
        return f"lognormal, median {_exp(self.mu):.6g} days, sigma {self.sigma:.6g}"


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
        spread = _exp(0.5 * self.sigma * self.sigma)
        return self.minimum + (self.median - self.minimum) * spread

    def describe(self) -> str:
        return (
            f"at least {self.minimum:.6g} days, median {self.median:.6g} days, "
            f"sigma {self.sigma:.6g} of the lognormal excess"
        )
