"""What generated services are made of: variables, sets, factors, terms, laws (`generated.py`)."""

from __future__ import annotations

import math

from pathsim import laws
from pathsim.laws import Constant, Empirical, Exponential, Law
from pathsim.pathway import chance, conditions, setting
from pathsim.pathway.chance import Ago, FromLaw, Normal, Ordered
from pathsim.pathway.conditions import AtLeast, Below, Condition, Is, Never, Since
from pathsim.pathway.pathway import Variable
from pathsim.pathway.reading import By, Factor, Per
from pathsim.pathway.setting import NOW, PLUS_ONE, Set

HORIZON = 40.0  # days
INF = math.inf

VARIABLES = (
    Variable("age", initial=Normal(60.0, 12.0, low=30.0, high=90.0)),
    Variable("risk", "level", chance.Levels({"low": 0.6, "high": 0.4}), ("low", "high")),
    Variable(
        "response",
        "level",
        chance.Levels(
            {"none": 0.5, "good": 0.5}, {"good": [By("risk", {"high": 0.4, "low": 2.0})]}
        ),
        ("none", "good"),
        known=False,
    ),
    Variable("seen", "level", "unknown", ("unknown", "none", "good")),
    Variable("burden", initial=FromLaw(laws.LogNormal(0.0, 1.0)), known=False),
    Variable("lines", initial=1.0),
    Variable("diagnosed", "moment", Ago(FromLaw(Empirical((0.0, 0.5, 1.0), (0.0, 30.0, 400.0))))),
    Variable("infused", "moment"),
    Variable("weight", initial=By("risk", {"low": Normal(80.0, 9.0), "high": 71.0})),
    Variable("bone", initial=Per("age", 0.1, 50.0), known=False),
    Variable(
        "stage", "level", Ordered({"i": 0.5, "ii": 0.3, "iii": 0.2}, [2.0]), ("i", "ii", "iii")
    ),
)

SETS = (
    Set("lines", PLUS_ONE),
    Set("infused", NOW),
    Set("diagnosed", NOW),
    Set("risk", "high"),
    Set("seen", setting.Test("response", 0.7, "none")),
    Set("seen", setting.Test("response")),
    Set("seen", setting.Test("response", 0.5)),
    Set("age", Normal(65.0, 5.0, shifts=[Per("lines", 0.5)])),
    Set("burden", 2.5),
    Set("response", chance.Levels({"none": 0.3, "good": 0.7})),
    Set("lines", By("infused", bands=[(6.0, FromLaw(Exponential(0.1)))])),
    Set("lines", By("infused", bands=[(5.0, 7.0), (INF, 8.0)], never=3.0)),
    Set("burden", FromLaw(Exponential(0.5))),
)

FACTORS: tuple[Factor, ...] = (
    0.0,
    0.3,
    1.0,
    2.5,
    By("response", {"good": 0.4}, otherwise=1.5),
    By("risk", {"low": 0.5, "high": 2.0}),
    By("age", bands=[(55.0, 0.7), (INF, 1.4)]),
    By("infused", bands=[(3.0, 0.2), (INF, 1.3)], never=1.0),
    By("calendar", bands=[(15.0, 1.0), (INF, 3.0)]),
    Per("age", 1.03, 60.0),
    Per("diagnosed", 1.001, 30.0),
    Per("calendar", 1.02),
    Per("burden", 1.2),
    Per("bone", 0.9),
    By("stage", {"i": 0.8}, otherwise=1.2),
)

TERMS: tuple[Factor, ...] = (
    1.0,
    Per("age", -0.1, 60.0),
    Per("lines", 1.0),
    By("risk", {"low": 0.0, "high": 3.0}),
    By("seen", {"good": 2.0}, otherwise=0.0),
    By("infused", bands=[(9.0, 1.0)], never=2.0, otherwise=0.0),
)

SLOW: tuple[Law, ...] = (
    Exponential(0.05),
    Exponential(0.4),
    laws.Weibull(1.4, 12.0),
    laws.Weibull(0.6, 20.0),
    laws.Gompertz(0.02, 0.03),
    laws.LogLogistic(1.5, 15.0),
    laws.LogNormal(2.0, 0.8),
    laws.PiecewiseExponential((0.0, 5.0, 9.0), (0.05, 0.3, 0.02)),
    laws.CuredMixture(0.3, Exponential(0.2)),
)
EXTREME: tuple[Law, ...] = (
    Exponential(0.0),
    Exponential(1e-12),
    Exponential(1e6),
    Exponential(1e300),
    laws.Weibull(0.2, 5.0),
    laws.PiecewiseExponential((0.0, 4.0), (0.0, 50.0)),
)
DELAYS: tuple[Law, ...] = (
    Empirical((0.0, 0.5, 1.0), (1.0, 4.0, 9.0)),
    Empirical((0.0, 0.4, 1.0), (2.0, 2.0, 2.0)),
    laws.Manufacturing(2.0, 5.0, 0.5),
    Constant(2.5),
)
WHOLE_DAYS: tuple[Law, ...] = (
    *(Constant(float(day)) for day in range(1, 8)),
    Empirical((0.0, 1.0), (3.0, 3.0)),
)


def tables_of(a: Law, b: Law) -> list[By]:
    """Tables over variables of every kind that give one law or the other."""
    return [
        By("risk", {"low": a, "high": b}),
        By("response", {"good": a}, otherwise=b),
        By("lines", bands=[(2.0, a), (INF, b)]),
        By("infused", bands=[(4.0, a), (INF, b)], never=b),
    ]


def conditions_on(resources: list[str], wait: float) -> list[Condition]:
    """Conditions of every kind, those on a resource twice as likely as the others."""
    found: list[Condition] = [
        Is("risk", "high"),
        Is("seen", "good", "none"),
        AtLeast("age", 60.0),
        AtLeast("lines", 2.0),
        Below("calendar", 12.0),
        Never("infused"),
        AtLeast(Since("infused"), 3.0),
        Below(Since("diagnosed"), 40.0),
    ]
    for name in resources:
        of_resource: list[Condition] = [
            AtLeast(conditions.Queue(name), 2.0),
            AtLeast(conditions.Free(name), 1.0),
            Below(conditions.ExpectedWait(name), wait),
        ]
        found += 2 * of_resource
    return found
