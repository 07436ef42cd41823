"""Places held against the capacity, and slots used against those released, over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

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
from pathsim.figures.style import GREY, band, colour
from pathsim.outcomes.columns import Array, array, sums
from pathsim.outcomes.days import all_days, plainly
from pathsim.outcomes.folds import Measured
from pathsim.units import DAYS_PER_MONTH

WEEK = 7
QUARTERLY = 730.5
"""In a longer run slots are shown by quarter of a year, a month's mean."""


def occupancy(
    ax: Axes,
    strategies: Mapping[str, Measured],
    resource: str,
    *,
    header: str = "",
    start: date | None = None,
) -> Axes:
    """Places held against the capacity, week by week: a panel a strategy.

    The line is the mean over replications, the band their middle 80 %. `header` says what the
    service held on day 0, of which `start` is the date.
    """
    every = panels(ax, len(strategies))
    calendar = _calendar(strategies, start)
    highest, said = 1.0, list[str]()
    for number, (each, (name, measured)) in enumerate(zip(every, strategies.items(), strict=True)):
        days = all_days(measured)
        k = days.resources.index(resource)
        held, capacity = by_week(days.held_mean[:, k]), by_week(days.capacity_mean[:, k])
        x, mean = calendar.at(WEEK * np.arange(held.shape[1], dtype=float)), held.mean(axis=0)
        band(each, x, list(held), colour(number), step=None)
        each.plot(x, mean, color=colour(number), lw=1.3, label=f"{name}: held (mean)")
        _steps(each, x, capacity.mean(axis=0), "capacity")
        _none(each, "none is held", held)
        when = calendar.month_named(WEEK * int(mean.argmax()))
        said.append(f"{name}: {mean.mean():.1f} of {capacity.mean():.1f} on average, most in "
                    f"{when}, {mean.max():.1f}")  # fmt: skip
        highest = max(highest, float(held.max()), float(capacity.mean(axis=0).max()))
    _finish(every, strategies, calendar)
    every[0].set_ylim(0.0, 1.12 * highest)
    called = plainly(resource)
    labels(
        every, calendar.label(), f"Places held and capacity (dashed)\n{called}, mean of the week"
    )
    told_of(ax, "Places held, mean of the week over replications.", said)
    heading(
        ax, f"{first_up(called)}: places held by week, all users", replicated(strategies, header)
    )
    return ax


def slots(
    ax: Axes, strategies: Mapping[str, Measured], resource: str, *, start: date | None = None
) -> Axes:
    """Slots used and released a month upwards, requests that wait downwards: a panel a strategy.

    Slots by month, in a run of more than two years by quarter of a year, means over replications;
    the queue by month, its mean and middle 80 %.
    """
    every = panels(ax, len(strategies))
    calendar = _calendar(strategies, start)
    highest, longest, said = 1.0, 1.0, list[str]()
    for number, (each, (name, measured)) in enumerate(zip(every, strategies.items(), strict=True)):
        begin, released, used = _slots(measured, resource, calendar.horizon)
        x = calendar.at(begin)
        each.fill_between(x, used, step="post", color=colour(number), alpha=0.5, lw=0,
                          label=f"{name}: used a month")  # fmt: skip
        _steps(each, x, released, "released a month")
        days = all_days(measured)
        queue = _means(days.queue_mean[:, days.resources.index(resource)], DAYS_PER_MONTH)
        at = calendar.at((np.arange(queue.shape[1]) + 0.5) * DAYS_PER_MONTH)
        band(each, at, list(-queue), "black", step=None)
        each.plot(at, -queue.mean(axis=0), color="black", lw=1.5, label=f"{name}: waiting (mean)")
        each.axhline(0.0, color="black", lw=0.8)
        _none(each, "none is used", used)
        mean = queue.mean(axis=0)
        when = calendar.month_named(DAYS_PER_MONTH * int(mean.argmax()))
        said.append(f"{name}: {used[:-1].mean():.1f} of {released[:-1].mean():.1f} released are "
                    f"used a month; most wait in {when}, {mean.max():.1f} on average")  # fmt: skip
        highest = max(highest, float(released.max()), float(used.max()))
        longest = max(longest, float(np.percentile(queue, 90, axis=0).max()))
    _finish(every, strategies, calendar)
    every[0].set_ylim(-1.1 * longest, 1.15 * highest)
    every[0].yaxis.set_major_locator(MaxNLocator(5, integer=True))
    every[0].yaxis.set_major_formatter(lambda y, _: f"{abs(y):g}")
    often = "quarter" if calendar.horizon > QUARTERLY else "month"
    told_of(ax, "Slots used, and requests waiting, means over replications.", said)
    labels(every, calendar.label(), "Requests waiting, downwards\nSlots a month, upwards")
    title = f"{first_up(plainly(resource))}: used and released (dashed) by {often}, and the queue"
    heading(ax, title, replicated(strategies))
    return ax


def by_week(daily: Array) -> Array:
    """Means of weeks, the last of them what is left: (replication, day) to (replication, week)."""
    return _means(daily, WEEK)


def _means(daily: Array, length: float) -> Array:
    """Means of periods of so many days, the last of them what is left."""
    cuts = np.ceil(np.arange(0.0, daily.shape[1] - 1e-9, length)).astype(int)
    cuts = cuts[cuts < daily.shape[1]]  # 36 months are 1095.75 days: none begins on day 1096
    days = np.diff(np.append(cuts, daily.shape[1]))
    return np.asarray(np.add.reduceat(daily, cuts, axis=1) / days)


def _slots(measured: Measured, resource: str, horizon: float) -> tuple[Array, Array, Array]:
    """Days on which periods begin, the last one's end; slots released and used in each, a month.

    They begin with what counts. What is released at the horizon itself nobody can use any more.
    """
    length = (3 if horizon > QUARTERLY else 1) * DAYS_PER_MONTH
    n = max(1, int(np.ceil(measured.counted_days / length - 1e-9)))
    stock = measured.stock[measured.stock["resource"] == resource]
    stock = stock[stock["time"] < measured.horizon]
    period = ((array(stock, "time") - measured.warm_up) // length).astype(int)
    days = np.minimum(np.arange(1, n + 1) * length, measured.counted_days) - np.arange(n) * length
    each = measured.replications * days / DAYS_PER_MONTH
    used = array(stock, "taken") - array(stock, "given_back")
    rates = [sums(period, amount, n) / each for amount in (array(stock, "released"), used)]
    released, taken = (np.append(rate, rate[-1:]) for rate in rates)
    return measured.warm_up + np.arange(n + 1) * length, released, taken


def _calendar(strategies: Mapping[str, Measured], start: date | None) -> Calendar:
    return Calendar(max(measured.horizon for measured in strategies.values()), start)


def _steps(ax: Axes, x: Array, y: Array, label: str) -> None:
    """What there is, as a dashed line, named where there is room above it."""
    ax.step(x, y, where="post", color=GREY, lw=1.6, ls="--", label=label)


def _none(ax: Axes, said: str, values: Array) -> None:
    """Say so where there is nothing to be seen."""
    if not values.any():
        ax.annotate(said, (0.5, 0.5), xycoords="axes fraction", ha="center", color=GREY)


def _finish(every: Sequence[Axes], strategies: Mapping[str, Measured], calendar: Calendar) -> None:
    """The names of panels, their dates, and their warm-ups."""
    for ax, (name, measured) in zip(every, strategies.items(), strict=True):
        named(ax, name, len(every))
        calendar.draw(ax, most=most_ticks(len(every)), warm_up=measured.warm_up)
