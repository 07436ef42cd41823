"""How long a service takes to fill: a run without a warm-up, looked at week by week.

Called by `pathsim warm-up`. What is judged and how, `outcomes.warm_up` says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from pathsim.outcomes.dictionary import listed
from pathsim.outcomes.warm_up import BATCH, FEWEST, WEEK, Course, courses
from pathsim.pathway.centre import UNLIMITED
from pathsim.study import folders
from pathsim.study.plan import Model
from pathsim.study.run import Ran
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

NAME = "warm_up"
FILES = {
    "README.txt": "this file",
    "warm_up.txt": "what was said: when each settles, and the warm-up that is suggested",
    "warm_up.csv, .parquet": "a row a week of each: patients in the service, places held and "
    "requests that wait; the first line of the CSV, after #, says what was run",
    "warm_up.png, .svg": "the same as a picture",
    "run.json": "seed, replications, versions of the software, digest: all that is needed to do "
    "the run again",
}
COLUMNS = {
    "what, unit": "what is looked at, and what it is measured in",
    "day": "the week's first day, counted from the start of the run",
    "mean": "the week's mean over replications",
    "low, high": "the middle 80 % of replications: their 10th and 90th centile, no interval",
    "moving_average": "of the mean, over 13 weeks",
    "transient": "True in the weeks that the rule (MSER-5) would leave out; False throughout where "
    "it does not settle, or has done so from the start",
    "judged": "True while patients come in every replication; later weeks are not looked at",
}
"""What is said of the folder in its README.txt."""
COHORT = (
    "Patients come for less than a year: such a cohort fills the service and leaves it, and there "
    "is no steady state to wait for. Count all of it, without a warm-up, or let patients come for "
    "longer ('accrual: {patients: …}')."
)
UNSETTLED = (
    "Such means depend on how long the run is. Where patients come for longer ('accrual: "
    "{patients: …}' with a longer 'horizon:') it may settle; where referrals grow or capacity is "
    "short it does not."
)

FEW = 10
"""With fewer replications a level that doubles within a run may be called settled."""
TOO_FEW = (
    "So few replications tell a drift from chance only where it is strong, and one tells none: "
    f"what settles may still move. Ask for {FEW} or more, better 20."
)


@dataclass(frozen=True)
class Filling:
    """A run without a warm-up, and what it says of how the service fills."""

    ran: Ran

    @property
    def until(self) -> float:
        """The day up to which patients come in every replication."""
        model, arrivals = self.ran.model, self.ran.measured.patients[["replication", "arrival"]]
        by = arrivals.groupby("replication")["arrival"]
        if model.patients is None or (by.size() < model.patients).any():
            return model.horizon
        return float(by.max().min())

    @cached_property
    def courses(self) -> list[Course]:
        """Patients, places and queues of everything that can run out."""
        return [*courses(self.ran.measured, limited(self.ran.model), until=self.until)]

    @property
    def longest(self) -> Course | None:
        """Of the courses that settle the one that takes the longest."""
        settled = [course for course in self.courses if course.ends is not None]
        return max(settled, key=lambda course: course.ends or 0, default=None)

    def words(self) -> Iterator[str]:
        """What a planner is told."""
        n = self.ran.replications
        yield (
            f"{self.ran.model.name}: weekly means of {n} replication{'s' if n != 1 else ''}, "
            f"judged while patients come: until day {self.until:.0f} "
            f"({self.until / DAYS_PER_YEAR:.1f} years)."
        )
        if self.until < FEWEST * BATCH * WEEK:
            yield COHORT
            return
        width = max(len(f"{c.name}, {c.unit}") for c in self.courses)
        for course in self.courses:
            yield f"  {f'{course.name}, {course.unit}':<{width}}  {told(course)}"
        yield from self._advice()
        if n < FEW:
            yield TOO_FEW

    def _advice(self) -> Iterator[str]:
        moving = [f"{c.name} ({c.unit})" for c in self.courses if c.ends is None and c.moves]
        if moving:
            yield f"No steady state was reached in: {', '.join(moving)}. {UNSETTLED}"
        longest = self.longest
        if longest is not None and longest.ends:
            months = math.ceil(longest.ends * WEEK / DAYS_PER_MONTH)
            rest = " for what settles" if moving else ""
            yield (
                f'Suggested{rest}: --warm-up "{months} months" ({longest.name}, {longest.unit}, '
                "takes the longest)."
            )
        elif longest is not None:
            yield "What settles is settled from the start: it needs no warm-up."

    def table(self) -> pd.DataFrame:
        """A row a course and week: mean, middle 80 % of replications, moving average."""
        parts = []
        for course in self.courses:
            low, high = np.percentile(course.values, (10, 90), axis=0)
            day = np.arange(len(low)) * WEEK
            parts.append(pd.DataFrame({
                "what": course.name, "unit": course.unit, "day": day, "mean": course.mean,
                "low": low, "high": high, "moving_average": course.smooth,
                "transient": day < WEEK * (course.ends or 0), "judged": day < WEEK * course.weeks,
            }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def limited(model: Model) -> list[str]:
    """The resources that can run out."""
    return [r.name for r in model.service.resources if r.places != UNLIMITED]


def told(course: Course) -> str:
    """When it settles and at what level; or how it goes on."""
    if course.ends is not None:
        level = f"at {course.level(course.ends):.3g} (whole time: {course.level():.3g})"
        return f"{course.when}, {level}"
    if not course.moves:
        return f"{course.when}: weeks differ too much; ask for more replications"
    if course.waiting_for is not None and course.waiting_for.moves:
        return f"{course.when}, as its places do not"
    how = "rises" if course.drift > 0 else "falls"
    return f"{course.when}: {how} by {100 * abs(course.drift):.0f} % within the time judged"


def keep(filling: Filling, out: Path, *, figures: bool = True) -> Path:
    """Write `out/<scenario>/warm_up-<run id>/`: the words, the weeks as a table, the figure."""
    ran = filling.ran

    def write(folder: Path) -> None:
        folders.write_record(folder, ran.record(), command="warm-up")
        text = "\n".join(filling.words()) + "\n"
        (folder / f"{NAME}.txt").write_text(text, encoding="utf-8")
        folders.write_table(folder, NAME, filling.table(), header=ran.header())
        said = [listed("FILES", FILES if figures else _undrawn()), listed("COLUMNS", COLUMNS)]
        text = "\n\n".join(["What is in this folder.", *said]) + "\n"
        (folder / "README.txt").write_text(text, encoding="utf-8")
        if figures:
            from pathsim.figures.saving import save
            from pathsim.figures.warm_up import page

            save(page(filling.courses, title=ran.model.name), folder, NAME)

    name = f"{NAME}-{folders.run_id(ran.started, ran.model.digest)}"
    return folders.write_whole(out / ran.model.name, name, write)


def _undrawn() -> dict[str, str]:
    """The files where no figure is drawn."""
    return {name: told for name, told in FILES.items() if not name.endswith(".svg")}
