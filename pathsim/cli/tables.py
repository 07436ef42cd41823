"""Outcomes as they are printed: one column a strategy, decimals under decimals.

Called by `run` and `compare`; the whole table is in the folder of results.
"""

from __future__ import annotations

import math

import pandas as pd


def printed(table: pd.DataFrame) -> str:
    """A summary as text: a row an outcome, a column a strategy: the mean and its interval."""
    strategies = list(dict.fromkeys(table["strategy"]))
    rows = [("", "", strategies)]
    for group, part in table.groupby("group", sort=False):
        rows.append((str(group).upper(), "", [""] * len(strategies)))
        for (outcome, unit), mine in part.groupby(["outcome", "unit"], sort=False):
            rows.append((f"  {outcome}", str(unit), _cells(mine, strategies)))
    left = max(len(f"{name} [{unit}]") if unit else len(name) for name, unit, _ in rows)
    widths = [max(len(cells[k]) for _, _, cells in rows) for k in range(len(strategies))]
    return "\n".join(_line(name, unit, cells, left, widths) for name, unit, cells in rows)


def _line(name: str, unit: str, cells: list[str], left: int, widths: list[int]) -> str:
    label = f"{name} [{unit}]" if unit else name
    parts = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return "   ".join([label.ljust(left), *parts]).rstrip()


def _cells(mine: pd.DataFrame, strategies: list[str]) -> list[str]:
    """The means of one outcome, decimals below each other, each with its interval."""
    rows = zip(mine["strategy"], mine["mean"], mine["low"], mine["high"], strict=True)
    found = {name: (mean, low, high) for name, mean, low, high in rows}
    decimals = _decimals(mine["mean"].abs().max())
    return [_cell(*found[name], decimals) if name in found else "" for name in strategies]


def _cell(mean: float, low: float, high: float, decimals: int) -> str:
    if math.isnan(mean):
        return "     -"
    shown = _number(mean, decimals).rjust(6 + (decimals + 1 if decimals else 0)).ljust(9)
    if math.isnan(low):
        return shown
    return f"{shown} ({_number(low, decimals)} to {_number(high, decimals)})"


def _number(x: float, decimals: int) -> str:
    text = f"{x:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def _decimals(largest: float) -> int:
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2
