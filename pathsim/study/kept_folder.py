"""One folder of results, read back: its record, its documents, its tables.

Called by `kept`, which puts folders together. Nothing in a folder is changed; every problem of a
folder is told at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import shown
from pathsim.inputs.resolve import resolve
from pathsim.outcomes.folds import TABLES, Measured
from pathsim.outcomes.summary import COLUMNS
from pathsim.pathway.build import Built, build
from pathsim.study.folders import RECORD
from pathsim.study.plan import Model, model_of

STRATEGIES, STUDIES = ("run", "compare"), ("sweep", "size", "validate", "warm-up")
"""The commands whose folders hold strategies, and those whose folders are studies."""
AGAIN = "give the command that made it again"
NUMBER = (int, float)
SAID: Mapping[str, tuple[type, ...]] = {
    "scenario": (str,), "digest": (str,), "kind": (str,), "seed": (int,), "patients": (int,),
    "replications": (int,), "horizon_days": NUMBER, "warm_up_days": NUMBER, "events": (int,),
    "off_label_entries": (int,), "off_label_rules": (list,), "capacities_looked_at": (int,),
    "versions": (dict,),
}  # fmt: skip
"""What a record says -> as what."""
OF_RUN = ("scenario", "digest", "seed", "replications", "patients", "horizon_days", "warm_up_days",
          "events", "off_label_entries", "off_label_rules", "versions")  # fmt: skip
"""What the record of every strategy says."""
OF_STUDY = {
    "sweep": ("kind", "seed", "replications", "versions"),
    "size": ("seed", "replications", "capacities_looked_at", "versions"),
    "validate": ("seed", "patients", "versions"),
    "warm-up": ("seed", "replications", "versions"),
}
"""Command -> what the record of its study says."""


@dataclass(frozen=True, eq=False)
class Strategy:
    """One scenario as it was run: the model it stands for, what was measured, its own record."""

    name: str
    model: Model
    built: Built
    measured: Measured
    record: Mapping[str, Any]
    folder: Path

    @property
    def header(self) -> str:
        """The first line of its tables."""
        return self.model.first_line(int(self.measured.patients["off_label"].sum()))


@dataclass(frozen=True, eq=False)
class Study:
    """A folder of `sweep`, `size`, `validate` or `warm-up`: its tables are read by who needs them.

    `kind` is the command; `record` what its run.json says.
    """

    kind: str
    name: str
    folder: Path
    record: Mapping[str, Any]

    def has(self, name: str) -> bool:
        """Whether a table of this name was kept."""
        return (self.folder / f"{name}.parquet").exists()

    def table(self, name: str) -> pd.DataFrame:
        """A table, in the order that it was written in; InputError where it cannot be read."""
        return _table(self.folder / f"{name}.parquet")

    def words(self, name: str) -> tuple[str, ...]:
        """The lines of a text; InputError where it cannot be read."""
        path = self.folder / f"{name}.txt"
        try:
            return tuple(path.read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError) as error:
            raise _wrong(path, f"cannot be read ({_said(error)})", AGAIN) from None


@dataclass(frozen=True, eq=False)
class Folder:
    """What one folder holds: strategies with their tables, or a study."""

    path: Path
    record: Mapping[str, Any]
    strategies: tuple[Strategy, ...] = ()
    outcomes: pd.DataFrame | None = None
    differences: pd.DataFrame | None = None
    study: Study | None = None


def folder_at(path: Path) -> Folder:
    """The folder of results at a path; raises InputError with all that is wrong with it."""
    record = _record(path)
    command = record.get("command")
    if command in STRATEGIES:
        return _run(path, record, command)
    if command in STUDIES:
        _whole(path, record, OF_STUDY[command])
        name = str(record.get("study") or record.get("scenario") or path.absolute().parent.name)
        return Folder(path, record, study=Study(command, name, path, record))
    said = f"a folder of '{command}'" if command else "a run.json that names no command"
    remedy = f"name a folder that one of these wrote: {', '.join(STRATEGIES + STUDIES)}"
    raise _wrong(path / RECORD, said, remedy)


def _record(path: Path) -> Mapping[str, Any]:
    if not _there(path) or not path.is_dir():
        what = "a file, not a folder" if _there(path) else "no such folder"
        raise _wrong(path, what, "name a folder of results, such as results/cart_first/DATE")
    try:
        record = json.loads((path / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        remedy = "name a folder that pathsim wrote: run.json stands in it"
        raise _wrong(path, f"no {RECORD}: not a folder of results", remedy) from None
    except (OSError, ValueError) as error:
        raise _wrong(path / RECORD, f"cannot be read ({_said(error)})", AGAIN) from None
    if not isinstance(record, dict):
        raise _wrong(path / RECORD, "not a record of a run", AGAIN)
    return record


def _run(path: Path, record: Mapping[str, Any], command: str) -> Folder:
    """A folder of one strategy, or of several with a folder each."""
    parts = [(path, record)]
    if command == "compare":
        runs = _runs(path, record)
        parts = [(path / str(run["scenario"]), run) for run in runs]
    else:
        _whole(path, record, OF_RUN)
    found, problems = list[Strategy](), list[Problem]()
    for folder, own in parts:
        try:
            found.append(_strategy(folder, own))
        except InputError as error:
            problems += error.problems
    tables: dict[str, pd.DataFrame] = {}
    for name in ("outcomes", "differences")[: 2 if command == "compare" else 1]:
        try:
            tables[name] = _table(path / f"{name}.parquet", COLUMNS)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Folder(path, record, tuple(found), tables["outcomes"], tables.get("differences"))


def _runs(path: Path, record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The record of each strategy of a comparison."""
    runs = record.get("runs")
    if not isinstance(runs, list) or not runs or not all(isinstance(run, dict) for run in runs):
        raise _wrong(path / RECORD, "lacks 'runs', a record of each strategy", AGAIN)
    for run in runs:
        _whole(path, run, OF_RUN)
    return runs


