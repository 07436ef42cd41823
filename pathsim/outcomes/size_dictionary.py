"""What is in each file and column that a search for capacities leaves: the README.txt beside them.

Called when such a folder is written. What outcomes are, `dictionary` says. Knows no number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pathsim.outcomes.dictionary import OUTCOMES, listed, of_files

FILES = {
    "README.txt": "this file",
    "answer.txt": "the answer in words",
    "answer.yaml": "the scenario with the cheapest capacities: `pathsim run answer.yaml`",
    "study.yaml": "the study as it was read; `pathsim size study.yaml`, from here, does it again",
    "scenario.yaml": "the scenario as it was before any capacity was changed, as one document",
    "frontier.csv, .parquet": "the smallest capacities that keep every promise: those rows of "
    "`evaluated`",
    "evaluated.csv, .parquet": "a row a capacity that was looked at and promise",
    "capacities.csv, .parquet": "a row a capacity, looked at or not: what is known of it",
    "effects.csv, .parquet": "a row a promise and two capacities that differ in one alone: what "
    "the outcome changes by from the less to the more, paired by replication",
    "report.html": "the page for people: one file that stands by itself and prints",
    "run.json": "seed, jobs, versions of the software, times: how it was done",
    "figures/": "the frontier as a figure, PNG and SVG",
}
"""A file -> what is in it."""

COLUMNS = {
    "cost": "what these capacities cost together: each number times its cost",
    "outcome, unit": "what was promised, and what it is measured in",
    "side, limit": "at_most or at_least, and how much",
    "mean": "the mean over replications",
    "low, high": "its one-sided bounds, at such a level that with the confidence of the study all "
    "verdicts together are right; clipped to what can be. In effects those of the mean change",
    "verdict": "kept: the bound lies within the limit. broken: the other bound lies beyond. "
    "undecided: neither, after the most replications that may be made; counted as not kept. "
    "no value: not measured in half of the replications. In capacities, of all promises together, "
    "also where it was concluded from other capacities; not known: nothing was looked at",
    "replications": "how many have a value; in capacities how many were made, 0 where concluded",
    "breaks": "the promises that are known to be broken there",
    "without_value": "in how many nothing was measured, such as a wait that nobody had",
    "frontier, cheapest": "1 where no smaller capacity keeps every promise; where none costs less",
    "capacity": "in effects: the one in which the two differ",
    "less_..., more_...": "in effects: the capacities with less and with more of it",
    "more": "in effects: whether more helps the promise or hurts it; `nothing seen` where the "
    "bounds include 0",
}
"""A column of these tables -> what it is; capacities stand apart."""


def size_readme(present: Collection[str], capacities: Mapping[str, str]) -> str:
    """The text of README.txt: the files that are there, every column, every outcome.

    `present` are paths below the folder; `capacities` what the columns of the capacities are.
    """
    return "\n\n".join([
        "What is in this folder. All tables are CSV and Parquet, one header line, no index.",
        listed("FILES", of_files(FILES, present)),
        listed("CAPACITIES", dict(capacities)),
        listed("COLUMNS", COLUMNS),
        listed("OUTCOMES", OUTCOMES),
    ]) + "\n"  # fmt: skip
