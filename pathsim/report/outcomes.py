"""What each strategy gives: the outcomes to look at first, paired differences, then all of them.

Tables have a row an outcome; of more strategies than fit beside each other the next stand below.
How a number is written, `outcomes.labels` says, as for the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pathsim.outcomes.dictionary import OUTCOMES
from pathsim.outcomes.labels import (
    bracket,
    decimals_apart,
    decimals_of,
    excludes_0,
    group_of,
    in_fewer_words,
    in_order,
    listed,
    written,
)
from pathsim.outcomes.summary import NONE, OVER_PATIENTS, headlines
from pathsim.report.pictured import pictured
from pathsim.report.shapes import Row, Table, heading
from pathsim.report.sharing import same_patients
from pathsim.study.kept import Result

TITLE, TEMPLATE = "What each strategy gives", "outcomes.html"
BESIDE = 4
"""So many strategies stand beside each other on a page of paper."""
STAR = "*"
STAR_TOLD = f"{STAR}: the interval does not include 0."
PLACE = re.compile("THERAPY|TOXICITY|BED|RESOURCE|ALLOTMENT|THING|N")
"""What stands in the dictionary for a name or a number of months."""


def content(result: Result) -> Mapping[str, Any] | None:
    """Tables of means and of differences, the figure of these, and what each outcome is."""
    if not result.strategies or not len(result.outcomes):
        return None
    first = headlines(result.outcomes)
    means = result.outcomes[result.outcomes["outcome"].isin(first)]
    by = result.differences[result.differences["outcome"].isin(first)]
    return {
        "means": _tables("Outcomes to look at first", means, _n(result)),
        "differences": _tables(_paired(result), _without_base(by), _note(result, by), starred=True),
        "figures": pictured(result, "differences"),
        "meanings": _meanings(map(str, means["outcome"].unique())),
        "all_means": _tables("All outcomes", result.outcomes, _n(result)),
        "all_differences": _tables(
            _paired(result), _without_base(result.differences), STAR_TOLD, starred=True
        ),
    }


def _paired(result: Result) -> str:
    base = result.base
    return f"Paired differences to {base.name}" if base else ""


def _without_base(by: pd.DataFrame) -> pd.DataFrame:
    """Differences by the strategy alone; the caption names the base."""
    return by.assign(strategy=by["strategy"].str.replace(r" minus \S+$", "", regex=True))


# --- tables --------------------------------------------------------------------------------------


def _tables(caption: str, table: pd.DataFrame, note: str, *, starred: bool = False) -> list[Table]:
    """The table, or as many as are needed for all strategies to fit; the last has the note."""
    names = list(dict.fromkeys(map(str, table["strategy"])))
    some = [names[k : k + BESIDE] for k in range(0, len(names), BESIDE)]
    rows = list(_rows(table, starred=starred))
    return [
        Table(
            _caption(caption, len(some), number),
            ("Outcome", "Unit", *chosen),
            tuple(_filled([_row(each, chosen) for each in rows])),
            note=note if number == len(some) else "",
        )
        for number, chosen in enumerate(some, start=1)
    ]


def _filled(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows in which any of these strategies has a value, and the headings of such rows."""
    above: Row | None = None
    for each in rows:
        if each.group:
            above = each
        elif any(cell != "-" for cell in each.cells[2:]):
            if above:
                yield above
            above = None
            yield each


def _caption(caption: str, tables: int, number: int) -> str:
    return caption if tables == 1 else f"{caption}, {number} of {tables}"


Cells = tuple[str, str, Mapping[str, str]]
"""Outcome, unit, and what stands under each strategy; or a heading, which has no unit."""


def _rows(table: pd.DataFrame, *, starred: bool) -> Iterator[Cells]:
    """What each row says, whichever strategies are chosen; headings come first in their group."""
    for group, part in table.groupby("group", sort=False):
        yield group_of(str(group)).capitalize(), "", {}
        by = dict(iter(part.groupby("outcome", sort=False)))
        for outcome in in_order(part):
            unit = str(by[outcome]["unit"].iloc[0])
            yield _label(outcome), unit, _cells(by[outcome], starred=starred)


