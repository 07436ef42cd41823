"""Sets of values, told: each set with its outcomes where they are few, else what lies where.

Called by `study_answers` for grids and samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from pathsim.outcomes.intervals import Interval
from pathsim.report.shapes import Row, Table, heading, row
from pathsim.report.study_read import Changed, Swept, said
from pathsim.study.first_outcomes import interval, number

FEW, COLUMNS = 30, 4
"""So many sets are told line by line, with so many fields."""


def set_words(swept: Swept, factors: Sequence[Changed]) -> Iterator[str]:
    """Between what each outcome lies, and where; and what scenarios differ by over all sets."""
    results = swept.study.table("results")
    for (scenario, structure), cell in results.groupby(["scenario", "structure"], sort=False):
        for outcome in swept.first(results):
            mine = cell[(cell["outcome"] == outcome) & cell["mean"].notna()]
            if len(mine):
                yield f"{_named(scenario, structure)}: {_between(outcome, mine, factors)}."
    if swept.study.has("differences"):
        yield from _differences(swept)


def _between(outcome: str, mine: pd.DataFrame, factors: Sequence[Changed]) -> str:
    """From the least to the most of an outcome, with the sets in which it is so."""
    least, most = (mine.iloc[int(at)] for at in (mine["mean"].argmin(), mine["mean"].argmax()))
    if number(least["mean"]) == number(most["mean"]):
        return f"{outcome} is {number(most['mean'])} {most['unit']} in every set"
    ends = [f"{number(e['mean'])} {e['unit']} ({_where(e, factors)})" for e in (least, most)]
    return f"{outcome} is between {ends[0]} and {ends[1]}"


def _where(each: Any, factors: Sequence[Changed]) -> str:
    shown = [f"{factor.name} {factor.value(each[factor.name])}" for factor in factors]
    return ", ".join(shown[:COLUMNS]) if shown else f"set {each['set']}"


def _differences(swept: Swept) -> Iterator[str]:
    """In how many sets a scenario differs from the first beyond chance, and which way."""
    table = swept.study.table("differences")
    for (scenario, minus, structure), cell in table.groupby(
        ["scenario", "minus", "structure"], sort=False
    ):
        told = []
        for outcome in swept.first(table):
            mine = cell[(cell["outcome"] == outcome) & cell["mean"].notna()]
            if len(mine):
                above, below = int((mine["low"] > 0).sum()), int((mine["high"] < 0).sum())
                told.append(f"{outcome} higher in {above} and lower in {below} of {len(mine)}")
        if told:
            yield (f"{_named(scenario, structure)} against {minus}, in sets beyond chance: "
                   f"{'; '.join(told)}.")  # fmt: skip


def over_sets(swept: Swept, factors: Sequence[Changed]) -> Table:
    """A line a set where they are few, else a line an outcome: its mean, least and most."""
    results = swept.study.table("results")
    each = results["set"].nunique() <= FEW and 0 < len(factors) <= COLUMNS
    return _each(swept, results, factors) if each else _ranges(swept, results)


def _each(swept: Swept, results: pd.DataFrame, factors: Sequence[Changed]) -> Table:
    outcomes = swept.first(results)
    units = results.drop_duplicates("outcome").set_index("outcome")["unit"]
    rows: list[Row] = []
    for (scenario, structure), cell in results.groupby(["scenario", "structure"], sort=False):
        rows.append(heading(_named(scenario, structure)))
        for _, mine in cell.groupby("set", sort=True):
            found = {r["outcome"]: r for r in mine.to_dict("records")}
            values = [said(mine[factor.name].iloc[0]) for factor in factors]
            rows.append(row(*values, *(_mean(found.get(outcome)) for outcome in outcomes)))
    heads = [f"{f.name}, {f.unit}" if f.unit else f.name for f in factors]
    return Table("Every set", (*heads, *(f"{o}, {units[o]}" for o in outcomes)), tuple(rows),
                 "results.csv has all outcomes.", row_heads=len(factors))  # fmt: skip


def _ranges(swept: Swept, results: pd.DataFrame) -> Table:
    rows: list[Row] = []
    for (scenario, structure), cell in results.groupby(["scenario", "structure"], sort=False):
        rows.append(heading(_named(scenario, structure)))
        for outcome in swept.first(results):
            mine = cell[(cell["outcome"] == outcome) & cell["mean"].notna()]
            if len(mine):
                means = mine["mean"]
                rows.append(row(f"{outcome}, {mine['unit'].iloc[0]}", number(means.mean()),
                                number(means.min()), number(means.max()),
                                len(means)))  # fmt: skip
    return Table("Over all sets", ("", "Mean of sets", "Least", "Most", "Sets"), tuple(rows),
                 "results.csv has every set and outcome.")  # fmt: skip


def _mean(found: Any) -> str:
    if found is None:
        return "-"
    return interval(Interval(found["mean"], found["low"], found["high"], 0))


def _named(scenario: Any, structure: Any) -> str:
    return str(scenario) if structure == "as_written" else f"{scenario}, {structure}"
