"""Where results are kept: `results/<scenario>/<run id>/`, written whole or not at all.

Called by every study that keeps what it found. `write_whole` fills a temporary folder beside the
final one and renames it when everything in it is written; nothing is ever overwritten.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

import pandas as pd

from pathsim import __version__
from pathsim.engine.simulate import SIMPY
from pathsim.errors import InputError, Problem
from pathsim.events import Log
from pathsim.outcomes import dictionary
from pathsim.outcomes.folds import TABLES, Measured
from pathsim.outcomes.resources import monthly
from pathsim.study.keys import installed

if TYPE_CHECKING:
    from pathsim.study.execute import Carried

PACKAGES = ("numpy", "pandas", "simpy", "pydantic", "pyarrow", "matplotlib", "networkx")
COMPILERS = ("numba", "llvmlite")
"""Packages whose versions belong to the record where they made the engine."""
README, RECORD = "README.txt", "run.json"
EPOCH = "SOURCE_DATE_EPOCH"
"""The variable that dates what is made again, in seconds since 1970."""

Report = Callable[[Path], object]
"""What makes a page of a folder of results, in it, once its tables are there."""

STALE = 86_400.0
"""Seconds after which a folder that is not finished is nobody's any more."""


def run_id(started: datetime, digest: str) -> str:
    """Date, time and the beginning of the digest: `20260105-143210-9f2c1a7b`."""
    return f"{started:%Y%m%d-%H%M%S}-{digest[:8]}"


def write_whole(parent: Path, name: str, write: Callable[[Path], None]) -> Path:
    """The folder `parent/name`, or `name-2`, ... where that is taken, as `write` fills it.

    It is filled under another name beside it and renamed at the end; where anything fails it is
    removed, so that a folder of results is whole or is not there.
    """
    parent.mkdir(parents=True, exist_ok=True)
    _tidy(parent)
    folder = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=parent))
    try:
        write(folder)
        folder.chmod(0o755)
        return _rename(folder, parent, name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write_file(path: Path, content: bytes) -> Path:
    """A file that is whole or is as it was before."""
    return fill_file(path, lambda unfinished: unfinished.write_bytes(content))


def fill_file(path: Path, fill: Callable[[Path], object]) -> Path:
    """The same for a file that is written piece by piece: under another name beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        os.close(number)
        fill(Path(name))
        Path(name).chmod(0o644)
        return Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tidy(parent: Path) -> None:
    """Remove folders that somebody began to fill and was killed: those of another day."""
    for left in parent.glob(".*.*"):
        if left.is_dir() and time() - left.stat().st_mtime > STALE:
            shutil.rmtree(left, ignore_errors=True)


def _rename(folder: Path, parent: Path, name: str) -> Path:
    for number in count(1):
        final = parent / (name if number == 1 else f"{name}-{number}")
        if final.exists():
            continue
        try:
            return folder.rename(final)
        except OSError:
            if not final.exists():
                raise
    raise AssertionError


def versions(*more: str) -> dict[str, str]:
    """The versions of pathsim, Python and what the results rest on, and of more packages."""
    packages = {name: installed(name) for name in (*PACKAGES, *more)}
    return {"python": platform.python_version(), "pathsim": __version__, **packages}


def how(carried: Carried, started: datetime, finished: datetime, engine: str) -> dict[str, Any]:
    """What every record says of how it went: times, jobs, versions of what ran them.

    Of what is `dated` only the moment and the versions.
    """
    went = {
        "finished": finished.isoformat(),
        "jobs": {"done": carried.done, "in_store": carried.found},
        "seconds_of_work": round(carried.seconds, 3),
    }
    return {
        "started": started.isoformat(),
        **({} if dated() else went),
        "versions": versions(*COMPILERS if engine != SIMPY else ()),
        "system": system(),
    }


def system() -> str:
    """The operating system and the machine, as reports of simulations ask for; no name of it."""
    many = f"{os.cpu_count() or 1} processor{'' if os.cpu_count() == 1 else 's'}"
    release = platform.release().partition("-")[0]
    return f"{platform.system()} {release}, {platform.machine()}, {many}"


def write_record(folder: Path, record: Mapping[str, Any], *, command: str) -> None:
    """`run.json`: which command made the folder, and everything that is needed to do it again."""
    said = {"command": command, **record}
    text = json.dumps(said, indent=2, ensure_ascii=False, default=str)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def write_log(folder: Path, log: Log) -> None:
    """The three tables of the event log, as Parquet."""
    for name in ("log", "patients", "capacity"):
        _parquet(getattr(log, name), folder / f"{name}.parquet")


FOR_PEOPLE = ("patients", "use", "stock", "lives")
"""Measured tables that are small enough to be opened as a spreadsheet."""


def write_measured(folder: Path, measured: Measured) -> None:
    """What was measured, a Parquet file a table; as CSV too what people open, and months."""
    folder.mkdir(parents=True)
    for name in TABLES:
        _parquet(getattr(measured, name), folder / f"{name}.parquet")
    for name in FOR_PEOPLE:
        _csv(getattr(measured, name), folder / f"{name}.csv")
    if len(measured.daily):
        _csv(by_month(measured.daily), folder / "occupancy.csv")


def by_month(daily: pd.DataFrame) -> pd.DataFrame:
    """A row a resource and month: means over replications, and the highest count of any."""
    by = monthly(daily).groupby(["resource", "month"], observed=True)
    table = by[["held_mean", "queue_mean", "capacity_mean"]].mean()
    return table.assign(held_max=by["held_max"].max()).reset_index()


def write_dictionary(folder: Path, text: Callable[[set[str]], str] = dictionary.files) -> None:
    """README.txt: what each file in the folder is, its columns, and what each outcome means.

    `text` is given the paths of all that is there, below the folder.
    """
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*")} | {README}
    (folder / README).write_text(text(there), encoding="utf-8")


def write_plain(folder: Path, name: str, table: pd.DataFrame) -> None:
    """A table as CSV without a comment on top, and as Parquet."""
    _csv(table, folder / f"{name}.csv")
    _parquet(table, folder / f"{name}.parquet")


def write_table(folder: Path, name: str, table: pd.DataFrame, *, header: str) -> None:
    """A table of outcomes as CSV (below its header) and as Parquet."""
    from pathsim.outcomes.written import write_csv

    write_csv(table, folder / f"{name}.csv", header=header)
    _parquet(table, folder / f"{name}.parquet")


def _csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, lineterminator="\n", float_format="%.6g")


def _parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, engine="pyarrow", compression="zstd", index=False)


def now() -> datetime:
    """The time, in UTC; that of SOURCE_DATE_EPOCH where it is set, as for what is to be rebuilt.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    moment = dated()
    return datetime.now(UTC) if moment is None else moment


def dated() -> datetime | None:
    """The moment that SOURCE_DATE_EPOCH gives to all that is written, if it is set.

    What is dated says nothing of how long it took, or of what was in the store: it is to be the
    same bytes when it is made again. Raises InputError where it is no count of seconds.
    """
    said = os.environ.get(EPOCH, "")
    if not said:
        return None
    try:
        return datetime.fromtimestamp(int(said), UTC)
    except (ValueError, OverflowError, OSError):
        cause, remedy = f"{said[:40]!r} is no whole number of seconds", "unset it, or write such"
        raise InputError(Problem(EPOCH, 0, "", cause, remedy)) from None
