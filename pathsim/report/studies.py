"""Studies beside the comparison: what was varied, what followed, and how sure that is.

A study is told from what its folder keeps: nothing is simulated and no figure drawn anew. What each
kind says, `study_answers` has; here is what they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pathsim.pathway.phrases import a_number_of
from pathsim.report.shapes import Drawn, Table, row
from pathsim.report.study_answers import ANSWERS, Answer
from pathsim.report.study_figures import figures_of
from pathsim.report.study_read import Swept, document_of
from pathsim.study.kept import Result, Study

TITLE, TEMPLATE = "Studies", "studies.html"
KINDS = {
    "grid": "Every combination of the values below was run",
    "one_way": "One field at a time was set to either end of its range, the others left alone",
    "latin_hypercube": "The ranges below were filled by a Latin hypercube",
    "sobol_sequence": "The ranges below were filled by a Sobol sequence",
    "uncertainty": "Every uncertain number was drawn anew for each set, those of a fit together, "
    "each over its own spread",
    "sobol_indices": "The ranges were sampled for Sobol's indices",
    "morris": "One thing after another was moved over its range, from many starting points "
    "(Morris's effects)",
    "size": "Capacities were looked for that keep promises",
    "validate": "Published trials and cohorts were simulated, each in its own population, and put "
    "beside what was published",
    "warm-up": "The service was watched week by week as it fills",
}  # fmt: skip
"""Kind of study -> what was done, to the reader."""
MANY = 30
"""So many fields are told one by one."""


@dataclass(frozen=True)
class Told:
    """A study as the page shows it: `how` is what was done, `answer` what followed, in words."""

    name: str
    title: str
    how: str
    answer: tuple[str, ...]
    varied: Table | None
    tables: tuple[Table, ...]
    figures: tuple[Drawn, ...]
    note: str


def content(result: Result) -> Mapping[str, Any] | None:
    """Every study in turn; None where there is none."""
    if not result.studies:
        return None
    each = enumerate(map(told, result.studies), start=1)
    return {
        "studies": tuple(_numbered(study, number) for number, study in each),
        "beside": bool(result.strategies),
    }


def _numbered(study: Told, number: int) -> Told:
    """A study whose name, and those of its figures, no other on the page has."""
    figures = tuple(replace(each, name=f"{number}-{each.name}") for each in study.figures)
    return replace(study, name=str(number), figures=figures)


def told(study: Study) -> Told:
    """What a study's folder says, as plain data."""
    kind = str(study.record.get("kind", study.kind)) if study.kind == "sweep" else study.kind
    found: Answer = ANSWERS[kind](study)
    written = document_of(study.folder)
    return Told(
        name=study.name,
        title=str(written.get("title") or NAMES.get(kind, study.name)),
        how=_how(study, kind),
        answer=found.words,
        varied=_varied(study, written) if study.kind == "sweep" else None,
        tables=found.tables,
        figures=figures_of(study, kind),
        note=found.note,
    )


NAMES = {"validate": "Does the model meet published results?", "warm-up": "How the service fills"}
"""Kind of study that has no question of its own -> a heading."""


def _how(study: Study, kind: str) -> str:
    """What was done, in which scenarios, and how much stands behind it."""
    record = study.record
    where = record.get("scenarios") or [record[k] for k in ("scenario",) if k in record]
    parts = [KINDS[kind] + (f", in {', '.join(map(str, where))}" if where else "")]
    if sets := record.get("sets"):
        parts.append(a_number_of(sets, "set"))
    n, patients = record.get("replications"), record.get("patients")
    people = f" of {patients:,} patients" if patients else ""
    if kind == "validate":
        parts.append(f"{patients:,} patients an arm")
    elif kind == "size" and n:
        looked = a_number_of(record["capacities_looked_at"], "capacity", "capacities")
        parts.append(f"{looked} looked at, {n:,} replications{people} in all")
    elif n:
        parts.append(f"{a_number_of(n, 'replication')}{people} each")
    if "seed" in record:
        parts.append(f"seed {record['seed']}, so the same luck in all" if kind in SHARED
                     else f"seed {record['seed']}")  # fmt: skip
    structures = [s for s in record.get("structures", ()) if s != "as_written"]
    if structures:
        parts.append(f"the model as it is written, and made otherwise: {', '.join(structures)}")
    return "; ".join(parts) + "."


SHARED = ("grid", "one_way", "latin_hypercube", "sobol_sequence", "sobol_indices", "morris", "size")
"""Kinds of study whose sets have the same patients with the same luck."""


def _varied(study: Study, written: Mapping[str, Any]) -> Table | None:
    """The fields that were changed: what they are in the scenario, and what they were set to."""
    swept = Swept(study)
    factors = swept.factors(study.record)
    if not factors or len(factors) > MANY:
        return None
    why = swept.reasons(written)
    rows = [
        row(f.name, f.path, f.value(f.base), swept.range_of(f), why.get(f.path, ""))
        for f in factors
    ]  # fmt: skip
    head = ("Field", "Its path", "In the scenario", "Set to", "Why so far")
    return Table("What was varied", head, tuple(rows))
