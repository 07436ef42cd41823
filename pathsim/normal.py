"""The standard normal distribution, accurate in both tails.

Scalar functions in the subset of Python that numba compiles, as `pathsim.hazards` explains; the
lognormal law is called from there, `normal_cdf` and `normal_quantile` through `pathsim.laws`. This
module must never know a law or a time.
"""

import math
from collections.abc import Callable

INF = math.inf
ROOT_HALF = math.sqrt(0.5)
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


def _normal_tail_excess(z: float) -> float:
    """Return -log P(Z > z) - z^2/2 for z > 30, by the asymptotic series."""
    w = 1.0 / (z * z)
    series = w * (1.0 - 3.0 * w * (1.0 - 5.0 * w * (1.0 - 7.0 * w * (1.0 - 9.0 * w))))
    return math.log(z) + HALF_LOG_TWO_PI - math.log1p(-series)


def normal_hazard(z: float) -> float:
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


def normal_inverse_hazard(h: float) -> float:
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
    return -math.expm1(-normal_hazard(z))


def normal_quantile(p: float) -> float:
    """Return z with P(Z <= z) = p, for 0 < p < 1; infinite at the ends."""
    if p <= 0.0:
        return -INF
    return INF if p >= 1.0 else normal_inverse_hazard(-math.log1p(-p))


SCALARS: tuple[Callable[..., float], ...] = (
    _normal_tail_excess,
    normal_hazard,
    _normal_centre,
    _normal_tail,
    normal_inverse_hazard,
    normal_cdf,
    normal_quantile,
)
"""The functions that a compiled engine must jit, callees first."""
