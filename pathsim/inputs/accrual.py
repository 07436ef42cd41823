"""How many patients are referred to a service, and how they come.

Part of `scenario`; `pathway.arriving` makes arrivals of the law of it. Knows no pathway.
"""

import datetime
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Tag, model_validator

from pathsim.inputs.centre import Change
from pathsim.inputs.evidence import Written
from pathsim.inputs.forms import AtLeast, Sentence
from pathsim.inputs.quantity import Frequency, Positive, TimeSpan, YearlyGrowth, day_of


class RateChange(Change):
    """From a day on, so many are referred."""

    rate: Frequency


def _form(written: object) -> str:
    return "changes" if isinstance(written, list | tuple) else "one"


Rate = Annotated[
    Annotated[Frequency, Tag("one")]
    | Annotated[Annotated[tuple[RateChange, ...], AtLeast(1)], Tag("changes")],
    Discriminator(_form),
]
"""`8 per month`, or from days on."""


class Accrual(Written):
    """How many patients are referred, and how: at random, evenly, or all on day 0.

    The pace is given by `rate`, one or from days on, or by `over`, the time in which all of them
    come. With `growth` a rate is that of its first day and goes on to grow (or, below 0, to fall).
    """

    patients: Positive
    process: Literal["poisson", "steady", "at_once"]
    rate: Rate | None = None
    over: TimeSpan | None = None
    growth: YearlyGrowth | None = None
    because: Sentence

    @model_validator(mode="after")
    def _one_pace(self) -> Self:
        paces = [name for name in ("rate", "over") if getattr(self, name) is not None]
        given = paces if self.growth is None else [*paces, "growth"]
        if self.process == "at_once" and given:
            raise ValueError(f"all come at once; remove {' and '.join(given)}")
        if self.process != "at_once" and len(paces) != 1:
            said = "both rate and over are given" if paces else "no pace is given"
            raise ValueError(f"{said}; give one of rate and over")
        if self.growth is not None and self.over is not None:
            raise ValueError("growth of an unknown rate; give the rate of the first day, not over")
        if self.process == "steady" and (self.growth is not None or isinstance(self.rate, tuple)):
            raise ValueError("an even pace does not change; write 'process: poisson', or one rate")
        if paces and not any(self.paces):
            raise ValueError("the pace is zero or without end; write more than 0")
        return self

    @property
    def paces(self) -> tuple[float, ...]:
        """Patients a day, before any growth, in the order of days; () if all come at once."""
        if isinstance(self.rate, tuple):
            return tuple(change.rate.per_day for change in self.rate)
        if self.rate is not None:
            return (self.rate.per_day,)
        return (self.patients / self.over.days,) if self.over and self.over.days else ()

    def rates(self, start: datetime.date) -> tuple[tuple[float, float], ...]:
        """(day, patients a day from then on) before any growth, for a run that starts on a date."""
        changes = self.rate if isinstance(self.rate, tuple) else ()
        days = [day_of(change.start, start) for change in changes] or [0.0]
        return tuple(zip(days, self.paces, strict=False))
