"""Tables of what the service needs: months over capacity, places, slots, losses, withdrawals.

Called by the section `service`, which says which resources stand in which of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pathsim.outcomes.days import plainly
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval
from pathsim.outcomes.labels import bracket, decimals_of, listed, written
from pathsim.outcomes.losses import ALL, Lost, withdrawn
from pathsim.outcomes.needs import Period, Places, Slots
from pathsim.outcomes.pressure import Pressure
from pathsim.report.shapes import Row, Table, heading, row
from pathsim.units import DAYS_PER_MONTH

BESIDE = 4
"""So many strategies stand beside each other on a page of paper."""
CENTILES = (
    "50/90/95/99 %: on half of the midnights no more than the first number is held, on 90, 95 and "
    "99 % of them no more than the others; all users, open days, all replications."
)
COVERED = (
    "Places for 95 %: on 95 % of days so many would have held all who had a place and all who "
    "waited for one. A hint, no answer: with more places fewer wait, stays and arrivals move, and "
    "what one queue lets through waits in the next. The command pathsim size finds the smallest "
    "number."
)
AMOUNTS = " For the {} there is none: one request there may be for several places."
SLOTS = (
    "A year, in all replications. What is neither used nor expired is left at the end. Where slots "
    "expire beside months over capacity demand comes in waves, or ends before the run does."
)
LOST = (
    "Lost is who was referred for a therapy that is infused once and never had it; who is on the "
    "way at the end is not counted. A year is a mean over the run, years in which nobody new comes "
    "included. Losses to disease and death while waiting fall with the wait; "
    "those to manufacture (failed, given up, or not infused) do not. In brackets: 95 % intervals "
    "over replications."
)
WITHDRAWN = (
    "Requests of our patients that ended without a grant, in all replications, by what ended them, "
    "and their share of all requests for that resource. What ended fewer than one in a thousand is "
    "left out."
)
RARE = 0.1
"""Causes that ended a smaller share of requests, in %, are left out."""


@dataclass(frozen=True)
class Found:
    """What was counted of each strategy; `several` are asked for several at once, day 0 is `start`.

    Resources under each strategy stand in the order in which they break.
    """

    pressures: Mapping[str, tuple[Pressure, ...]]
    places: Mapping[str, tuple[Places, ...]]
    slots: Mapping[str, tuple[Slots, ...]]
    several: frozenset[str]
    start: date | None
    replications: int

    def pressure(self, resource: str) -> dict[str, Pressure]:
        """Strategy -> how hard it presses on a resource."""
        return {name: each for name, some in self.pressures.items()
                for each in some if each.resource == resource}  # fmt: skip

    def held(self, resource: str) -> list[tuple[str, Places]]:
        """(strategy, what is held of a resource), for the run and for its fullest year."""
        return [(name, each) for name, some in self.places.items()
                for each in some if each.resource == resource]  # fmt: skip

    def given(self, resource: str) -> list[tuple[str, Slots]]:
        """The same of slots."""
        return [(name, each) for name, some in self.slots.items()
                for each in some if each.resource == resource]  # fmt: skip

    def month_of(self, day: float, form: str = "%B %Y") -> str:
        """The month of the calendar in which a day lies, or its number from the start."""
        if self.start is None:
            return f"month {int(day / DAYS_PER_MONTH) + 1}"
        return f"{self.start + timedelta(days=int(day)):{form}}"

    def over(self, period: Period) -> str:
        """The run, or its fullest year."""
        if period.year is None:
            return "the run"
        return f"year {period.year}, from {self.month_of(period.first, '%b %Y')}"


def pressure_table(found: Found, resources: Sequence[str], caption: str) -> list[Table]:
    """Months over capacity, queues and waits, by resource; no table of no resource."""
    rows: list[Row] = []
    for resource in resources:
        rows.append(heading(first_up(plainly(resource))))
        rows += [_pressed(name, each) for name, each in found.pressure(resource).items()]
    head = ("Strategy", "Months over capacity", "In the fullest year", "Somebody waits, % of days",
            "Requests", "Withdrawn, %", "Median wait, days", "90th centile, days")  # fmt: skip
    each = [p for some in found.pressures.values() for p in some]
    s = "s" if found.replications != 1 else ""
    note = (
        f"n = {found.replications} replication{s}. Months and days are of all users. Requests "
        "and waits are of our patients, in all replications together, waits of the granted "
        "alone: the figure of waits has those who withdrew, and a mean of each replication's "
        f"own centile (the answer, the annex) is another number. {_of_how_many(each)}"
    )
    return [Table(caption, head, tuple(rows), note)] if rows else []


def _pressed(name: str, p: Pressure) -> Row:
    fullest = number(p.in_year.mean) if p.year is not None else "-"
    waits = (mean(p.withdrawn), number(p.median), number(p.p90))
    return row(name, mean(p.over), fullest, mean(p.queued), f"{p.requests:,}", *waits)


def _of_how_many(each: Sequence[Pressure]) -> str:
    """How many months there are, in the run and in its fullest year."""
    run = listed([f"{n}" for n in sorted({p.months for p in each})])
    year = listed([f"{n}" for n in sorted({p.year_months for p in each})])
    return f"Months are of {run} in the run, and of {year} in its fullest year."


def places_table(found: Found, resources: Sequence[str], caption: str) -> list[Table]:
    """What is held of each resource that has places, over the run and in its fullest year."""
    rows: list[Row] = []
    held = {resource: found.held(resource) for resource in resources}
    for each in filter(None, held.values()):
        rows.append(heading(_capacity([places for _, places in each])))
        rows += [_held(found, name, places) for name, places in each]
    head = ("Strategy", "Over", "Held, mean", "% of places", "Held, 50/90/95/99 %", "Peak",
            "No place free, % of days", "Places for 95 %")  # fmt: skip
    amounts = [plainly(name) for name, each in held.items() if each and name in found.several]
    note = f"{CENTILES} {COVERED}{AMOUNTS.format(listed(amounts)) if amounts else ''}"
    return [Table(caption, head, tuple(rows), note)] if rows else []


def _held(found: Found, name: str, each: Places) -> Row:
    share = "-" if np.isnan(each.occupancy) else f"{each.occupancy:.0f}"
    covered = "-" if each.resource in found.several else _count(each.covered)
    centiles = " / ".join(_count(x) for x in each.centiles)
    return row(name, found.over(each.period), mean(each.held), share, centiles, _count(each.peak),
               mean(each.full), covered)  # fmt: skip


def _capacity(each: Sequence[Places]) -> str:
    """A resource with its places: how many on average, where they change."""
    said = sorted({f"{places.capacity:.3g}" for places in each}, key=float)
    many = said[0] if len(said) == 1 else f"{said[0]} to {said[-1]}"
    whole = len(said) == 1 and float(many).is_integer()
    return f"{first_up(plainly(each[0].resource))}: {many} places{'' if whole else ' on average'}"


def slots_table(found: Found, resources: Sequence[str], caption: str) -> list[Table]:
    """What becomes of the slots of each product, over the run and in its fullest year."""
    rows: list[Row] = []
    for resource in resources:
        mine = found.given(resource)
        rows += [heading(first_up(plainly(resource)))] if mine else []
        for name, each in mine:
            amounts = map(mean, (each.released, each.used, each.expired))
            over = f"{mean(each.over)} of {each.months}" if each.over.mean else "0"
            rows.append(row(name, found.over(each.period), *amounts, over))
    head = ("Strategy", "Over", "Released a year", "Used a year", "Expired a year",
            "Months over capacity")  # fmt: skip
    return [Table(caption, head, tuple(rows), SLOTS)] if rows else []


# --- losses ------------------------------------------------------------------------------------


def lost_tables(found: Mapping[str, Lost]) -> list[Table]:
    """Losses by cause, a year and of the referred; no table where nobody is referred."""
    if not any(one.referred for one in found.values()):
        return []
    names = [*found]
    some = [names[k : k + BESIDE] for k in range(0, len(names), BESIDE)]
    last = len(some) - 1
    return [
        _lost_table({name: found[name] for name in chosen}, "" if k < last else LOST)
        for k, chosen in enumerate(some)
    ]


def _lost_table(found: Mapping[str, Lost], note: str) -> Table:
    each = [{loss.cause: loss for loss in one.losses} for one in found.values()]
    total: dict[str, int] = {}
    for by in each:
        for cause, loss in by.items():
            total[cause] = total.get(cause, 0) + loss.n
    causes = sorted(total, key=lambda cause: (cause != ALL, -total[cause]))
    rows = [row("Referred, in all replications", *(f"{one.referred:,}" for one in found.values()))]
    for said, what in (("Lost a year", "a_year"), ("Lost, % of the referred", "share")):
        rows.append(heading(said))
        rows += [
            row(cause, *(mean(getattr(by[cause], what)) if cause in by else "-" for by in each))
            for cause in causes
        ]
    return Table(_lost_caption(found), ("Cause", *found), tuple(rows), note)


def _lost_caption(found: Mapping[str, Lost]) -> str:
    return f"Losses before infusion by cause: {listed([*found])}"


def withdrawn_table(measured: Mapping[str, Measured]) -> list[Table]:
    """Who gave up waiting for what, and why; no table where nobody did."""
    rows = tuple(_withdrawn(measured))
    head = ("Resource", "Ended by", "Requests withdrawn", "% of its requests")
    return [Table("Requests withdrawn", head, rows, WITHDRAWN, 2)] if rows else []


def _withdrawn(measured: Mapping[str, Measured]) -> Iterator[Row]:
    for name, one in measured.items():
        mine = [each for each in withdrawn(one) if each.share.mean >= RARE]
        if mine:
            yield heading(name)
        for each in mine:
            yield row(plainly(each.resource), each.cause, f"{each.n:,}", mean(each.share))


# --- numbers -----------------------------------------------------------------------------------


def number(x: float) -> str:
    """A number with as many decimals as its size asks for; a dash for none."""
    return "-" if np.isnan(x) else "0" if x == 0.0 else written(x, decimals_of(x))


def mean(found: Interval) -> str:
    """A mean and its interval, where there is one."""
    if np.isnan(found.mean):
        return "-"
    if found.mean == 0.0 and not found.high > 0.0:
        return "0"
    decimals = decimals_of(found.mean)
    said = "" if np.isnan(found.low) else bracket(found.low, found.high, decimals)
    return written(found.mean, decimals) + said


def _count(x: float) -> str:
    return "-" if np.isnan(x) else f"{x:,.0f}"


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
