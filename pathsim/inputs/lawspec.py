"""A law of time as a person writes it: its name and its sourced parameters.

Called by the other modules of `inputs`; `build()` gives the law of `pathsim.laws`, in days.
Knows no therapy, and not how a law is drawn from. `pathsim.laws` is imported only there, because it
loads numba, which reading a file does not need.
"""

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from pathsim.inputs.evidence import (
    Duration,
    DurationAboveZero,
    Growth,
    Probability,
    Rate,
    RateAboveZero,
    Shape,
    Written,
)
from pathsim.inputs.forms import AtLeast

if TYPE_CHECKING:
    from pathsim import laws


class Exponential(Written):
    """A constant hazard, given by exactly one of median, mean and rate."""

    law: Literal["exponential"]
    median: DurationAboveZero | None = None
    mean: DurationAboveZero | None = None
    rate: Rate | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in ("median", "mean", "rate") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"an exponential law has {' and '.join(given) or 'no parameter'}; "
                "give exactly one of median, mean and rate"
            )
        return self

    def build(self) -> "laws.Law":
        from pathsim import laws

        if self.median is not None:
            return laws.Exponential.of_median(self.median.base)
        if self.mean is not None:
            return laws.Exponential.of_mean(self.mean.base)
        assert self.rate is not None
        return laws.Exponential(self.rate.base)


class Weibull(Written):
    """Hazard rising (shape over 1) or falling (under 1); scale is the 63rd centile."""

    law: Literal["weibull"]
    shape: Shape
    scale: DurationAboveZero

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.Weibull(self.shape.base, self.scale.base)


class Gompertz(Written):
    """Hazard b exp(a t), as in flexsurv: shape a (below 0 it falls, at 0 it is flat), rate b."""

    law: Literal["gompertz"]
    a: Growth
    b: RateAboveZero

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.Gompertz(self.a.base, self.b.base)


class LogLogistic(Written):
    """Hazard that rises and falls; scale is the median."""

    law: Literal["log_logistic"]
    shape: Shape
    scale: DurationAboveZero

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.LogLogistic(self.shape.base, self.scale.base)


class LogNormal(Written):
    """A time whose logarithm is normal: its median, and the sd of the logarithm."""

    law: Literal["lognormal"]
    median: DurationAboveZero
    sigma: Shape

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.LogNormal(math.log(self.median.base), self.sigma.base)


class Piece(Written):
    """A constant hazard until some time; the last has no end."""

    until: Duration | None
    rate: Rate


class PiecewiseExponential(Written):
    """A hazard that steps."""

    law: Literal["piecewise_exponential"]
    pieces: Annotated[tuple[Piece, ...], AtLeast(1)]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.pieces[-1].until is not None or None in [p.until for p in self.pieces[:-1]]:
            raise ValueError("only the last piece has no end; write until: null there alone")
        starts = self._starts()
        if any(later <= earlier for earlier, later in pairwise(starts)):
            raise ValueError("pieces end earlier than they begin; let until rise from 0")
        return self

    def _starts(self) -> tuple[float, ...]:
        return (0.0, *(piece.until.base for piece in self.pieces[:-1] if piece.until))

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.PiecewiseExponential(self._starts(), tuple(p.rate.base for p in self.pieces))


HazardLaw = Annotated[
    Exponential | Weibull | Gompertz | LogLogistic | LogNormal | PiecewiseExponential,
    Field(discriminator="law"),
]
"""A law that has a hazard at every time: no delay, and no mixture."""


class Cured(Written):
    """A share to whom it never happens, and the law of the others."""

    law: Literal["cured"]
    cured: Probability
    of: HazardLaw

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.CuredMixture(self.cured.base, self.of.build())


class Constant(Written):
    """Always after the same delay."""

    law: Literal["constant"]
    delay: Duration

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.Constant(self.delay.base)


class Point(Written):
    """By this time it has happened with this probability."""

    probability: Probability
    duration: Duration


class Empirical(Written):
    """Quantiles as published, joined by straight lines."""

    law: Literal["empirical"]
    points: Annotated[tuple[Point, ...], AtLeast(2)]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        steps = list(pairwise(self.points))
        if any(b.probability.base <= a.probability.base for a, b in steps) or any(
            b.duration.base < a.duration.base for a, b in steps
        ):
            raise ValueError("points do not rise; order them by probability and by duration")
        first, last = self.points[0].probability.base, self.points[-1].probability.base
        if first != 0 or last != 1:
            raise ValueError(
                f"points go from probability {first:g} to {last:g}; begin with 0 and end with 1"
            )
        return self

    def build(self) -> "laws.Law":
        from pathsim import laws

        shares = tuple(point.probability.base for point in self.points)
        return laws.Empirical(shares, tuple(point.duration.base for point in self.points))


class Manufacturing(Written):
    """A delay that cannot be beaten and what comes on top, lognormal; median is of the whole."""

    law: Literal["manufacturing"]
    minimum: Duration
    median: Duration
    sigma: Shape

    @model_validator(mode="after")
    def _longer(self) -> Self:
        if self.median.base <= self.minimum.base:
            raise ValueError("the median is no longer than the minimum; raise it or lower that")
        return self

    def build(self) -> "laws.Law":
        from pathsim import laws

        return laws.Manufacturing(self.minimum.base, self.median.base, self.sigma.base)


HazardSpec = Annotated[
    Exponential | Weibull | Gompertz | LogLogistic | LogNormal | PiecewiseExponential | Cured,
    Field(discriminator="law"),
]
"""A law whose hazard what is known of a patient can raise or lower; a delay has none."""

LawSpec = Annotated[
    Exponential
    | Weibull
    | Gompertz
    | LogLogistic
    | LogNormal
    | PiecewiseExponential
    | Cured
    | Constant
    | Empirical
    | Manufacturing,
    Field(discriminator="law"),
]
"""A law as written; `build()` gives the one that an engine draws from, in days."""
