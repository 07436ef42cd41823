"""Folders of results, read back: what was run, what was measured, how it went.

`read` makes one `Result` of one or more folders; nothing is simulated again and nothing in a folder
is changed. Called by the report and by what exports results; every problem of every folder is told
at once. What is made of a result, this module does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import shown
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.labels import listed
from pathsim.outcomes.summary import COLUMNS, differences
from pathsim.outcomes.written import first_lines
from pathsim.study.folders import RECORD
from pathsim.study.kept_folder import Folder, Strategy, Study, folder_at
from pathsim.study.plan import Model

__all__ = ["Result", "Strategy", "Study", "newest", "read"]

MANY = 5
"""A title names so many strategies and no more."""
DATED = re.compile(r"\d{8}-\d{6}")
"""Date and time in the name of a run's folder."""
SAME = {"seed": "seed", "replications": "replications", "patients": "patients",
        "horizon_days": "horizon", "warm_up_days": "warm-up"}  # fmt: skip
"""What strategies must share so that their differences are paired -> how it is called."""


def _no_table() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))


@dataclass(frozen=True, eq=False)
class Result:
    """All that is shown together: strategies in order, the base first, and studies beside them.

    `outcomes` and `differences` are tidy tables as `outcomes.summary` makes them, empty where there
    is nothing in them; `seed` and `replications` are those of the strategies; `header` are the
    lines that stand above every table. There may be no strategies, or no studies. `figures` is the
    folder of the figures of this very result, where they have just been drawn.
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
    figures: Path | None = None

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
    folders, problems = list[Folder](), list[Problem]()
    for path in paths:
        try:
            folders.append(folder_at(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return _together(folders)


def newest(path: Path) -> Path:
    """The folder itself where results are in it, else the newest of the runs in it, if any.

    What may not be looked into is given back as it is: `read` tells what is wrong with it.
    """
    try:
        if (path / RECORD).exists() or not path.is_dir():
            return path
        dated = [each for each in path.iterdir() if DATED.search(each.name)]
        runs = [each for each in dated if (each / RECORD).exists()]
    except OSError:
        return path
    return max(runs, key=lambda each: DATED.findall(each.name)[-1], default=path)


# --- several folders ---------------------------------------------------------------------------


def _together(folders: list[Folder]) -> Result:
    """One result; raises InputError where strategies cannot be compared."""
    each = [strategy for folder in folders for strategy in folder.strategies]
    having = [folder for folder in folders if folder.strategies]
    if problems := [*_twice(each), *_unlike(having)]:
        raise InputError(problems)
    studies = tuple(folder.study for folder in folders if folder.study)
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
        _title([*strategies]),
        tuple(headers),
        having[0].record.get("precision") if len(having) == 1 else None,
    )


def _title(names: list[str]) -> str:
    """The strategies by name; of many the first and how many others."""
    if len(names) > MANY:
        return f"{names[0]} and {len(names) - 1} other strategies"
    return listed(names)


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


def _unlike(having: list[Folder]) -> Iterator[Problem]:
    """What keeps strategies of further folders from being compared with the first of all."""
    others = [strategy for folder in having[1:] for strategy in folder.strategies]
    for one, (key, word) in product(others, SAME.items()):
        base = having[0].strategies[0]
        mine, wanted = one.record[key], base.record[key]
        if mine != wanted:
            cause = f"{word} {mine}, where '{base.name}' has {wanted}"
            yield Problem(shown(one.folder), 0, "", cause, "run both with the same")
