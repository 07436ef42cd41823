"""Another family of curves through two points of a law: what was seen stays, the rest moves.

Called where a pathway is built. Knows no therapy.
"""

import math
from collections.abc import Callable

from pathsim.errors import demand
from pathsim.laws.hazard_laws import Gompertz, LogLogistic, LogNormal, Weibull
from pathsim.laws.law import Law
from pathsim.normal import normal_quantile
from pathsim.units import DAYS_PER_YEAR

SEEN = 3.0 * DAYS_PER_YEAR
"""Days within which most trials of these therapies have followed their patients."""
FEW = 0.9
"""Once so many have had the event, those who are left are too few to tell a curve by."""


def refitted(law: Law, family: str) -> Law:
    """The law of a family (`weibull`, …) with the same survival at two times, `matched(law)`.

    A law of that family, a delay, and one that never happens stay as they are.
    """
    kind, through = FAMILIES[family]
    if isinstance(law, kind) or law.is_delay or not law.cumulative_hazard(SEEN) > 0.0:
        return law
    first, second = matched(law)
    return through((first, law.cumulative_hazard(first)), (second, law.cumulative_hazard(second)))


def matched(law: Law) -> tuple[float, float]:
    """The days at which another family has the same survival.

    The second is three years, or the day by which nine in ten have had the event if that is
    earlier; by the first half as many have had it as by the second.
    """
    second = min(SEEN, law.quantile(FEW))
    had = 1.0 - law.survival(second)
    first = law.quantile(0.5 * had)
    demand(0.0 < first < second, f"{law.describe()}: it has no two times to match; write another.")
    return first, second


Point = tuple[float, float]
"""A day, and the cumulative hazard by then."""


def _weibull(one: Point, other: Point) -> Law:
    shape = math.log(other[1] / one[1]) / math.log(other[0] / one[0])
    return Weibull(shape, one[0] * one[1] ** (-1.0 / shape))


def _log_logistic(one: Point, other: Point) -> Law:
    odds, later = math.expm1(one[1]), math.expm1(other[1])
    shape = math.log(later / odds) / math.log(other[0] / one[0])
    return LogLogistic(shape, one[0] * odds ** (-1.0 / shape))


def _lognormal(one: Point, other: Point) -> Law:
    z, later = (normal_quantile(-math.expm1(-hazard)) for _, hazard in (one, other))
    sigma = math.log(other[0] / one[0]) / (later - z)
    return LogNormal(math.log(one[0]) - sigma * z, sigma)


def _gompertz(one: Point, other: Point) -> Law:
    """The growth is where the hazards' ratio is (exp(a t2) - 1) / (exp(a t1) - 1)."""
    from scipy.optimize import brentq

    ratio = other[1] / one[1]

    def beyond(growth: float) -> float:
        """In units of the first time, so that nothing overflows."""
        steps = other[0] / one[0]
        if abs(growth) < 1e-9:
            return steps - ratio
        return math.expm1(growth * steps) / math.expm1(growth) - ratio

    low, high = -1.0, 1.0
    while beyond(low) > 0.0:
        low *= 2.0
    while beyond(high) < 0.0:
        high *= 2.0
    a = float(brentq(beyond, low, high, xtol=1e-14)) / one[0]
    flat = abs(a * one[0]) < 1e-9
    return Gompertz(a, one[1] / one[0] if flat else one[1] * a / math.expm1(a * one[0]))


FAMILIES: dict[str, tuple[type[Law], Callable[[Point, Point], Law]]] = {
    "weibull": (Weibull, _weibull),
    "log_logistic": (LogLogistic, _log_logistic),
    "lognormal": (LogNormal, _lognormal),
    "gompertz": (Gompertz, _gompertz),
}
"""Name as in files -> the law, and the one through two points."""
