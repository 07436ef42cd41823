"""What followed from a study, in words and short tables, by its kind.

Called by the section `studies`. Every figure comes from the tables of the folder; an interval says
what it is of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pathsim.report.shapes import Row, Table, heading, row
from pathsim.report.study_read import (
    Swept,
    by_cell,
    cell_of,
    interval_of,
    records,
    said,
    unit_of,
)
from pathsim.report.study_sets import over_sets, set_words
from pathsim.study.first_outcomes import interval, number
from pathsim.study.kept import Study

TOP = 8
"""So many fields or factors are told of an outcome."""
CHANCE = ("In brackets: 95 % intervals over replications, which are of chance in the simulation "
          "alone.")  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What followed: in words, as tables, and what the figures in brackets are of."""

    words: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    note: str = ""


def sampled(study: Study) -> Answer:
    """Of sets of values: between what each outcome lies, where, and what strategies differ by."""
    swept = Swept(study)
    factors = swept.factors(study.record)
    words, table = set_words(swept, factors), over_sets(swept, factors)
    return Answer(tuple(words), (table,), CHANCE if study.record.get("replications", 1) > 1 else "")


# --- one field at a time -------------------------------------------------------------------------


def one_way(study: Study) -> Answer:
    """Which field moves an outcome most, and by how much; which do not."""
    swept = Swept(study)
    table = swept.study.table("tornado")
    table = table.assign(size=_widths(table))
    first = swept.first(table)
    groups = [(cell, outcome, mine) for cell, outcome, mine in by_cell(table, first)]
    words = [_widest(_of(cell, groups), outcome, mine) for cell, outcome, mine in groups]
    rows: list[Row] = []
    for cell, outcome, mine in groups:
        base = number(mine["base"].iloc[0])
        rows.append(heading(f"{cell}: {outcome}, {unit_of(mine)}; {base} with nothing changed"))
        rows += [_moved(each) for each in records(_top(mine))]
    head = ("Field", "From and to", "At the low end", "At the high end", "From low to high")
    note = f"The {TOP} widest of each outcome; tornado.csv has all."
    return Answer(
        tuple(words), (Table("What moves each outcome", head, tuple(rows), note),), CHANCE
    )


def _widths(table: pd.DataFrame) -> pd.Series[Any]:
    """How far an outcome moves either way, for the order; nothing where it is not known."""
    moves = [table["swing"], table["at_low"] - table["base"], table["at_high"] - table["base"]]
    return pd.concat([move.abs() for move in moves], axis=1).max(axis=1)


def _of(cell: str, groups: list[tuple[str, str, pd.DataFrame]]) -> str:
    """The scenario of an answer, where there are several."""
    return f", {cell}," if len({each for each, _, _ in groups}) > 1 else ""


