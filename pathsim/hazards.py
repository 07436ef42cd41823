"""The arithmetic of the laws of time, and the one place where a clock's budget is spent.

Here live the laws' codes, their cumulative hazards H and the inverses as scalar functions, `spend`
and `due`. Times are in days, hazards per day. The laws of `pathsim.laws` name these functions by
code, and both engines call them through that module. This module must never know a law's class, a
state, a patient or an engine.

A hazard law rings when ratio * H(elapsed) reaches a unit-exponential budget, so a hazard ratio
multiplies H and nothing else. A *delay* (constant, empirical, manufacturing) takes no ratio: its
budget only says which quantile of the delay is drawn.

The scalar functions (`SCALARS`) are written in the subset of Python that numba compiles and are
its only source: `pathsim.twins` makes jitted twins of them, with the same bits. Interpreted, the
parameters `p` are a tuple; compiled, a float64 array. CPython raises where C returns inf
(exp, pow and log out of range, division by zero), so those cases are tested first.
"""

import math
from collections.abc import Callable

from pathsim import normal
from pathsim.normal import normal_hazard, normal_inverse_hazard

EXPONENTIAL, WEIBULL, GOMPERTZ, LOG_LOGISTIC, LOG_NORMAL, PIECEWISE, CURED = range(7)
CONSTANT, EMPIRICAL, MANUFACTURING = range(7, 10)  # the delays come last: `due` relies on it

INF = math.inf
LARGEST_EXPONENT = 709.0  # exp(709.8) is the largest double
LOG_TWO = math.log(2.0)

Parameters = tuple[float, ...]


def exp_or_inf(x: float) -> float:
    """Return exp(x), inf where it overflows."""
    return INF if x > LARGEST_EXPONENT else math.exp(x)


def power(x: float, y: float) -> float:
    """Return x ** y for x > 0, inf where it overflows: CPython would raise."""
    # With y from 0 to 1 it is no larger than x or 1: the logarithm, which costs as much, can wait.
    if x == INF or ((y > 1.0 or y < 0.0) and y * math.log(x) > LARGEST_EXPONENT):
        return INF
    return float(x**y)


# --- one pair of scalar functions a law: H(t) for t > 0, its inverse for h > 0 ---


def _exponential(p: Parameters, t: float) -> float:
    return p[0] * t


def _exponential_inverse(p: Parameters, h: float) -> float:
    return INF if p[0] == 0.0 else h / p[0]


def _weibull(p: Parameters, t: float) -> float:
    x = t / p[1]
    return 0.0 if x == 0.0 else power(x, p[0])


def _weibull_inverse(p: Parameters, h: float) -> float:
    return p[1] * power(h, 1.0 / p[0])


def _gompertz(p: Parameters, t: float) -> float:
    a, b = p[0], p[1]
    if a == 0.0:
        return b * t
    return INF if a * t > LARGEST_EXPONENT else b * (math.expm1(a * t) / a)


def _gompertz_inverse(p: Parameters, h: float) -> float:
    a, b = p[0], p[1]
    if a == 0.0:
        return h / b
    grown = h / b * a
    return INF if grown <= -1.0 else math.log1p(grown) / a


def _log_logistic(p: Parameters, t: float) -> float:
    x = t / p[1]
    if x == 0.0:
        return 0.0
    log_odds = p[0] * math.log(x) if x < INF else INF
    return log_odds if log_odds > 700.0 else math.log1p(x ** p[0])


def _log_logistic_inverse(p: Parameters, h: float) -> float:
    if h > 700.0:  # expm1(h) would overflow, and equals exp(h)
        return p[1] * exp_or_inf(h / p[0])
    return p[1] * power(math.expm1(h), 1.0 / p[0])


def _log_normal(p: Parameters, t: float) -> float:
    return INF if t == INF else normal_hazard((math.log(t) - p[0]) / p[1])


def _log_normal_inverse(p: Parameters, h: float) -> float:
    return exp_or_inf(p[0] + p[1] * normal_inverse_hazard(h))


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
    below = p[i] + share * (p[i + 1] - p[i])
    return INF if below >= 1.0 else -math.log1p(-below)  # it may round to 1 before the end


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
    *normal.SCALARS, exp_or_inf, power, _exponential, _exponential_inverse, _weibull,
    _weibull_inverse, _gompertz, _gompertz_inverse, _log_logistic, _log_logistic_inverse,
    _log_normal, _log_normal_inverse, _piecewise, _piecewise_inverse, _constant,
    _constant_inverse, _empirical, _empirical_inverse, _manufacturing, _manufacturing_inverse,
    _hazard_law, _hazard_law_inverse, _cured, _cured_inverse, cumulative_hazard,
    inverse_cumulative_hazard, unit_exponential, spend, due,
)
# fmt: on
"""The functions that a compiled engine must jit, callees first."""
