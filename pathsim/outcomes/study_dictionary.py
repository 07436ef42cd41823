"""What is in each file and column that a study of many sets leaves: the README.txt beside them.

Called when such a folder is written. What outcomes are, `dictionary` says. Knows no number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pathsim.outcomes.dictionary import OUTCOMES, listed, of_files

FILES = {
    "README.txt": "this file",
    "study.yaml": "the study as it was read; `pathsim sweep study.yaml`, from here, does it again",
    "scenarios/": "each scenario as one document, with every number and its source",
    "design.csv, .parquet": "a row a set: what each factor is; empty where it is left as the "
    "scenario has it",
    "inputs.csv, .parquet": "a row a set: every number that is changed; empty where it is left",
    "results.csv, .parquet": "the tidy table: a row a set, scenario, structure and outcome",
    "differences.csv, .parquet": "what each scenario differs by from the first within a set, "
    "paired by replication, since both have the same patients and the same luck",
    "report.html": "the page for people: one file that stands by itself and prints",
    "run.json": "seed, jobs, versions of the software, times: how it was done",
    "figures/": "figures, as PNG and SVG",
}
"""A file -> what is in it; those that a kind of design adds are told by its account."""

COLUMNS = {
    "set": "number of the set, from 0: the row of the design with the same number",
    "scenario": "the scenario; in differences the one that `minus` is taken from",
    "minus": "in differences: the first scenario, which is the base",
    "structure": "as_written, or the name under which the study sets fields of the model itself",
    "group, outcome, unit": "what was measured. A cause of loss before infusion by which nobody "
    "was lost has no row there",
    "mean": "the mean over replications; empty where there is none, as for a median that was not "
    "reached in each of them",
    "low, high": "its 95 % interval over replications (Student's t, clipped to what can be); "
    "empty with one replication. It is of chance within the model, not of what is uncertain",
    "replications": "how many have a value",
    "patients": "how many patients stand behind the mean, all replications together; empty where "
    "that has no meaning",
    "noise": "the standard error of the mean from chance within the model; empty with one "
    "replication",
}
"""A column of these tables -> what it is; factors stand apart."""


def study_readme(
    present: Collection[str],
    factors: Mapping[str, tuple[str | None, str]],
    *,
    files: Mapping[str, str],
    columns: Mapping[str, str],
    wide: bool = False,
) -> str:
    """The text of README.txt: the files that are there, every column, every outcome.

    `present` are paths below the folder; `factors` the unit and path of each factor by its column,
    which are columns of the results unless the design is `wide`; `files` and `columns` are those
    that this kind of design adds.
    """
    own = {name: _factor(*each) for name, each in factors.items()}
    of = "inputs" if wide else "design, results and differences"
    return "\n\n".join([
        "What is in this folder. All tables are CSV and Parquet, one header line, no index.",
        listed("FILES", of_files({**FILES, **files}, present)),
        listed("COLUMNS", COLUMNS),
        *([listed(f"COLUMNS of {_tables(files)}", columns)] if columns else ()),
        listed(f"FACTORS: columns of {of}", own),
        listed("OUTCOMES", OUTCOMES),
    ]) + "\n"  # fmt: skip


def _tables(files: Collection[str]) -> str:
    """The names of the tables among these files."""
    return " and ".join(name.split(".")[0] for name in files if ".csv" in name)


def _factor(unit: str | None, path: str) -> str:
    return f"{path}, in {unit}" if unit else path
