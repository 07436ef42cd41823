"""The laws of time: how long until a clock rings.

Here are the laws as people state them, and what the engines call (`spend`, `due` and the rest),
which stands in `pathsim.hazards` and `pathsim.normal` and is handed on, so that callers need this
package alone. Times are in days, hazards per day.
"""

from pathsim.hazards import (
    CONSTANT,
    CURED,
    EMPIRICAL,
    EXPONENTIAL,
    GOMPERTZ,
    LOG_LOGISTIC,
    LOG_NORMAL,
    MANUFACTURING,
    PIECEWISE,
    WEIBULL,
    Parameters,
    cumulative_hazard,
    due,
    inverse_cumulative_hazard,
    power,
    spend,
    unit_exponential,
)
from pathsim.laws.delays import Constant, Empirical, Manufacturing
from pathsim.laws.hazard_laws import (
    CuredMixture,
    Exponential,
    Gompertz,
    LogLogistic,
    LogNormal,
    PiecewiseExponential,
    Weibull,
)
from pathsim.laws.law import Law
from pathsim.normal import normal_cdf, normal_quantile

# fmt: off
__all__ = [
    "CONSTANT", "CURED", "EMPIRICAL", "EXPONENTIAL", "GOMPERTZ", "LOG_LOGISTIC", "LOG_NORMAL",
    "MANUFACTURING", "PIECEWISE", "WEIBULL", "Constant", "CuredMixture", "Empirical",
    "Exponential", "Gompertz", "Law", "LogLogistic", "LogNormal", "Manufacturing", "Parameters",
    "PiecewiseExponential", "Weibull", "cumulative_hazard", "due", "inverse_cumulative_hazard",
    "normal_cdf", "normal_quantile", "power", "spend", "unit_exponential",
]
# fmt: on
