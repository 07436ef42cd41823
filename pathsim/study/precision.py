"""How many replications make an interval as narrow as asked, and what was reached.

Two stages: the first replications say how far outcomes spread, and so how many more are wanted;
`outcomes.intervals.reach` says why the interval at the end keeps its coverage. Called by `run` and
`compare`, which simulate; nothing is simulated here, and no outcome is known by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pathsim.outcomes.columns import Array
from pathsim.outcomes.intervals import is_skewed, reach
from pathsim.outcomes.summary import Stages
from pathsim.pathway.phrases import a_number_of

FEWEST = 10
"""With fewer first replications the intervals are wide, and wrong where values are skewed."""

MOST = 1000
"""So many replications are made at most, unless another limit is said."""


@dataclass(frozen=True)
class Wish:
    """How narrow the interval of an outcome is to be: mean ± `width`, in the outcome's unit.

    Where it is `relative`, `width` is a share of the mean. `difference` asks for the differences
    between strategies, else for the means of each. `unit` is empty where none was written; `number`
    is its place among the wishes, from 1, and `text` its words, for what is said of it.
    """

    outcome: str
    width: float
    unit: str = ""
    relative: bool = False
    difference: bool = False
    number: int = 1
    text: str = ""

    def half_width(self, mean: float) -> float:
        """The greatest half-width that will do, in the outcome's unit."""
        return self.width * abs(mean) if self.relative else self.width

    def said(self, unit: str) -> str:
        if self.relative:
            return f"{100 * self.width:g} % of its mean"
        return f"{self.width:g} {unit}"


@dataclass(frozen=True)
class Precision:
    """What was asked for: the wishes, and how many replications there may be at most."""

    wishes: tuple[Wish, ...]
    most: int = MOST

    def first(self, own: int) -> int:
        """How many replications come first where a scenario asks for so many of its own."""
        return min(max(own, FEWEST), self.most)


@dataclass(frozen=True, eq=False)
class Sample:
    """The values that a wish is about: one a replication, in order, NaN where there is none."""

    wish: Wish
    strategy: str
    unit: str
    values: Array

    def met(self, first: int) -> Met:
        """How narrow its interval is now, and what it would need."""
        n, known = len(self.values), ~np.isnan(self.values)
        if not known.all():
            return Met(self, "undefined", n, needs=n)
        if not np.ptp(self.values):
            return Met(self, "constant", n, needs=n)
        reached = reach(self.values, first)
        asked = self.wish.half_width(float(self.values.mean()))
        needs = math.ceil((reached / asked) ** 2) if asked else math.inf
        verdict: Verdict = "narrow" if needs <= n else "wide"
        return Met(self, verdict, n, max(n, needs), reached / math.sqrt(n))


Verdict = Literal["narrow", "wide", "undefined", "constant"]


@dataclass(frozen=True, eq=False)
class Met:
    """How a wish is met by n replications: as narrow as asked, too wide, or not to be said.

    `needs` is how many replications it needs by what is known now, n if it needs no more;
    `half_width` is that of the interval in two stages, NaN where it has none.
    """

    sample: Sample
    verdict: Verdict
    n: int
    needs: float
    half_width: float = math.nan

    def words(self) -> str:
        """One line: `overall survival, at 24 months: ± 0.98 % (asked 1 %)`."""
        sample = self.sample
        asked = f"(asked {sample.wish.said(sample.unit)})"
        skewed = "; skewed values, so it may hold the truth less often" if self.skewed else ""
        return f"{sample.strategy}, {sample.wish.outcome}: {self._found()} {asked}{skewed}"

    @property
    def skewed(self) -> bool:
        """Whether the values are so skewed that a mean of few is not quite normal."""
        if self.verdict not in ("narrow", "wide"):
            return False
        return is_skewed(self.sample.values)

    def _found(self) -> str:
        if self.verdict == "undefined":
            missing = int(np.isnan(self.sample.values).sum())
            return f"no value in {missing} of {self.n} replications, so no interval is promised"
        if self.verdict == "constant":
            return f"the same in all {self.n} replications, so its spread is not known"
        found = f"± {self.half_width:.3g} {self.sample.unit}"
        if self.verdict == "narrow":
            return found
        return f"{found} only" + (f"; about {_round(self.needs):,} are needed" if
                                  math.isfinite(self.needs) else "")  # fmt: skip

    def record(self) -> dict[str, Any]:
        """For the record of a run."""
        wish = self.sample.wish
        return {
            "outcome": wish.outcome, "strategy": self.sample.strategy, "unit": self.sample.unit,
            "asked": wish.said(self.sample.unit), "verdict": self.verdict,
            "half_width": None if math.isnan(self.half_width) else self.half_width,
            "skewed": self.skewed,
        }  # fmt: skip


def wanted(samples: Iterable[Sample], first: int, most: int) -> int:
    """How many replications there should be in all; as many as there are when it is enough."""
    return int(min(most, max(sample.met(first).needs for sample in samples)))


@dataclass(frozen=True)
class Reached:
    """What the rule did: how many replications came first and were allowed, how wishes are met."""

    first: int
    most: int
    met: tuple[Met, ...]

    @property
    def stages(self) -> Stages:
        """For tables: which outcomes have an interval in two stages."""
        differences, means = (
            frozenset(met.sample.wish.outcome for met in self.met
                      if met.sample.wish.difference == difference)
            for difference in (True, False)
        )  # fmt: skip
        return Stages(self.first, self.met[0].n, means, differences)

    def words(self) -> list[str]:
        """How many replications there are and why, and how each wish is met: a line each."""
        n = self.met[0].n
        more = f"{self.first} at first, {n - self.first} more" if n > self.first else "no more"
        wide = any(each.verdict == "wide" for each in self.met)
        end = ", the most allowed: NOT EVERY INTERVAL IS AS NARROW AS ASKED" if wide else (
            " for the intervals asked (in two stages, after Stein)"
        )  # fmt: skip
        return [f"{a_number_of(n, 'replication')}: {more}{end}.", *(m.words() for m in self.met)]

    def record(self, strategy: str | None = None) -> dict[str, Any]:
        """For the record of a run: of one strategy's outcomes, or of all."""
        met = [m for m in self.met if strategy in (None, m.sample.strategy)]
        return {
            "first_replications": self.first,
            "most_replications": self.most,
            "outcomes": [each.record() for each in met],
        }


def _round(n: float) -> int:
    """To two digits: it is an estimate."""
    return int(float(f"{n:.2g}"))
