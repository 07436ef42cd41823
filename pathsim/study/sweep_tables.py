"""The tidy tables of a study, written row by row as Parquet and CSV: results, differences, design.

Called by `sweep_folder` with the cells of each set in order. Rows are gathered to some ten thousand
and let go: memory does not grow with their number. Knows no job and no store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.vary import field_of
from pathsim.outcomes.intervals import Interval
from pathsim.study.cells import Cells, Values
from pathsim.study.design import LEFT, Design, Factor, base_in

AT_ONCE = 20_000
"""Rows that are written together: a group of the Parquet file."""

Columns = dict[str, Any]
"""Column -> its Arrow type."""

TYPES = {"whole": pa.int64(), "number": pa.float64(), "flag": pa.bool_(), "text": pa.string()}
"""What stands in a factor's column -> its type."""
WHERE: Columns = {"set": pa.int64(), "scenario": pa.string()}
WHAT: Columns = {"group": pa.string(), "outcome": pa.string(), "unit": pa.string()}
INTERVAL: Columns = {"mean": pa.float64(), "low": pa.float64(), "high": pa.float64()}
COUNTED: Columns = {"replications": pa.int64()}
NOISE: Columns = {"noise": pa.float64()}


class Table:
    """A table on its way to NAME.parquet and NAME.csv: `with Table(...) as table: table.add(...)`.

    The CSV has no comment and no index, so that pandas, R and Stata read it as it is; what is
    missing is empty.
    """

    def __init__(self, folder: Path, name: str, columns: Columns) -> None:
        self.schema = pa.schema(list(columns.items()))
        self._rows: list[tuple[Any, ...]] = []
        self._parquet = parquet.ParquetWriter(
            folder / f"{name}.parquet", self.schema, compression="zstd"
        )
        options = csv.WriteOptions(quoting_style="needed")
        self._csv = csv.CSVWriter(folder / f"{name}.csv", self.schema, write_options=options)

    def __enter__(self) -> Table:
        return self

    def add(self, *row: Any) -> None:
        """One row, in the order of the columns; NaN and None are missing."""
        self._rows.append(row)
        if len(self._rows) >= AT_ONCE:
            self._write()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._rows.clear()
        self.close()

    def close(self) -> None:
        """Write what is left; no row can be added any more."""
        if self._rows:
            self._write()
        self._parquet.close()
        self._csv.close()

    def _write(self) -> None:
        columns = [
            pa.array(values, type=kind.type, from_pandas=True)
            for values, kind in zip(zip(*self._rows, strict=True), self.schema, strict=True)
        ]
        batch = pa.RecordBatch.from_arrays(columns, schema=self.schema)
        self._parquet.write_batch(batch)
        self._csv.write_batch(batch)
        self._rows.clear()


def result_columns(factors: Sequence[Factor]) -> Columns:
    """The columns of `results`."""
    people: Columns = {"patients": pa.int64()}
    return {**WHERE, "structure": pa.string(), **columns_of(factors), **WHAT, **INTERVAL,
            **COUNTED, **people, **NOISE}  # fmt: skip


def difference_columns(factors: Sequence[Factor]) -> Columns:
    """The columns of `differences`: `scenario` minus the one in `minus`."""
    return {**WHERE, "minus": pa.string(), "structure": pa.string(), **columns_of(factors), **WHAT,
            **INTERVAL, **COUNTED, **NOISE}  # fmt: skip


def design_columns(factors: Sequence[Factor]) -> Columns:
    """The columns of `design`."""
    return {"set": pa.int64(), **columns_of(factors)}


def columns_of(factors: Sequence[Factor]) -> Columns:
    """A column a factor."""
    return {factor.name: TYPES[factor.kind] for factor in factors}


@dataclass(frozen=True)
class Shown:
    """The factors that have columns in the results, and what each scenario has where a set leaves
    one alone."""

    design: Design
    scenarios: tuple[Scenario, ...]
    own: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, design: Design, scenarios: tuple[Scenario, ...]) -> Shown:
        own = {s.name: tuple(_own(s, factor) for factor in design.factors) for s in scenarios}
        return cls(design, scenarios, {} if design.wide else own)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """None where there are too many."""
        return () if self.design.wide else self.design.factors

    def values(self, number: int, scenario: str) -> Iterator[Any]:
        """What the factors are in a set of a scenario, as their columns have it."""
        if self.factors:
            for factor, value, own in zip(
                self.factors, self.design.sets[number], self.own[scenario], strict=True
            ):
                yield factor.cell(own if value is LEFT else value)


def _own(scenario: Scenario, factor: Factor) -> Any:
    return base_in(field_of(scenario, factor.path), factor.unit if factor.as_text else None)


def add_results(table: Table, number: int, cells: Cells, shown: Shown) -> None:
    """The rows of one set, in order of scenario, structure and outcome."""
    for (scenario, structure), cell in cells.items():
        factors = tuple(shown.values(number, scenario))
        for each in cell.values():
            found = each.interval
            table.add(number, scenario, structure, *factors, *_told(each, found), each.patients,
                      each.noise)  # fmt: skip


def add_differences(table: Table, number: int, cells: Cells, shown: Shown) -> None:
    """What the other scenarios of one set differ by from the first, in the same structure."""
    first, *others = shown.scenarios
    structures = dict.fromkeys(structure for _, structure in cells)
    for scenario in others:
        factors = tuple(shown.values(number, scenario.name))
        for structure in structures:
            base = cells[first.name, structure]
            for name, each in cells[scenario.name, structure].items():
                if name in base:
                    by = each.minus(base[name])
                    table.add(number, scenario.name, first.name, structure, *factors,
                              *_told(by, by.difference), by.noise)  # fmt: skip


def _told(each: Values, found: Interval) -> tuple[Any, ...]:
    return each.group, each.outcome, each.unit, found.mean, found.low, found.high, found.n


def add_design(table: Table, design: Design) -> None:
    """A row a set; what a set leaves as each scenario has it is missing."""
    for number in range(len(design)):
        row = zip(design.factors, design.sets[number], strict=True)
        table.add(number, *(factor.cell(value) for factor, value in row))
