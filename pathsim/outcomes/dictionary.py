"""What the words of outcomes mean, and what is in each file and column that a run leaves.

Called by what prints tables and by what keeps results. `files` is the text of the README.txt beside
them. Knows no number.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping

from pathsim.outcomes.measured_dictionary import MEASURED

IN_SHORT = (
    "Days with health-care contact: days in hospital, plus visits to the clinic and collections of "
    "cells, a day each. Days at home: all other days until death or the end of the run.",
)
"""What is said below every printed table."""

OUTCOMES = {
    "overall survival from arrival": "share alive so long after arrival; Kaplan-Meier in each "
    "replication, whoever is alive at the end is censored",
    "progression-free survival from treatment": "time from the first infusion or dose of any "
    "therapy to progression or death",
    "time to next treatment or death": "time from the first infusion or dose to the next line of "
    "therapy, or death",
    "mean within N months": "months of the first N lived, or lived free of the event: the area "
    "under the curve (restricted mean)",
    "began THERAPY": "share of all patients who had an infusion or first dose of it",
    "time treated": "days on treatment: dosing, cycles, the stay for an infusion",
    "time waiting for a therapy": "untreated days from the decision for a therapy to its start",
    "time off treatment": "days neither treated nor waiting: in remission, between lines, in "
    "supportive care. Treated, waiting and off treatment add up to the time followed",
    "days in hospital": "days in a ward, intensive care, cell therapy or step-up bed",
    "days with health-care contact": "days in hospital, plus visits to the clinic and collections "
    "of cells, a day each; never more than the days lived",
    "days at home": "all other days from arrival to death or the end of the run",
    "had TOXICITY": "share who ever had it here, of any grade unless it says otherwise",
    "non-relapse mortality": "share who die after a therapy's start with no progression since the "
    "last start, of whatever cause",
    "entries off label": "therapies begun by a rule that goes beyond the label, for each patient",
    "infused": "share of those referred for CAR T cells who get them by the end of the run",
    "lost before infusion": "share who were referred and never get them: they die, become unfit, "
    "progress, have no product, or go on to another therapy. `by`: what happened",
    "on the way to infusion at the end": "share referred, neither infused nor lost yet",
    "decision to infusion": "days from the last referral before an infusion to the infusion",
    "BED days per infused patient": "days that an infused patient holds this kind of bed while CAR "
    "T is the therapy in force: from the decision to the next line, infections included",
    "wait for RESOURCE": "days from request to grant, over requests that were granted",
    "requests for RESOURCE withdrawn": "share of requests that end without a grant, by death, "
    "progression or another way being taken",
    "RESOURCE, occupancy": "places held over places there are, all users, over the whole run: the "
    "service fills at first and empties when nobody comes any more",
    "RESOURCE, occupancy in the busiest year": "the same in the fullest of the run's "
    "years, each replication's own: higher than in a year that is the same in all",
    "RESOURCE, no place free": "share of midnights at which every place is taken",
    "RESOURCE, queue": "requests waiting, mean over the run",
    "ALLOTMENT, released / used / expired": "slots a year that came, were used, and lapsed",
    "THING used": "how often our patients used it, for each 100 of them",
}
"""An outcome, or the beginning of its name -> what it is."""

WARM_UP = (
    "After a warm-up (`--warm-up`) outcomes are of the patients who arrive after it; waits are of "
    "requests made after it, occupancy, queues and slots of the time after it. So are the tables "
    "of patients, waits, use and stock below measured/; those by day show the whole run."
)

COLUMNS = {
    "group, outcome, unit": "what was measured",
    "strategy": "the scenario, or `B minus A` in differences",
    "mean, low, high": "the mean and its 95 % interval; empty where there is none. Intervals are "
    "clipped to what can be: nothing below 0, no share above 100 %",
    "interval": "what the interval is over: replications, patients (one replication), none",
    "n_replications, n_patients": "how many stand behind the mean",
    "note": "what a reader must know; `interval in two stages` where replications were added until "
    "it was as narrow as asked; in differences `not the same patients under each` where an "
    "outcome is of the referred or the infused alone: then means of replications are compared",
}

FILES = {
    "README.txt": "this file",
    "report.html": "the page for people: one file that stands by itself and prints",
    "run.json": "seed, replications, versions of the software, digest: all that is needed to do "
    "the run again",
    "scenario.yaml": "the whole scenario with every number and its source",
    "outcomes.csv, .parquet": "every outcome as a mean with its 95 % interval; the first line of "
    "the CSV, after #, says what was run",
    "differences.csv, .parquet": "what each strategy differs by from the first, paired by patient",
    "log.parquet": "every event of every patient",
    "patients.parquet": "the features of each patient as drawn on arrival",
    "capacity.parquet": "places and allotments as they came into effect",
    "measured/patients.csv, .parquet": "one row a patient: dates and lengths in days since the "
    "start of the run, empty for never",
    "measured/occupancy.csv": "one row a resource and month",
    "measured/use.csv, .parquet": "what our patients used in each replication",
    "measured/stock.csv, .parquet": "one row a release of slots, and what became of them",
    "measured/waits.parquet": "one row a request",
    "measured/daily.parquet": "one row a resource and day",
    "measured/present.parquet": "patients by therapy and kind, every seventh day",
    "measured/cohort.parquet": "patients by therapy and kind so many days after they came, every "
    "fourteenth day",
    "measured/lives.csv, .parquet": "the lives of the first twenty patients of replication 0, "
    "a row a stay; after a warm-up of the first who count",
    "figures/": "the same as pictures, PNG and SVG",
}
"""A file of a folder of results -> what is in it."""


def files(present: Iterable[str]) -> str:
    """The text of README.txt: those files that are there, the columns, and every outcome.

    `present` are paths below the folder; in a comparison each strategy has a folder of its own.
    """
    names = {
        path for each in present for path in (each, each.partition("/")[2], *each.split("/")[:-1])
    }
    kept = {"README.txt": FILES["README.txt"], **of_files(FILES, names)}
    return "\n\n".join([
        "What is in this folder. In a comparison, each strategy has a folder of its own for what "
        "is its alone.".replace(". In", ".\nIn"),
        listed("FILES", kept),
        listed("COLUMNS of outcomes and differences", COLUMNS),
        *(listed(f"COLUMNS of {table}", told) for table, told in MEASURED.items()
          if names & {f"{table}.csv", f"{table}.parquet"}),
        listed("OUTCOMES", OUTCOMES),
        "\n".join(textwrap.wrap(WARM_UP, 98)),
    ]) + "\n"  # fmt: skip


def of_files(told: Mapping[str, str], present: Collection[str]) -> dict[str, str]:
    """What is told of the files and folders that are present.

    `results.csv, .parquet` is there if `results.csv` is, and `figures/` if `figures` is.
    """
    return {name: words for name, words in told.items() if _first(name) in present}


def _first(name: str) -> str:
    return name.split(",")[0].rstrip("/")


def listed(title: str, told: Mapping[str, str]) -> str:
    """A list of names with what is told of each, below its title."""
    lines = [title]
    for name, words in told.items():
        lines += [f"  {name}", *textwrap.wrap(words, 96, initial_indent="      ",
                                              subsequent_indent="      ")]  # fmt: skip
    return "\n".join(lines)