def _whole(path: Path, record: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """InputError unless a record says all that it is to say, as it is to be said."""
    if missing := [key for key in wanted if key not in record]:
        raise _wrong(path / RECORD, f"lacks {', '.join(map(repr, missing))}", AGAIN)
    for key in wanted:
        if not isinstance(record[key], SAID[key]):
            cause = f"'{key}' is {json.dumps(record[key])[:40]}"
            raise _wrong(path / RECORD, cause, AGAIN)


def _strategy(folder: Path, record: Mapping[str, Any]) -> Strategy:
    document, words = folder / "scenario.yaml", folder / "scenario.txt"
    if _there(words) and not _there(document):
        cause = "a model that was written in Python, without a scenario.yaml"
        raise _wrong(folder, cause, "write it as a scenario: a report tells where numbers are from")
    problems, measured = list[Problem](), None
    try:
        measured = _measured(folder / "measured", record)
    except InputError as error:
        problems += error.problems
    try:
        built = build(resolve(document))
    except InputError as error:
        problems += error.problems
    if problems or measured is None:
        raise InputError(problems)
    model = model_of(built)
    if model.digest != record["digest"]:
        said = "not the document that was run: its digest differs from that in run.json"
        remedy = f"{AGAIN}, or use the version of pathsim that is named there"
        raise _wrong(document, said, remedy)
    return Strategy(model.name, model, built, measured, record, folder)


def _measured(folder: Path, record: Mapping[str, Any]) -> Measured:
    """Everything that was measured of one strategy."""
    tables, problems = dict[str, pd.DataFrame](), list[Problem]()
    for name in TABLES:
        path = folder / f"{name}.parquet"
        try:
            tables[name] = _table(path)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Measured(**tables, horizon=float(record["horizon_days"]),
                    warm_up=float(record["warm_up_days"]))  # fmt: skip


def _table(path: Path, columns: Sequence[str] = ()) -> pd.DataFrame:
    try:
        table = pd.read_parquet(BytesIO(path.read_bytes()))
    except FileNotFoundError:
        raise _wrong(path, "missing: the folder is not whole", AGAIN) from None
    except (OSError, ValueError) as error:
        raise _wrong(path, f"not a table that can be read ({_said(error)})", AGAIN) from None
    if missing := [name for name in columns if name not in table]:
        raise _wrong(path, f"lacks columns: {', '.join(missing)}", AGAIN)
    return table


def _there(path: Path) -> bool:
    """Whether something is there, as far as one may look."""
    try:
        return path.exists()
    except OSError:
        return False


def _wrong(path: Path, cause: str, remedy: str) -> InputError:
    return InputError(Problem(shown(path), 0, "", cause, remedy))


def _said(error: Exception) -> str:
    """What an error says, in one short line."""
    said = getattr(error, "strerror", None) or str(error)
    return str(said).partition("\n")[0].partition(". ")[0][:120]
