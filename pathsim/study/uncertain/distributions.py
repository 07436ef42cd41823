"""The distribution of a number: from its value and its spread, by its dimension.

Every number is normal on a scale of its own: the log odds for a probability, the logarithm for what
is above 0 (times, rates, ratios, shapes, counts), the number itself for what may be negative. Its
median is the value that is written. The width is told apart below and above, so that the spread's
two ends are met exactly however lopsided it is. Called by `draw` and by the designs; knows no
scenario and no set.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.special import gammaincinv, ndtr, ndtri

from pathsim.inputs.evidence import Number, Spread
from pathsim.inputs.spreads import Entry

HALF = 0.5
IQR = 0.5
"""The part of all that lies within the quartiles."""
TOLD = 0.95
"""The part of all that lies within a 95 % interval."""


@dataclass(frozen=True)
class Reading:
    """How spreads are read that do not say what part of all possible values they hold.

    `assumed` and `range` are the parts that lie within such a spread. A range or an interquartile
    range of a *median* time is the scatter of patients, which the law has already: such a median
    is drawn with the error of a median of so many `patients`.
    """

    assumed: float = TOLD
    range: float = TOLD
    patients: int = 30

    def width(self, spread: Spread) -> float:
        """Half the spread, in standard deviations of the number."""
        part = {"95ci": TOLD, "iqr": IQR, "assumed": self.assumed, "range": self.range}
        return float(ndtri((1 + part[spread.of]) / 2))

    def width_of_scatter(self, spread: Spread) -> float:
        """The same of a median, where the spread is that of patients.

        Blom's (1958) expected largest of n normals, and the error of a median, 1.2533 sd/sqrt(n).
        """
        n = self.patients
        largest = float(ndtri((n - 0.375) / (n + 0.25)))
        half = largest if spread.of == "range" else float(ndtri(0.75))
        return half * math.sqrt(n / (math.pi / 2))


@dataclass(frozen=True)
class Scale:
    """A scale on which a number is normal, and the way there and back."""

    name: str
    to: Callable[[float], float]
    back: Callable[[float], float]


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _exp(x: float) -> float:
    return math.exp(min(x, 700.0))


def _itself(value: float) -> float:
    return value


def _odds(whole: float) -> Scale:
    def to(value: float) -> float:
        if not 0 < value < whole:
            return -math.inf if value <= 0 else math.inf
        return math.log(value / (whole - value))

    return Scale("log odds", to, lambda x: whole / (1 + _exp(-x)))


LOGARITHM = Scale("logarithm", _log, _exp)
AS_IT_IS = Scale("as it is", _itself, _itself)
_ODDS = {1.0: _odds(1.0), 100.0: _odds(100.0)}


def scale_of(number: Number) -> Scale:
    """The scale on which a number is normal."""
    if number.measures == "probability":
        return _ODDS[100.0 if number.unit == "%" else 1.0]
    low = number.spread.low if number.spread else number.value
    return AS_IT_IS if min(low, number.value) < 0 else LOGARITHM


@dataclass(frozen=True)
class Distribution:
    """Two halves of a normal, joined at the centre, cut at the limits of the field.

    `centre`, `below` and `above` (the standard deviations of the halves) are on the scale; `low`
    and `high` are in the number's unit. `part` is the part of all draws below the centre: half, or
    none or all where the value is itself an end of the spread.
    """

    scale: Scale
    centre: float
    below: float
    above: float
    part: float = HALF
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    def quantile(self, u: float) -> float:
        """The value that a share u of all draws, 0 < u < 1, lie below."""
        first, last = self._cut(self.low), self._cut(self.high)
        value = self.scale.back(self._uncut(first + u * (last - first)))
        value = min(max(value, self.low), self.high)  # what rounding may add at a limit
        return float(round(value)) if self.whole else value

    def _uncut(self, p: float) -> float:
        if p < self.part:
            return self.centre + self.below * float(ndtri(p / (2 * self.part)))
        beyond = (p - self.part) / (2 * (1 - self.part))
        return self.centre + self.above * float(ndtri(HALF + beyond))

    def _cut(self, value: float) -> float:
        if math.isinf(value):
            return float(value > 0)
        away = self.scale.to(value) - self.centre
        if away < 0:
            return 2 * self.part * float(ndtr(away / self.below)) if self.below else 0.0
        if not self.above:
            return 1.0
        return self.part + (1 - self.part) * (2 * float(ndtr(away / self.above)) - 1)


def of_entry(entry: Entry, reading: Reading) -> Distribution:
    """The distribution of a number with a spread of some width."""
    number, spread = entry.number, entry.number.spread
    assert spread is not None
    width = half_width(entry, reading)
    scale = scale_of(number)
    if math.isinf(scale.to(number.value)):  # 0, or all: no logarithm
        scale = AS_IT_IS
    centre = scale.to(number.value)
    below, above = centre - scale.to(spread.low), scale.to(spread.high) - centre
    if math.isinf(below):  # an end that is 0 or all says nothing of the width
        below = above
    if math.isinf(above):
        above = below
    part = HALF if below > 0 and above > 0 else float(above <= 0)
    return Distribution(
        scale, centre, below / width, above / width, part, entry.low, entry.high, entry.whole
    )


def half_width(entry: Entry, reading: Reading) -> float:
    """Half the spread of an entry, in standard deviations of the number."""
    spread = entry.number.spread
    assert spread is not None
    if spread.of in ("range", "iqr") and entry.path.endswith(".median"):
        return reading.width_of_scatter(spread)
    return reading.width(spread)


@dataclass(frozen=True)
class Shares:
    """Shares of one whole: a Dirichlet distribution, its means the shares as written.

    `strength` is the one figure that tells how far they vary: as of so many patients counted. It
    is such that the variances of the shares add up to those of their spreads. The last weight is
    that of the rest, if there is one.
    """

    means: tuple[float, ...]
    strength: float

    @classmethod
    def of(cls, means: Sequence[float], sds: Sequence[float]) -> Shares:
        """From the means of all and the standard deviations of those that have a spread."""
        wanted = sum(sd * sd for sd in sds)
        there = sum(mean * (1 - mean) for mean in means[: len(sds)])
        return cls(tuple(means), max(there / wanted - 1, 1.0))

    def at(self, uniforms: Sequence[float]) -> tuple[float, ...]:
        """The shares, from a number between 0 and 1 for each; they add up to 1."""
        weights = [
            float(gammaincinv(self.strength * mean, u)) if mean > 0 else 0.0
            for mean, u in zip(self.means, uniforms, strict=True)
        ]
        total = math.fsum(weights)
        return tuple(weight / total for weight in weights)
