"""How long patients wait, and for what: who is granted within how long, and when one had to wait.

Those who give up are in both: the waits of the granted alone are too short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from matplotlib.axes import Axes

from pathsim.figures.calendar import Calendar
from pathsim.figures.panels import (
    first_up,
    heading,
    labels,
    most_ticks,
    named,
    panels,
    replicated,
    told_of,
)
from pathsim.figures.style import GREY, MANY, band, colour, dashes, short
from pathsim.outcomes.columns import Array
from pathsim.outcomes.days import plainly
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.queueing import Requests, requests, share_granted, wait_of_who_stays

SHOWN = 0.97
"""The axis of waits ends where so many of all requests have ended, the longest waits left out."""
FEW = 20
"""Of fewer requests in a month a centile of their waits says little: the line has a gap."""


def waits(ax: Axes, strategies: Mapping[str, Measured], resources: Sequence[str]) -> Axes:
    """The share of requests granted within so many days, by resource: a panel each.

    Our patients, all replications together; the band is the middle 80 % of replications. A curve
    that stays below 100 % leaves those who withdrew.
    """
    every = panels(ax, max(len(resources), 1), across=1, sharex=False)
    for each, resource in zip(every, resources, strict=False):
        asked = {name: requests(m.waits, resource) for name, m in strategies.items()}
        _granted(each, asked)
        each.set_title(first_up(plainly(resource)), loc="left", fontsize=11)
    if not resources:
        ax.annotate("nobody waits", (0.5, 0.5), xycoords="axes fraction", ha="center", color=GREY)
    if len(strategies) > MANY:
        lines = {line.get_label(): line for each in every for line in each.get_lines()}
        ax.figure.legend(handles=[*lines.values()], loc="outside right center", frameon=False,
                         fontsize=10)  # fmt: skip
    ax.set(ylim=(0.0, 103.0), yticks=(0, 25, 50, 75, 100))
    labels(every, "Days since the request", "Granted, % of requests")
    under = replicated(strategies, line="all requests", banded=len(strategies) <= MANY)
    heading(ax, "How long patients wait: share of requests granted within so many days", under)
    return ax


def _granted(ax: Axes, asked: Mapping[str, Requests]) -> None:
    """The curves of one resource, each with how many asked and how many of them withdrew."""
    longest = [np.quantile(a.days, SHOWN) for a in asked.values() if a.n]
    end = max([1.0, *longest])
    x = np.linspace(0.0, end, 200)
    for number, (name, every) in enumerate(asked.items()):
        if not every.n:
            continue
        many = f"\n{every.n:,} asked, {_percent(np.mean(every.end == 1))} withdrew"
        ax.plot(x, 100 * share_granted(every, x), color=colour(number), ls=dashes(number), lw=1.8,
                label=short(name) + (many if len(asked) <= MANY else ""))  # fmt: skip
        if len(asked) <= MANY:
            numbers = np.unique(every.replication)
            lines = [100 * share_granted(every.where(every.replication == r), x) for r in numbers]
            band(ax, x, lines, colour(number), step=None)
    ax.set_xlim(0.0, end)
    if len(asked) <= MANY and ax.get_lines():
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), frameon=False, fontsize=10,
                  labelspacing=0.35)  # fmt: skip


def _percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


WIDTHS = {1: "month", 3: "quarter", 12: "year", 60: "five years"}
"""Months that are taken together until most periods have enough requests -> how they are called."""


def by_month(
    ax: Axes, strategies: Mapping[str, Measured], resource: str, *, start: date | None = None
) -> Axes:
    """The wait for one resource by the month in which it was asked for: a panel a strategy.

    The median, the middle half and the 90th centile over our patients, all replications together,
    of the wait of one who stays in the queue (Kaplan and Meier's: who withdraws has waited longer
    than until then). Quarters or years where most months have fewer than 20 requests; a period
    with fewer has none.
    """
    every = panels(ax, len(strategies))
    horizon = max(measured.horizon for measured in strategies.values())
    calendar, highest, said = Calendar(horizon, start), 1.0, list[str]()
    asked = {name: requests(measured.waits, resource) for name, measured in strategies.items()}
    width = _width([calendar.month_of(mine.made) for mine in asked.values()])
    for number, (each, (name, mine)) in enumerate(zip(every, asked.items(), strict=True)):
        at, (low, middle, high, longest) = _by_period(mine, calendar, width)
        x = calendar.at(at)
        each.fill_between(x, low, high, color=colour(number), alpha=0.25, lw=0)
        mark = "o" if len(x) < FEW else ""
        each.plot(x, middle, color=colour(number), lw=1.8, marker=mark, label=f"{name}: median")
        each.plot(x, longest, color="black", lw=1.0, ls=":", marker=mark, ms=3,
                  label=f"{name}: 90th centile")  # fmt: skip
        if np.isfinite(middle).any():
            most = int(np.nanargmax(middle))
            when = f"for requests of {calendar.month_named(at[most])}, {middle[most]:.0f} days"
            said.append(f"{name}: the median is longest {when}" if middle[most] >= 1.0
                        else f"{name}: half wait less than a day, whenever they ask")  # fmt: skip
        known = longest[np.isfinite(longest)]
        highest = max(highest, float(known.max(initial=0.0)))
        if not np.isfinite(middle).any():
            none = f"fewer than {FEW} ask\nin each {WIDTHS[width]}" if mine.n else "nobody asks"
            each.annotate(none, (0.5, 0.5), xycoords="axes fraction", ha="center", color=GREY)
        named(each, name, len(every), f", n = {mine.n:,}")
        calendar.draw(each, most=most_ticks(len(every)), warm_up=strategies[name].warm_up)
    ax.set_ylim(-0.02 * highest, 1.08 * highest)
    when = f"{first_up(WIDTHS[width])} of the request"
    labels(every, calendar.label(when), "Days in the queue")
    told_of(ax, "Days in the queue of those who stay in it.", said or ["nothing is known"])
    title = f"Wait for {plainly(resource)}: median, middle half (band), 90th centile (dotted)"
    heading(ax, title, f"of those who stay in the queue; {replicated(strategies, banded=False)}")
    return ax


def _width(months: Sequence[Array]) -> int:
    """The least width at which half of the periods of any strategy have enough requests."""
    for width in WIDTHS:
        many = [np.unique(each // width, return_counts=True)[1] for each in months if len(each)]
        if any(np.mean(counts >= FEW) >= 0.5 for counts in many):
            return width
    return max(WIDTHS)


def _by_period(asked: Requests, calendar: Calendar, width: int) -> tuple[Array, Array]:
    """The middles of periods, and quartiles and 90th centile of the waits of who asked in each.

    Where more than the rest withdrew a centile is not known.
    """
    n = int(calendar.month_of(np.array([calendar.horizon]))[0]) // width + 1
    waited = np.full((4, n), np.nan)
    period = calendar.month_of(asked.made) // width
    for k in np.flatnonzero(np.bincount(period, minlength=n) >= FEW):
        mine = asked.where(period == k)
        waited[:, k] = [wait_of_who_stays(mine, q) for q in (0.25, 0.5, 0.75, 0.9)]
    middle = calendar.middle_of(np.arange(n) * width + (width - 1) / 2)
    return middle, np.where(np.isinf(waited), np.nan, waited)
