"""What the README of a folder of results does not tell of the files and columns in it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet

README = "README.txt"
WILD = re.compile(r"[A-Z]{3,}|\.\.\.")
"""What stands for anything in the name of a column."""


def untold(folder: Path) -> list[str]:
    """`file` or `file: column` of all that README.txt says nothing of."""
    sections = told((folder / README).read_text(encoding="utf-8"))
    files = set().union(
        *(names for title, names in sections.items() if title in ("FILES", "TABLES"))
    )
    found = list[str]()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if not file_told(name, files):
            found.append(name)
        if columns := columns_of(path):
            names = set().union(*(n for title, n in sections.items() if is_of(title, name)))
            found += [f"{name}: {each}" for each in columns if not column_told(each, names)]
    return found


def told(text: str) -> dict[str, set[str]]:
    """Section -> the names that it tells: lines indented by two, several with commas between."""
    sections: dict[str, set[str]] = {}
    title = ""
    for line in text.split("\n"):
        if re.match(r"\S", line):
            title = line.strip()
        elif re.match(r"  \S", line):
            sections.setdefault(title, set()).update(line.strip().split(", "))
    return sections


def is_of(title: str, file: str) -> bool:
    """Whether a section tells the columns of a table, by its name or of all tables."""
    if title in ("COLUMNS", "CAPACITIES") or title.startswith("FACTORS"):
        return True
    stem = file.rsplit(".", 1)[0]
    above, _, within = stem.partition("/")
    # A strategy of a comparison has a folder of its own.
    paths = {stem} if above == "measured" else {stem, within}
    tables = re.split(r", | and ", title.removeprefix("COLUMNS of "))
    return title.startswith("COLUMNS of ") and not paths.isdisjoint(tables)


def file_told(name: str, files: set[str]) -> bool:
    """Whether a file is told: itself, as another kind of one that is, or by its folder."""
    for each in (name, name.partition("/")[2]):
        stem, _, suffix = each.rpartition(".")
        alike = any(other.rpartition(".")[0] == stem for other in files) and f".{suffix}" in files
        above = {f"{part}/" for part in each.split("/")[:-1]}
        if each and (each in files or alike or above & files):
            return True
    return False


def column_told(name: str, names: set[str]) -> bool:
    """Whether a column is told, itself or by a pattern."""
    patterns = [".+".join(map(re.escape, WILD.split(each))) for each in names if WILD.search(each)]
    return name in names or any(re.fullmatch(pattern, name) for pattern in patterns)


def columns_of(path: Path) -> list[str]:
    """The columns of a table; none of what is no table."""
    if path.suffix == ".parquet":
        return [str(name) for name in pyarrow.parquet.read_schema(path).names]
    if path.suffix == ".csv":
        return [str(name) for name in pd.read_csv(path, comment="#", nrows=0).columns]
    return []
