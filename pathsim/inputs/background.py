"""Background mortality: a national life table, and the law of death by age that it gives.

A table is two files in `params/background/`: a header (YAML: where the figures come from) and the
figures (CSV: sex, age, death_probability). Called by the scenario loader and by the pathway
builder, which asks for `law(sex)`. Knows no disease, no therapy and no population.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, get_args

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import shown
from pathsim.inputs.evidence import Duration, Kind, Read, Written
from pathsim.inputs.forms import Spelt
from pathsim.inputs.load import read, validate
from pathsim.laws import PiecewiseExponential
from pathsim.units import DAYS_PER_YEAR

Sex = Literal["female", "male"]
SEXES: tuple[Sex, ...] = get_args(Sex)
COLUMNS = ["sex", "age", "death_probability"]


FileName = Annotated[
    str,
    Spelt(
        r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\.csv$",
        "{} is no file beside this one; write its name alone, ending in .csv",
    ),
]


class Background(Written):
    """The header of a life table: what it is, where it comes from, which file holds it."""

    name: str
    title: str
    source: str
    where: str
    years: str
    unit: Literal["probability"]
    kind: Kind
    verified: Read
    file: FileName
    life_expectancy_at_65: dict[Sex, Duration] | None = None
    note: str | None = None


@dataclass(frozen=True)
class LifeTable:
    """For each sex the probability of dying within a year, at `ages`, whole and rising by one."""

    about: Background
    ages: tuple[int, ...]
    death_probabilities: Mapping[Sex, tuple[float, ...]]

    def law(self, sex: Sex) -> PiecewiseExponential:
        """The law of death on the scale of age in days: a constant hazard within each year.

        The first year's hazard holds from birth, the last one's for ever; nobody that pathsim
        simulates is as young as the first, and hardly anybody as old as the last.
        """
        starts = (0.0, *(age * DAYS_PER_YEAR for age in self.ages[1:]))
        rates = tuple(-math.log1p(-q) / DAYS_PER_YEAR for q in self.death_probabilities[sex])
        return PiecewiseExponential(starts, rates)

    def life_expectancy(self, sex: Sex, age: float) -> float:
        """Years still expected at an age in years, if death follows `law(sex)` from there."""
        law, start = self.law(sex), age * DAYS_PER_YEAR
        later = [since for since in law.starts if since > start]
        rest = PiecewiseExponential(
            (0.0, *(since - start for since in later)), law.rates[-len(later) - 1 :]
        )
        return rest.mean() / DAYS_PER_YEAR


def load_background(path: Path | str) -> LifeTable:
    """The life table whose header is at `path`; raises InputError with all that is wrong."""
    document = read(path)
    about = validate(document, Background)
    table = document.source.parent / about.file
    if not table.is_file():
        cause = f"no file '{about.file}' beside this one"
        raise InputError(document.problem(("file",), cause, remedy="check the name"))
    return _table(about, table)


def _table(about: Background, path: Path) -> LifeTable:
    rows = _rows(path)
    by_sex = {sex: [row for row in rows if row.sex == sex] for sex in SEXES}
    problems = [problem for sex in SEXES for problem in _gaps(path, sex, by_sex[sex])]
    if not problems and {r.age for r in by_sex["female"]} != {r.age for r in by_sex["male"]}:
        problems.append(_problem(path, 1, "the sexes have different ages", "give both the same"))
    if problems:
        raise InputError(problems)
    probabilities = {sex: tuple(row.probability for row in by_sex[sex]) for sex in SEXES}
    return LifeTable(about, tuple(row.age for row in by_sex["female"]), probabilities)


@dataclass(frozen=True)
class _Row:
    line: int
    sex: Sex
    age: int
    probability: float


def _rows(path: Path) -> list[_Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError(_problem(path, 1, "not text in UTF-8", "save it as CSV")) from None
    lines = [line.split(",") for line in text.splitlines()]
    if not lines or lines[0] != COLUMNS:
        raise InputError(_problem(path, 1, "wrong header", f"write {','.join(COLUMNS)}"))
    read_rows = [_row(path, number, cells) for number, cells in enumerate(lines[1:], start=2)]
    if problems := [row for row in read_rows if isinstance(row, Problem)]:
        raise InputError(problems)
    return [row for row in read_rows if isinstance(row, _Row)]


def _row(path: Path, line: int, cells: list[str]) -> _Row | Problem:
    """One line of the table, or what is wrong with it."""
    if len(cells) != len(COLUMNS):
        return _problem(path, line, f"{len(cells)} columns", f"write {','.join(COLUMNS)}")
    sex = next((known for known in SEXES if known == cells[0]), None)
    if sex is None:
        return _problem(path, line, f"sex '{cells[0]}'", f"write {' or '.join(SEXES)}")
    if not re.fullmatch("[0-9]{1,3}", cells[1]):
        return _problem(path, line, f"age '{cells[1]}'", "write a whole number of years")
    try:
        probability = float(cells[2])
    except ValueError:
        probability = math.nan
    if not 0 <= probability < 1:
        remedy = "write a probability of at least 0 and below 1"
        return _problem(path, line, f"death_probability '{cells[2]}'", remedy)
    return _Row(line, sex, int(cells[1]), probability)


def _gaps(path: Path, sex: Sex, rows: list[_Row]) -> Iterator[Problem]:
    """A problem for a sex without rows, and for each place where age does not rise by one."""
    if not rows:
        yield _problem(path, 1, f"no row for {sex}", "give both sexes")
    for before, row in pairwise(rows):
        if row.age != before.age + 1:
            cause = f"age {row.age} follows {before.age} for {sex}"
            yield _problem(path, row.line, cause, "let age rise by one year a row")


def _problem(path: Path, line: int, cause: str, remedy: str) -> Problem:
    return Problem(shown(path), line, "", cause, remedy)
