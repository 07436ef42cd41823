"""What a folder of a study keeps, read for the page: its file, its tables, its fields.

Called by the section `studies` and by what answers and draws for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.inputs.load import read
from pathsim.outcomes.intervals import Interval
from pathsim.study.first_outcomes import first_outcomes
from pathsim.study.kept import Study

FEW = 6
"""So many values of a field are told one by one."""


@dataclass(frozen=True)
class Changed:
    """A field that was changed: its column, its path, its unit, what the first scenario has."""

    name: str
    path: str
    unit: str | None
    base: Any

    def value(self, value: Any) -> str:
        """A value with its unit; nothing where there is none."""
        return said(value) + (f" {self.unit}" if self.unit and said(value) else "")


@dataclass(frozen=True)
class Swept:
    """The tables of a folder that `sweep` wrote."""

    study: Study

    @cached_property
    def written(self) -> Mapping[str, Any]:
        return document_of(self.study.folder)

    @property
    def asked(self) -> tuple[str, ...]:
        """The outcomes that the study asks for, as it says them."""
        asked = self.written.get("outcomes", "headlines")
        return (asked,) if isinstance(asked, str) else tuple(asked)

    def first(self, table: pd.DataFrame) -> list[str]:
        """The outcomes of a table that are shown first, in order."""
        return first_outcomes(self.asked, dict.fromkeys(map(str, table["outcome"])))

    @cached_property
    def design(self) -> pd.DataFrame:
        """A row a set; empty where too many numbers vary."""
        study = self.study
        return study.table("design") if study.has("design") else pd.DataFrame({"set": []})

    def factors(self, record: Mapping[str, Any]) -> list[Changed]:
        """The fields that have a column, with their paths and units where the record tells them."""
        known = {each["name"]: each for each in record.get("factors", ()) if "name" in each}
        return [
            Changed(name, *(known.get(name, {}).get(key) for key in ("path", "unit", "base")))
            for name in map(str, self.design.columns)
            if name != "set"
        ]

    def range_of(self, factor: Changed) -> str:
        """The values that it was set to, or the least and the most."""
        values = self.design[factor.name].dropna()
        different = list(dict.fromkeys(values))
        if len(different) <= FEW or not pd.api.types.is_numeric_dtype(values):
            return ", ".join(map(said, different[:FEW])) + (", …" if len(different) > FEW else "")
        return f"{said(float(values.min()))} to {said(float(values.max()))}"

    def reasons(self, written: Mapping[str, Any]) -> dict[str, str]:
        """Path -> why it was varied so far, where the study says it."""
        vary = written.get("design", {}).get("vary", ())
        entries = vary if isinstance(vary, list) else []
        return {str(e["path"]): str(e["because"]) for e in entries if e.get("because")}


def document_of(folder: Path) -> Mapping[str, Any]:
    """The study as it was read; empty where the folder is of no study file."""
    path = folder / "study.yaml"
    return read(path).data if path.exists() else {}


def said(value: Any) -> str:
    """A value in a few letters; nothing for none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.5g}" if isinstance(value, float) else str(value)


# --- rows of tables ------------------------------------------------------------------------------


def by_cell(table: pd.DataFrame, outcomes: list[str]) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """The rows of each scenario and structure and outcome, outcomes in this order."""
    for _, cell in table.groupby(["scenario", "structure"], sort=False):
        for outcome in outcomes:
            mine = cell[cell["outcome"] == outcome]
            if len(mine):
                yield cell_of(mine.iloc[0]), outcome, mine


def cell_of(each: Any) -> str:
    """The scenario, what it is a difference to, and its structure, as a reader needs them."""
    minus = f" minus {each['minus']}" if each.get("minus") else ""
    structure = "" if each["structure"] == "as_written" else f", {each['structure']}"
    return f"{each['scenario']}{minus}{structure}"


def unit_of(rows: pd.DataFrame) -> str:
    """The unit that these rows share."""
    return str(rows["unit"].iloc[0])


def records(table: pd.DataFrame) -> Iterator[Mapping[Any, Any]]:
    """The rows, column by column."""
    return iter(table.to_dict("records"))


def interval_of(each: Mapping[Any, Any], mean: str) -> Interval:
    """A mean of a row with its interval, whose columns some tables name after it."""
    low, high = (each.get(f"{mean}_{end}", each.get(end)) for end in ("low", "high"))
    return Interval(each[mean], float("nan" if low is None else low),
                    float("nan" if high is None else high), 0)  # fmt: skip
