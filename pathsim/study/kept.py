"""Folders of results, read back: what was run, what was measured, how it went.

`read` makes one `Result` of one or more folders; nothing is simulated again and nothing in a folder
is changed. Called by the report and by what exports results; every problem of every folder is told
at once. What is made of a result, this module does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import shown
from pathsim.inputs.resolve import resolve
from pathsim.outcomes.folds import TABLES, Measured
from pathsim.outcomes.summary import COLUMNS, differences
from pathsim.outcomes.written import first_lines
from pathsim.pathway.build import Built, build
from pathsim.study.folders import RECORD
from pathsim.study.plan import Model, model_of

STRATEGIES, STUDIES = ("run", "compare"), ("sweep", "size", "validate", "warm-up")
"""The commands whose folders hold strategies, and those whose folders are studies."""
DATED = re.compile(r"\d{8}-\d{6}")
"""Date and time in the name of a run's folder."""
LATER = ("lives",)
"""Tables that folders kept earlier do not have."""
AGAIN = "give the command that made it again"
SAME = {"seed": "seed", "replications": "replications", "patients": "patients",
        "horizon_days": "horizon", "warm_up_days": "warm-up"}  # fmt: skip
"""What strategies must share so that their differences are paired -> how it is called."""


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


def _no_table() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))


@dataclass(frozen=True, eq=False)
class Result:
    """All that is shown together: strategies in order, the base first, and studies beside them.

    `outcomes` and `differences` are tidy tables as `outcomes.summary` makes them, empty where there
    is nothing in them; `seed` and `replications` are those of the strategies; `header` are the
    lines that stand above every table. There may be no strategies, or no studies.
    """

    strategies: Mapping[str, Strategy] = field(default_factory=dict)
    outcomes: pd.DataFrame = field(default_factory=_no_table)
    differences: pd.DataFrame = field(default_factory=_no_table)
    studies: tuple[Study, ...] = ()
    seed: int | None = None
    replications: int | None = None
    title: str = ""
    header: tuple[str, ...] = ()
    precision: Mapping[str, Any] | None = None

    @property
    def measured(self) -> dict[str, Measured]:
        return {name: each.measured for name, each in self.strategies.items()}

    @property
    def models(self) -> dict[str, Model]:
        return {name: each.model for name, each in self.strategies.items()}

    @property
    def base(self) -> Strategy | None:
        """The strategy that the others are compared with: the first."""
        return next(iter(self.strategies.values()), None)


def read(paths: Sequence[Path]) -> Result:
    """The result in these folders; raises InputError with everything that is wrong with them.

    A folder is one that `run`, `compare`, `sweep`, `size`, `validate` or `warm-up` wrote.
    Strategies of several folders are compared with the first, paired by patient: they must have
    been run with the same seed, replications, patients and horizon.
    """
    folders = _all(_folder(path) for path in paths)
    return _together(folders)


def newest(path: Path) -> Path:
    """The folder itself where results are in it, else the newest of the runs in it, if any."""
    if (path / RECORD).exists() or not path.is_dir():
        return path
    runs = [each for each in path.iterdir() if DATED.search(each.name) and (each / RECORD).exists()]
    return max(runs, key=lambda each: DATED.findall(each.name)[-1], default=path)


# --- one folder --------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Folder:
    """What one folder holds: strategies with their tables, or a study."""

    path: Path
    record: Mapping[str, Any]
    strategies: tuple[Strategy, ...] = ()
    outcomes: pd.DataFrame | None = None
    differences: pd.DataFrame | None = None
    study: Study | None = None


Read = Folder | list[Problem]


def _all(found: Iterable[Read]) -> list[Folder]:
    """The folders, or InputError with all that is wrong with any of them."""
    each = list(found)
    if problems := [problem for one in each if isinstance(one, list) for problem in one]:
        raise InputError(problems)
    return [one for one in each if isinstance(one, Folder)]


def _folder(path: Path) -> Read:
    try:
        record = _record(path)
        command = command_of(record)
        if command in STRATEGIES:
            return _run(path, record, command)
        if command in STUDIES:
            name = str(record.get("study") or record.get("scenario") or path.absolute().parent.name)
            return Folder(path, record, study=Study(command, name, path, record))
        said = f"a folder of '{command}'" if command else "a run.json that names no command"
        remedy = f"name a folder that one of these wrote: {', '.join(STRATEGIES + STUDIES)}"
        raise _wrong(path / RECORD, said, remedy)
    except InputError as error:
        return list(error.problems)


