"""What one run cannot say: its few replications, its beginning and end, what it left unknown.

Called by the section `limits`, which adds what no run of pathsim can say. What is said is counted
from the result; what does not apply to it is not said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathsim.outcomes.summary import OTHERS
from pathsim.pathway.phrases import a_number_of
from pathsim.report.sharing import same_patients
from pathsim.study.kept import Result, Strategy
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

FEW = 20
"""Replications below which an interval over them is rough."""
COMING = 0.1
"""The share of a run, at its end, in which nobody new comes, that is told."""
NAMED = 6
"""How many things are named one by one before the rest are counted."""


@dataclass(frozen=True)
class Limit:
    """One limit: what is so, and what it could change."""

    what: str
    could: str


def of_run(result: Result) -> Iterator[Limit]:
    """Limits of this very run; none where no strategy was run."""
    strategies = list(result.strategies.values())
    if not strategies:
        return
    n = result.replications or 0
    if n < FEW:
        yield Limit(
            f"{a_number_of(n, 'replication')}: "
            + ("no interval over replications can be given." if n < 2 else "intervals are rough."),
            "Small differences; `--replications` or `--precision` makes more.",
        )
    yield from _beginning(strategies)
    yield from _end(strategies)
    yield from _off_label(strategies)
    yield from _missing(result)


def _beginning(strategies: list[Strategy]) -> Iterator[Limit]:
    if any(each.model.warm_up for each in strategies):
        years = max(each.model.warm_up for each in strategies) / DAYS_PER_YEAR
        yield Limit(
            f"The first {years:.1f} years are left out as a warm-up.",
            "If the service fills more slowly than that, queues and waits are still too short.",
        )
    empty = [each for each in strategies if each.built.scenario.centre.day_0.empty]
    if empty and not any(each.model.warm_up for each in empty):
        holds = "; ".join(dict.fromkeys(each.model.day_0 for each in empty))
        yield Limit(
            f"There is no warm-up, and no patient of ours is under care on day 0: {holds}.",
            "Occupancy, queues and waits of the first months are too low, and their means over "
            "the run with them.",
        )


def _end(strategies: list[Strategy]) -> Iterator[Limit]:
    each = strategies[0]
    patients = each.measured.patients
    if not len(patients):
        yield Limit("No patient of ours counts in this run.", "Everything said of patients.")
        return
    alive = 100 * (1 - patients["dead"].mean())
    last = patients["arrival"].max()
    months = (each.model.horizon - last) / DAYS_PER_MONTH
    yield Limit(
        f"The run ends after {each.model.horizon / DAYS_PER_YEAR:.1f} years. Under {each.name} "
        f"{alive:.0f} % of patients are alive then, and the last to come are followed for "
        f"{months:.0f} months.",
        "Months and days summed over a patient's course are of the time followed, not of a whole "
        "life; survival curves take it into account, sums do not.",
    )
    counted = each.model.horizon - each.model.warm_up
    if each.model.horizon - last > COMING * counted:
        yield Limit(
            f"Nobody new comes in the last {months:.0f} of {counted / DAYS_PER_MONTH:.0f} months.",
            "Months over capacity, losses and slots a year, and means over the run are lower than "
            "where patients keep coming; the fullest year is nearer to that.",
        )
    same = same_patients(dict(zip((s.name for s in strategies), strategies, strict=True)))
    if others := [s.name for s in strategies if s.name not in same]:
        yield Limit(
            f"Other patients than under {each.name}, or another time: {_listed(others)}.",
            "What differs there may come from who is treated, and from how long they are followed.",
        )


def _off_label(strategies: list[Strategy]) -> Iterator[Limit]:
    for each in strategies:
        rules = ", ".join(each.record["off_label_rules"])
        if n := int(each.record["off_label_entries"]):
            yield Limit(
                f"OFF LABEL: under {each.name} {n:,} therapies are begun beyond their label, by "
                f"the rules {rules}.",
                "Whether they may be given and are paid for; their numbers come from patients "
                "within the label or from small series.",
            )
        elif rules:
            yield Limit(
                f"Under {each.name} rules may go beyond a label ({rules}); in this run none did.",
                "Nothing here; with other patients it may.",
            )


def _missing(result: Result) -> Iterator[Limit]:
    """Outcomes that have no value, and those whose patients differ between strategies."""
    table = result.outcomes
    if len(table):
        gone = table[table["mean"].isna()]
        names = list(dict.fromkeys(gone["outcome"]))
        if names:
            yield Limit(
                f"{a_number_of(len(names), 'outcome')} "
                f"{'has' if len(names) == 1 else 'have'} no value under some strategy: "
                f"{_listed(names)}.",
                "Medians that are not reached within the run, or things nobody met with, cannot "
                "be compared.",
            )
    if len(result.differences):
        notes = result.differences["note"].fillna("")
        unlike = result.differences[notes.str.contains(OTHERS)]
        names = list(dict.fromkeys(unlike["outcome"]))
        if names:
            yield Limit(
                f"{a_number_of(len(names), 'outcome')} of the referred or the infused: "
                "each strategy has other patients there.",
                "Such a difference may come from who is infused, not from what it does to them.",
            )


def _listed(names: list[str]) -> str:
    first, rest = names[:NAMED], len(names) - NAMED
    return "; ".join(first) + (f"; and {rest} more" if rest > 0 else "")
