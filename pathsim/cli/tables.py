"""Outcomes as they are printed: one column a strategy, decimals under decimals.

Called by `run` and `compare`; the whole table is in the folder of results. Where the columns do not
fit the width, decimals stand under each other by group only, then by row; where they still do not,
the rest come in a further table below.
"""

from __future__ import annotations

import math
import textwrap

import pandas as pd

from pathsim.outcomes.labels import (
    bracket,
    decimals_of,
    excludes_0,
    group_of,
    in_order,
    label_of,
    written,
)

LEAST_WIDTH, USUAL_WIDTH = 80, 120
"""No table is made narrower; and what it is made for where no terminal says its width."""
GAP = 2
ALIGNED: tuple[tuple[str, ...], ...] = ((), ("group",), ("group", "outcome"))
"""Which rows have their decimals under each other: all, those of a group, each for itself."""


def printed(table: pd.DataFrame, *, width: int = USUAL_WIDTH, starred: bool = False) -> str:
    """A summary as text: a row an outcome, a column a strategy: the mean and its interval.

    No line is longer than `width` unless a single column is. `starred` marks with * the means whose
    interval does not include 0: for differences.
    """
    if not len(table):
        return "Nothing was measured: nobody came before the run ended."
    strategies = list(dict.fromkeys(table["strategy"]))
    width = max(width, LEAST_WIDTH)
    for together in ALIGNED:
        rows = _rows(_with_digits(table, list(together)), strategies, starred)
        left = max(len(label) for label, _ in rows)
        widths = [max(14, *(len(cells[k]) for _, cells in rows)) for k in range(len(strategies))]
        if left + sum(widths) + GAP * len(widths) <= width:
            break
    parts = []
    for chosen in _fitting(widths, width - left):
        own = [widths[k] for k in chosen]
        lines = _head([_folded(strategies[k], widths[k]) for k in chosen], own, left)
        lines += [_line(label, [cells[k] for k in chosen], own, left) for label, cells in rows]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _with_digits(table: pd.DataFrame, together: list[str]) -> pd.DataFrame:
    """With `digits`: how many characters rows together keep before the decimal point."""
    own = table["mean"].map(lambda mean: 0 if math.isnan(mean) else len(written(mean, 0)))
    shared = own.groupby([table[name] for name in together]).transform("max") if together else None
    return table.assign(digits=own.max() if shared is None else shared)


def _rows(table: pd.DataFrame, strategies: list[str], starred: bool) -> list[tuple[str, list[str]]]:
    rows: list[tuple[str, list[str]]] = []
    dash = " to " if (table["low"] < 0).any() else "–"
    for group, part in table.groupby("group", sort=False):
        rows.append((group_of(str(group)), [""] * len(strategies)))
        for outcome in in_order(part):
            mine = part[part["outcome"] == outcome]
            cells = _cells(mine, strategies, dash, starred)
            rows.append((f"  {label_of(outcome, str(mine['unit'].iloc[0]))}", cells))
    return rows


def _fitting(widths: list[int], room: int) -> list[list[int]]:
    """The columns in tables that fit the room; each table has at least one."""
    tables: list[list[int]] = [[]]
    for number, width in enumerate(widths):
        used = sum(widths[k] + GAP for k in tables[-1])
        if tables[-1] and used + width + GAP > room:
            tables.append([])
        tables[-1].append(number)
    return tables


def _folded(name: str, width: int) -> list[str]:
    """A name in lines of this width, broken after an underscore or hyphen where it has one."""
    return [line.replace("_ ", "_") for line in textwrap.wrap(name.replace("_", "_ "), width)]


def _head(heads: list[list[str]], widths: list[int], left: int) -> list[str]:
    deepest = max(len(head) for head in heads)
    padded = [[""] * (deepest - len(head)) + head for head in heads]
    return [_line("", list(cells), widths, left) for cells in zip(*padded, strict=True)]


def _line(label: str, cells: list[str], widths: list[int], left: int) -> str:
    parts = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return (" " * GAP).join([label.ljust(left), *parts]).rstrip()


def _cells(mine: pd.DataFrame, strategies: list[str], dash: str, starred: bool) -> list[str]:
    """The means of one outcome, decimals below each other, each with its interval."""
    rows = zip(mine["strategy"], mine["mean"], mine["low"], mine["high"], strict=True)
    found = {name: (mean, low, high) for name, mean, low, high in rows}
    decimals = decimals_of(mine["mean"].abs().max())
    known = {name: values for name, values in found.items() if not math.isnan(values[0])}
    means = {name: written(mean, decimals) for name, (mean, _, _) in known.items()}
    widest = int(mine["digits"].max()) + (decimals + 1 if decimals else 0)
    cells = dict.fromkeys(strategies, "-")
    for name, (_, low, high) in known.items():
        star = "*" if starred and excludes_0(low, high) else ""
        cells[name] = means[name].rjust(widest) + star + bracket(low, high, decimals, dash=dash)
    return list(cells.values())