def _begun(words: str) -> str:
    """Words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def _top(mine: pd.DataFrame) -> pd.DataFrame:
    return mine.sort_values("size", ascending=False, kind="stable").head(TOP)


def _widest(cell: str, outcome: str, mine: pd.DataFrame) -> str:
    """The field that moves an outcome most, and how many move it beyond chance."""
    surely = int(((mine["low"] > 0) | (mine["high"] < 0)).sum())
    many = f"of {len(mine)} fields {surely} move{'s' if surely == 1 else ''} it beyond chance"
    if not mine["size"].max() > 0:
        return f"No field moves {outcome}{cell}."
    each = next(records(_top(mine)))
    return (f"{_begun(outcome)}{cell} hangs most on {each['factor']}. From {each['low_value']} to "
            f"{_high(each)} it goes from {number(each['at_low'])} to {number(each['at_high'])} "
            f"{each['unit']}, by {interval(interval_of(each, 'swing'))}; {many}.")  # fmt: skip


def _moved(each: Mapping[str, Any]) -> Row:
    ends = f"{each['low_value']} to {_high(each)}"
    swing = interval(interval_of(each, "swing"))
    return row(each["factor"], ends, number(each["at_low"]), number(each["at_high"]), swing)


def _high(each: Mapping[str, Any]) -> str:
    return f"{each['high_value']} {each['factor_unit'] or ''}".rstrip()


# --- what is not known ---------------------------------------------------------------------------


def uncertain(study: Study) -> Answer:
    """What the uncertain numbers do to each outcome, apart from chance; who is best how often."""
    swept = Swept(study)
    table = swept.study.table("uncertainty")
    first, rows, words = swept.first(table), list[Row](), list[str]()
    for outcome in first:
        mine = table[table["outcome"] == outcome]
        rows.append(heading(f"{outcome}, {unit_of(mine)}"))
        rows += [_known(each) for each in records(mine)]
        words += [_which(each) for each in records(mine) if each["minus"]]
    if not words:
        words = [_alone(each) for each in records(table[table["outcome"].isin(first)])]
    head = ("", "Mean", "95 % uncertainty interval", "Spread by the numbers (SD)",
            "Error by chance (SE)", "Best, or above 0, in")  # fmt: skip
    note = ("The uncertainty interval is of what is not known of the numbers, chance taken away; "
            "the error by chance is that of one set's mean. The intervals of a single run are of "
            "chance alone.")  # fmt: skip
    return Answer(tuple(words), (Table("What is not known, apart from chance", head, tuple(rows)),),
                  note)  # fmt: skip


def _known(each: Mapping[str, Any]) -> Row:
    mean = each["mean"]
    share = each["p_above"] if each["minus"] else each["p_best"]
    told = "-" if pd.isna(share) else f"{100 * share:.0f} % of sets"
    return row(cell_of(each), number(mean), _range(each), number(each["sd_outer"], mean),
               number(each["se_inner"], mean), told)  # fmt: skip


def _range(each: Mapping[str, Any]) -> str:
    """The uncertainty interval; what hides it where it would be a point."""
    if "hidden" in str(each["note"]):
        return "hidden by chance"
    return f"{number(each['low'], each['mean'])} to {number(each['high'], each['mean'])}"


def _which(each: Mapping[str, Any]) -> str:
    """Whether the evidence tells which of two is higher in an outcome."""
    outcome, unit, two = each["outcome"], each["unit"], f"{each['scenario']} and {each['minus']}"
    if "hidden" in str(each["note"]):
        return (f"{_begun(outcome)}: chance in the simulation hides what is not known of the "
                f"difference between {two}.")  # fmt: skip
    sure = each["low"] > 0 or each["high"] < 0
    verdict = (
        "the evidence tells them apart" if sure else "the evidence does not tell which is higher"
    )
    above = (
        "" if pd.isna(each["p_above"]) else f", above 0 in {100 * each['p_above']:.0f} % of sets"
    )
    return (f"{_begun(outcome)}: {cell_of(each)} is {number(each['mean'])} {unit} "
            f"({_range(each)}{above}): {verdict}.")  # fmt: skip


def _alone(each: Mapping[str, Any]) -> str:
    return (f"{cell_of(each)}: {each['outcome']} is {number(each['mean'])} {each['unit']}; what is "
            f"not known of the numbers: {_range(each)}.")  # fmt: skip


# --- which number matters ------------------------------------------------------------------------


def indices(study: Study) -> Answer:
    """What each outcome hangs on most."""
    swept = Swept(study)
    table = swept.study.table("indices")
    table = table[table["minus"].fillna("") == ""]
    leading = "mu_star" if "mu_star" in table else "ST"
    what = ("Mean change over the whole range" if leading == "mu_star"
            else "Share of the variance, with others")  # fmt: skip
    words, rows = list[str](), list[Row]()
    groups = [*by_cell(table, swept.first(table))]
    for cell, outcome, mine in groups:
        top = mine.sort_values(leading, ascending=False, kind="stable").head(TOP)
        unit = f", {unit_of(mine)}" if leading == "mu_star" else ""
        rows.append(heading(f"{cell}: {outcome}{unit}"))
        rows += [row(e["factor"], interval(interval_of(e, leading))) for e in records(top)]
        words.append(_hangs(_of(cell, groups), outcome, top, leading))
    note = (f"The {TOP} that matter most of each outcome; indices.csv has all. In brackets: 95 % "
            "intervals by bootstrap.")  # fmt: skip
    shown = Table("What each outcome hangs on", ("", what), tuple(rows), note)
    return Answer(tuple(words), (shown,), _noise(table))


def _hangs(cell: str, outcome: str, top: pd.DataFrame, leading: str) -> str:
    each, *others = records(top)
    unit = f" {each['unit']}" if leading == "mu_star" else " of the variance"
    told = f"{each['factor']} ({interval(interval_of(each, leading))}{unit})"
    after = [f"{e['factor']} ({number(e[leading])})" for e in others[:2] if e[leading] > 0]
    rest = f", then on {' and '.join(after)}" if after else ""
    return f"{_begun(outcome)}{cell} hangs most on {told}{rest}."


def _noise(table: pd.DataFrame) -> str:
    most = table["noise_share"].max()
    if pd.isna(most):
        return "How much of this is chance is not known."
    return f"Chance makes up to {100 * most:.0f} % of an outcome's variance over sets."


# --- the other kinds -----------------------------------------------------------------------------


def sized(study: Study) -> Answer:
    """The smallest capacities, as they were told, and the frontier as a table."""
    words = study.words("answer")
    found = study.table("frontier")
    if not len(found):
        return Answer(words)
    names = [*found.columns[: found.columns.get_loc("cost")], "cost"]
    promises = [f"{o}, {str(side).replace('_', ' ')} {limit:.5g} {unit}" for o, side, limit, unit in
                dict.fromkeys(zip(*(found[c] for c in ("outcome", "side", "limit", "unit")),
                                  strict=True))]  # fmt: skip
    rows = [
        row(*map(said, key), *(interval(interval_of(e, "mean")) for e in records(mine)))
        for key, mine in found.groupby(names, sort=False)
    ]
    head = (*(name.replace("_", " ").capitalize() for name in names), *promises)
    note = "In brackets: bounds that hold together with the confidence said above."
    table = Table("The smallest capacities that keep every promise", head, tuple(rows), note,
                  row_heads=len(names) - 1)  # fmt: skip
    return Answer(words, (table,))


def validated(study: Study) -> Answer:
    """How many published figures are met, by what they rest on, and trial by trial."""
    table = study.table("targets")
    judged = table[table["role"] != "reported"]
    met = "is met" if study.record.get("met") else "is missed"
    by = [f"{name} {_inside(mine)}" for name, mine in judged.groupby("dependence", sort=True)]
    words = (
        f"{_inside(judged)} published figures that are judged lie inside their published interval "
        f"({', '.join(by)}). The tolerance set beforehand {met}.",
        "Fitted: a fit used the figure; direct: a number of the simulated arms cites it; "
        "independent: neither. The independent ones are the test of the model.",
    )
    rows = [row(trial, f"{_inside(mine)}", _worst(mine)) for trial, mine in
            judged.groupby("trial", sort=False)]  # fmt: skip
    head = ("Trial or cohort", "Inside", "The furthest off")
    note = ("Off: simulated less published, in half-widths of the published interval; beyond 1 is "
            "outside.")  # fmt: skip
    return Answer(words, (Table("Targets by trial", head, tuple(rows), note, 1),))


def _inside(rows: pd.DataFrame) -> str:
    return f"{int(rows['inside'].sum())} of {len(rows)}"


def _worst(rows: pd.DataFrame) -> str:
    known = rows[rows["distance"].notna()]
    if not len(known):
        return "-"
    worst = known.iloc[int(known["distance"].abs().argmax())]
    return f"{worst['target']}: {worst['distance']:+.1f}"


def filling(study: Study) -> Answer:
    """When each part of the service settles, as it was told."""
    return Answer(study.words("warm_up"))


ANSWERS: dict[str, Callable[[Study], Answer]] = {
    **dict.fromkeys(("grid", "latin_hypercube", "sobol_sequence"), sampled),
    "one_way": one_way,
    "uncertainty": uncertain,
    **dict.fromkeys(("sobol_indices", "morris"), indices),
    "size": sized,
    "validate": validated,
    "warm-up": filling,
}
"""Kind of study -> what is told of it; who adds a kind adds it here."""