def _label(outcome: str) -> str:
    """The outcome in fewer words; what is indented elsewhere names what it is a part of."""
    label = in_fewer_words(outcome)
    return f"lost {label.strip()}" if label.startswith(" ") else label


def _row(each: Cells, chosen: Sequence[str]) -> Row:
    label, unit, cells = each
    return Row((label, unit, *(cells.get(name, "-") for name in chosen))) if cells else (
        heading(label))  # fmt: skip


def _cells(mine: pd.DataFrame, *, starred: bool) -> dict[str, str]:
    """Strategy -> mean and interval, with the decimals that the largest of the row needs.

    Where there is a star, as many more as show that the interval leaves out 0.
    """
    decimals = decimals_of(mine["mean"].abs().max())
    found = {}
    for name, mean, low, high in zip(
        mine["strategy"], mine["mean"], mine["low"], mine["high"], strict=True
    ):
        star = STAR if starred and excludes_0(low, high) else ""
        shown = decimals_apart(decimals, low, high) if star else decimals
        known = written(mean, shown) + star + bracket(low, high, shown)
        found[str(name)] = "-" if pd.isna(mean) else known
    return found


def _n(result: Result) -> str:
    """What stands behind the means, and what their intervals are over."""
    measured = next(iter(result.measured.values()))
    n, each = measured.replications, len(measured.patients) / measured.replications
    several = " of each strategy" if len(result.strategies) > 1 else ""
    if n > 1:
        return (f"n = {n} replications of {each:,.0f} patients{several}, seed {result.seed}. In "
                "brackets: 95 % intervals over replications, which hold chance in the simulation "
                "alone. A mean without one was the same in all; (-): known in one alone; -: does "
                "not occur, or is not known in every replication.")  # fmt: skip
    return (f"n = 1 replication of {each:,.0f} patients{several}, seed {result.seed}. In brackets: "
            "95 % intervals over its patients; (-): there is none.")  # fmt: skip


def _note(result: Result, by: pd.DataFrame) -> str:
    """How the differences are paired, and what their stars and intervals are."""
    if not len(by):
        return ""
    over = "its patients" if set(by["interval"]) <= {OVER_PATIENTS, NONE} else "replications"
    same = same_patients(result.strategies)
    others = [name for name in result.strategies if name not in same]
    with_same = " with the same patients" if len(same) > 1 else ""
    apart = (f" {listed(others)}: other patients, or another time, so that what differs is not the "
             "strategy's doing alone.") if others else ""  # fmt: skip
    best = (" The answer at the top picks the best of several after looking, and so asks more of a "
            "difference than a star does.") if len(same) > 2 else ""  # fmt: skip
    return (
        f"What each strategy gives more or less{with_same}; intervals are over {over}. "
        f"{STAR_TOLD} One in twenty such intervals misses the truth: among many outcomes some "
        f"stars are chance.{best} Outcomes of the referred or the infused are of other "
        f"patients under each strategy: means of replications are compared.{apart}"
    )


# --- what they are -------------------------------------------------------------------------------


def _meanings(names: Iterator[str]) -> dict[str, str]:
    """What each outcome shown is, as the dictionary of results has it, in its order."""
    shown = list(names)
    return {_told(key): words for key, words in OUTCOMES.items()
            if any(_matches(key, name) for name in shown)}  # fmt: skip


def _matches(key: str, name: str) -> bool:
    """Whether an entry of the dictionary is of this outcome: its name, or how it begins."""
    ways = key.split(" / ")
    first, *rest = (re.escape(way) for way in ways)
    if rest:
        stem = first.rpartition(r"\ ")[0]
        pattern = f"({'|'.join([first, *(stem + re.escape(' ') + r for r in rest)])})"
    else:
        pattern = first
    pattern = PLACE.sub(r"\\S+", pattern)
    return re.search(rf"(^|, ){pattern}($|[, ])", name) is not None


def _told(key: str) -> str:
    """An entry as people read it: `wait for a resource`."""
    kinds = {"THERAPY": "a therapy", "TOXICITY": "a toxicity", "BED": "bed", "RESOURCE": "resource",
             "ALLOTMENT": "slots", "THING": "a thing", "N": "so many"}  # fmt: skip
    return PLACE.sub(lambda found: kinds[found[0]], key)
