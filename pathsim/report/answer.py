"""The question, and the answer in three sentences with how sure it is.

What is said, and by which rules, `sentences` and `best` say; here is what stands beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from pathsim.outcomes.first_look import HOSPITAL, LANDMARK, LOST, OFF, life, survival_at
from pathsim.outcomes.intervals import t_interval
from pathsim.outcomes.labels import bracket, decimals_of, listed, written
from pathsim.outcomes.needs import OVER
from pathsim.report.best import ERROR, best
from pathsim.report.sentences import costed, first_of, patients, service, sure
from pathsim.report.shapes import Row, Table
from pathsim.report.sharing import same_patients
from pathsim.study.kept import Result
from pathsim.study.rule_words import resource_told

TITLE, TEMPLATE = "The question and the answer", "answer.html"
BUSIEST = ", occupancy in the busiest year"
INFUSED = "given CAR T cells"
OFF_TOLD = (
    "In brackets: 95 % intervals. Time off treatment: days neither treated nor waiting for a "
    "therapy: in remission, between lines or in supportive care. "
    f"{OVER}."
)


def content(result: Result) -> Mapping[str, Any] | None:
    """The question, the sentences, a note on how they were come to, and a first table."""
    if not result.strategies:
        return None
    same = _of(result, same_patients(result.strategies))
    return {
        "questions": _questions(result),
        "base": next(iter(result.strategies)) if len(result.strategies) > 1 else "",
        "others": _others(result, same),
        "sentences": [
            ("What patients get", patients(same)),
            ("What it costs the service", service(same)),
            ("How sure this is", sure(result)),
        ],
        "notes": [OFF_TOLD, *_multiplicity(same)],
        "glance": _glance(result),
    }


def _of(result: Result, names: Collection[str]) -> Result:
    """The result of some strategies alone."""
    if len(names) == len(result.strategies):
        return result
    some = {name: each for name, each in result.strategies.items() if name in names}
    return replace(result, strategies=some,
                   outcomes=result.outcomes[result.outcomes["strategy"].isin(names)])  # fmt: skip


def _others(result: Result, same: Result) -> str:
    """Which strategies are not ranked, since their patients or their time are others."""
    others = [name for name in result.strategies if name not in same.strategies]
    if not others:
        return ""
    base, one = next(iter(result.strategies)), len(others) == 1
    return (f"{listed(others)} {'is' if one else 'are'} for other patients than {base}, or for "
            "another time: what differs there is not the strategy's doing alone, so "
            f"{'it is' if one else 'they are'} shown in the tables but not ranked.")  # fmt: skip


def _questions(result: Result) -> dict[str, str]:
    """What each strategy asks, by its name."""
    return {name: each.built.scenario.title for name, each in result.strategies.items()}


def _multiplicity(same: Result) -> list[str]:
    """What is done about picking the best of several after looking, and where that decides."""
    strategies = len(same.strategies)
    if strategies < 3 or (same.replications or 0) < 2:
        return []
    level = 100 * (1 - ERROR / (strategies - 1))
    alone = [f"{what} ({listed(names)})" for what, names in _starred_alone(same).items()]
    said = [
        f"The best of {strategies} is picked after looking, and chance may pick the wrong one. So "
        f"the intervals of differences in these sentences are wider ({level:.3g} %) than those of "
        "the tables (95 %): a strategy that is not the best is then called the best in 2.5 % of "
        "cases at most. The mean of whatever is picked still tends to be a little too good."
    ]
    if alone:
        said.append(
            f"Hence what cannot be told apart here may have a star in the tables: {listed(alone)}. "
            "A star looks at one difference alone."
        )
    return said


def _starred_alone(result: Result) -> dict[str, list[str]]:
    """Outcome -> whom the one named is not told apart from, though 95 % of one alone would do."""
    alive = life(result.outcomes["outcome"].unique())
    kinds = {"time off treatment": (OFF, None), "time alive": (alive, None),
             "days in hospital": (HOSPITAL, costed(result))}  # fmt: skip
    found = {
        said: best(result.measured, result.outcomes, outcome, name=name, first=first_of(result))
        for said, (outcome, name) in kinds.items()
        if outcome
    }
    alone = {said: [rival.name for rival in each.others if rival.alone]
             for said, each in found.items() if each}  # fmt: skip
    return {said: rivals for said, rivals in alone.items() if rivals}


# --- at a glance ---------------------------------------------------------------------------------


def _glance(result: Result) -> Table:
    """A row a strategy: time off treatment, survival, days in hospital, losses, busiest place."""
    table = result.outcomes[result.outcomes["mean"].notna()]
    at = survival_at(table["outcome"])
    columns = {OFF: "Time off treatment, days"}
    if at:
        columns[at] = f"Alive at {LANDMARK.findall(at)[0]} months, %"
    columns |= {HOSPITAL: "Days in hospital", LOST: "Lost before infusion, % of the referred"}
    cells = {name: _column(table, outcome) for name, outcome in zip(columns, columns, strict=True)}
    busiest = {name: _busiest(table, name) for name in result.strategies}
    columns[INFUSED], cells[INFUSED] = "Given CAR T cells, % of all who come", _infused(result)
    rows = [
        Row((name, *(cells[outcome].get(name, "-") for outcome in columns), busiest[name]))
        for name in result.strategies
    ]
    head = ("Strategy", *columns.values(),
            "Fullest resource, % of its places in each replication's own fullest year")  # fmt: skip
    return Table("At a glance: means a patient", head, tuple(rows), note=_note(result))


def _infused(result: Result) -> dict[str, str]:
    """Strategy -> how many of all its patients are infused, with its interval, where any are."""
    found = {}
    for name, measured in result.measured.items():
        given = 100.0 * measured.patients["infused"].notna()
        shares = given.groupby(measured.patients["replication"]).mean().to_numpy()
        mean, low, high, _ = t_interval(shares).within(0.0, 100.0)
        if mean > 0:
            found[name] = written(mean, decimals_of(mean)) + bracket(low, high, decimals_of(mean))
    return found


def _column(table: pd.DataFrame, outcome: str) -> dict[str, str]:
    """Strategy -> mean and interval of an outcome, with the decimals of the largest."""
    mine = table[table["outcome"] == outcome]
    decimals = decimals_of(mine["mean"].abs().max())
    rows = zip(mine["strategy"], mine["mean"], mine["low"], mine["high"], strict=True)
    return {
        str(name): written(mean, decimals) + bracket(low, high, decimals)
        for name, mean, low, high in rows
    }


def _busiest(table: pd.DataFrame, strategy: str) -> str:
    """The resource with the highest share of its places held in its fullest year."""
    mine = table[(table["strategy"] == strategy) & table["outcome"].str.endswith(BUSIEST)]
    mine = mine.sort_values("mean", ascending=False, kind="stable")
    for name, mean, low, high in mine[["outcome", "mean", "low", "high"]].itertuples(index=False):
        decimals = decimals_of(mean)
        said = written(mean, decimals) + bracket(low, high, decimals)
        return f"{resource_told(name.removesuffix(BUSIEST))}: {said}"
    return "-"


def _note(result: Result) -> str:
    """What stands behind the means."""
    measured = next(iter(result.measured.values()))
    n, each = measured.replications, len(measured.patients) / measured.replications
    if n == 1:
        return (f"n = 1 replication of {each:,.0f} patients. In brackets: 95 % intervals over its "
                "patients, where there are any; (-): none.")  # fmt: skip
    of = " of each strategy" if len(result.strategies) > 1 else ""
    return (f"n = {n} replications of {each:,.0f} patients{of}. In brackets: 95 % intervals over "
            "replications; (-): none.")  # fmt: skip