def _record(path: Path) -> Mapping[str, Any]:
    if not path.is_dir():
        what = "a file, not a folder" if path.exists() else "no such folder"
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


def command_of(record: Mapping[str, Any]) -> str | None:
    """The command that wrote a folder, told from what it says of itself where it does not say."""
    if "command" in record:
        return str(record["command"])
    told = {"runs": "compare", "sets": "sweep", "inside": "validate", "events": "run"}
    return next((command for key, command in told.items() if key in record), None)


def _run(path: Path, record: Mapping[str, Any], command: str) -> Read:
    """A folder of one strategy, or of several with a folder each."""
    parts = [(path, record)]
    if command == "compare":
        parts = [(path / str(run["scenario"]), run) for run in record["runs"]]
    found, problems = list[Strategy](), list[Problem]()
    for folder, own in parts:
        try:
            found.append(_strategy(folder, own))
        except InputError as error:
            problems += error.problems
    tables: dict[str, pd.DataFrame] = {}
    for name in ("outcomes", "differences")[: 2 if command == "compare" else 1]:
        try:
            tables[name] = _table(path / f"{name}.parquet")
        except InputError as error:
            problems += error.problems
    return problems or Folder(path, record, tuple(found), tables.get("outcomes"),
                              tables.get("differences"))  # fmt: skip


def _strategy(folder: Path, record: Mapping[str, Any]) -> Strategy:
    document, words = folder / "scenario.yaml", folder / "scenario.txt"
    if words.exists() and not document.exists():
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
            later = name in LATER and not path.exists()
            tables[name] = pd.DataFrame() if later else _table(path)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Measured(**tables, horizon=float(record["horizon_days"]),
                    warm_up=float(record["warm_up_days"]))  # fmt: skip


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except FileNotFoundError:
        raise _wrong(path, "missing: the folder is not whole", AGAIN) from None
    except (OSError, ValueError) as error:
        raise _wrong(path, f"not a table that can be read ({_said(error)})", AGAIN) from None


def _wrong(path: Path, cause: str, remedy: str) -> InputError:
    return InputError(Problem(shown(path), 0, "", cause, remedy))


def _said(error: Exception) -> str:
    """What an error says, in one short line."""
    said = getattr(error, "strerror", None) or str(error)
    return str(said).partition("\n")[0].partition(". ")[0][:120]


# --- several folders ---------------------------------------------------------------------------


def _together(folders: list[Folder]) -> Result:
    """One result; raises InputError where strategies cannot be compared."""
    each = [strategy for folder in folders for strategy in folder.strategies]
    if problems := [*_twice(each), *_unlike(each)]:
        raise InputError(problems)
    studies = tuple(folder.study for folder in folders if folder.study)
    having = [folder for folder in folders if folder.strategies]
    if not each:
        return Result(studies=studies, title=", ".join(study.name for study in studies))
    strategies = {strategy.name: strategy for strategy in each}
    headers = first_lines({name: strategy.header for name, strategy in strategies.items()})
    return Result(
        strategies,
        pd.concat([f.outcomes for f in having if f.outcomes is not None], ignore_index=True),
        _differences(having, strategies),
        studies,
        int(each[0].record["seed"]),
        int(each[0].record["replications"]),
        " and ".join(filter(None, [", ".join([*strategies][:-1]), [*strategies][-1]])),
        tuple(headers),
        having[0].record.get("precision") if len(having) == 1 else None,
    )


def _differences(having: list[Folder], strategies: Mapping[str, Strategy]) -> pd.DataFrame:
    """Those of the one folder that has them, or made anew of what was measured."""
    if len(strategies) == 1:
        return _no_table()
    if len(having) == 1 and (table := having[0].differences) is not None:
        return table
    return differences({name: each.measured for name, each in strategies.items()})


def _twice(each: list[Strategy]) -> Iterator[Problem]:
    """Strategies of one name: nobody could tell them apart."""
    first: dict[str, Strategy] = {}
    for one in each:
        if one.name in first:
            cause = f"'{one.name}' again, as in {shown(first[one.name].folder)}"
            yield Problem(shown(one.folder), 0, "", cause, "name each strategy once")
        first.setdefault(one.name, one)


def _unlike(each: list[Strategy]) -> Iterator[Problem]:
    """What keeps strategies of several folders from being compared with the first."""
    for one in each[1:]:
        for key, word in SAME.items():
            mine, others = one.record[key], each[0].record[key]
            if mine != others:
                cause = f"{word} {mine}, where '{each[0].name}' has {others}"
                yield Problem(shown(one.folder), 0, "", cause, "run both with the same")
