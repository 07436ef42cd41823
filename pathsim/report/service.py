"""What the service needs: what breaks first, places and slots, waits, losses before infusion.

What is counted, `outcomes` says (`pressure`, `needs`, `losses`); tables are in `service_tables`.
Resources that nobody presses on have a table and no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pathsim.outcomes.days import plainly
from pathsim.outcomes.labels import listed
from pathsim.outcomes.losses import lost
from pathsim.outcomes.needs import OVER, places, slots
from pathsim.outcomes.pressure import Pressure, pressures
from pathsim.pathway.centre import UNLIMITED
from pathsim.report.pictured import pictured
from pathsim.report.service_tables import (
    Found,
    lost_tables,
    mean,
    number,
    places_table,
    pressure_table,
    slots_table,
    withdrawn_table,
)
from pathsim.study.kept import Result
from pathsim.study.plan import Model

TITLE, TEMPLATE = "What the service needs", "service.html"
PRESSED = 60.0
"""A resource of whose places so many % or more are held in its fullest year is pressed on."""
DRAWN = 4
"""So many resources that are pressed on have a figure, the hardest pressed."""
SOON = 1.0
"""Where nine waits in ten are shorter than so many days there is no wait to speak of."""
BREAKS = (
    f"{OVER}. A resource breaks where this holds, on average, for a month or more of its fullest "
    "year; which breaks first is ranked by months over capacity, then by requests withdrawn, then "
    "by the wait. Months have 30.4 days. In brackets: 95 % intervals over replications."
)
FULLEST = (
    "A service fills at first and empties when nobody new comes, so that a mean over the run is "
    "lower than what must be provided. The fullest year is the whole year with most held and asked "
    "for (of slots, most used and waited for), the same year in all replications."
)


def content(result: Result) -> Mapping[str, Any] | None:
    """What breaks first, then tables and figures; None where nothing was run or nothing is held."""
    found = _found(result)
    resources = _in_order(found)
    if not resources:
        return None
    pressed = [name for name in resources if _is_pressed(found, name)]
    quiet = [name for name in resources if name not in pressed]
    figures = pictured(result, "service", _shown(pressed))
    return {
        "first": {name: words_of(each, found) for name, each in found.pressures.items()},
        "definition": BREAKS,
        "fullest": FULLEST,
        "unlimited": _said(sorted({r for model in result.models.values() for r in _free(model)})),
        "pressure": pressure_table(found, pressed, "Months over capacity, queues and waits"),
        "needs": [
            *places_table(found, pressed, "Places held"),
            *slots_table(found, pressed, "Slots released, used and expired"),
        ],
        "figures": [figure for figure in figures if figure.name != "losses"],
        "lost": lost_tables({name: lost(one) for name, one in result.measured.items()}),
        "lost_figures": [figure for figure in figures if figure.name == "losses"],
        "withdrawn": withdrawn_table(result.measured),
        "quiet": _said(quiet),
        "quiet_tables": [
            *pressure_table(found, quiet, "Resources not pressed on: queues and waits"),
            *places_table(found, quiet, "Resources not pressed on: places held"),
            *slots_table(found, quiet, "Resources not pressed on: slots"),
        ],
    }


def breaks_first(result: Result) -> dict[str, tuple[Pressure, ...]]:
    """The resources under each strategy, the one that breaks first at the front.

    Those without limit are left out. Nothing breaks where the first of them does not: see
    `Pressure.breaks`.
    """
    return {
        name: tuple(p for p in pressures(one) if p.resource not in _free(result.models[name]))
        for name, one in result.measured.items()
    }


def _found(result: Result) -> Found:
    """Everything that the tables show, worked out once."""
    dates = {model.start for model in result.models.values()}
    return Found(
        pressures=breaks_first(result),
        places={name: places(one) for name, one in result.measured.items()},
        slots={name: slots(one) for name, one in result.measured.items()},
        several=frozenset(r for model in result.models.values() for r in _by_amount(model)),
        start=dates.pop() if len(dates) == 1 else None,
        replications=result.replications or 0,
    )


def _free(model: Model) -> set[str]:
    """The resources of a model that are without limit."""
    return {each.name for each in model.service.resources if each.places == UNLIMITED}


def _by_amount(model: Model) -> list[str]:
    """Resources that are asked for several places at once."""
    marking = model.marking
    return [r for r in marking.items("requests") if marking.amounts("requests", r).max() > 1]


def _in_order(found: Found) -> list[str]:
    """All resources, the hardest pressed under any strategy first."""
    each = [p for some in found.pressures.values() for p in some]
    each.sort(key=lambda pressure: pressure.rank, reverse=True)
    return list(dict.fromkeys(pressure.resource for pressure in each))


def _is_pressed(found: Found, resource: str) -> bool:
    """Whether a resource breaks, is over capacity for a month, or is 60 % full in its best year."""
    if any(p.breaks or p.over.mean >= 1.0 for p in found.pressure(resource).values()):
        return True
    full = [each.occupancy for _, each in found.held(resource)]
    full += [100 * each.used.mean / each.released.mean
             for _, each in found.given(resource) if each.released.mean > 0]  # fmt: skip
    return bool(np.nanmax([0.0, *full]) >= PRESSED)


def _shown(pressed: Sequence[str]) -> Any:
    """Which figures are shown: losses, waits, and those of what is pressed on."""
    files = [name.replace("/", "_") for name in pressed[:DRAWN]]
    wanted = {*files, *(f"occupancy_{file}" for file in files), "waits", "losses"}
    return lambda name: name in wanted or name.startswith("waits_by_month_")


# --- words -------------------------------------------------------------------------------------


def words_of(pressed: Sequence[Pressure], found: Found) -> str:
    """What breaks first under one strategy and why, in a sentence or two."""
    if not pressed:
        return "nothing is limited."
    first, *others = pressed
    if not first.breaks:
        return f"nothing breaks; the most pressed are the {_plain(first)}: {_months(first)}."
    then = [
        f"the {_plain(each)} ({number(each.over.mean)} months)" for each in others if each.breaks
    ]
    more = f" Then {listed(then)}." if then else ""
    return f"the {_plain(first)} break first: {'; '.join(_why(first, found))}.{more}"


def _plain(pressure: Pressure) -> str:
    name = plainly(pressure.resource)
    return "places of the clinic" if name == "clinic" else name


def _months(pressure: Pressure) -> str:
    return f"over capacity in {mean(pressure.over)} of {pressure.months} months"


def _why(pressure: Pressure, found: Found) -> list[str]:
    """The reasons, with their numbers."""
    said = [_months(pressure)]
    if pressure.year is not None:
        year = f"{number(pressure.in_year.mean)} of {pressure.year_months} in the fullest year"
        said[0] += f" ({year})"
    if pressure.first_in:
        when = f"first, in the median of replications, in {found.month_of(pressure.first)}"
        rest = pressure.replications - pressure.first_in
        said.append(f"{when}{f', in {rest} never' if rest else ''}")
    if pressure.p90 >= SOON:
        said.append(f"90th centile of the wait {number(pressure.p90)} days")
    elif pressure.p90 >= 0.0:
        said.append("nine waits in ten shorter than a day")
    if pressure.requests:
        said.append(f"{mean(pressure.withdrawn)} % of {pressure.requests:,} requests withdrawn")
    return said


def _said(resources: Sequence[str]) -> str:
    return listed([plainly(name) for name in resources]) if resources else ""
