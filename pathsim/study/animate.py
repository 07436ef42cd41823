"""Queues and beds as an animation: `pathsim animate`, by vidigi (an extra).

One replication is simulated again, as far as it is shown, and laid out from what the scenario has:
a row a resource, its queue on the left and its places on the right, and areas for those at home.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.figures.style import GREY, paints
from pathsim.outcomes.whereabouts import AREAS, ELSEWHERE, IN, OTHERS, QUEUE, whereabouts
from pathsim.pathway.phrases import a_number_of
from pathsim.pathway.service import Resource
from pathsim.study.folders import fill_file, write_file
from pathsim.study.jobs import Progress
from pathsim.study.plan import Model
from pathsim.study.simulation import moved

FRAMES = 190
"""More frames make the file large and slow."""
SHOWN = 60
"""So many are drawn in one queue or area; of more it is said how many."""
MOST_PLACES = 60
"""Resources with more places than this are not drawn place by place."""
ROW, WRAP = 120, 20
NONE, PALE_DOT = "no therapy", "#BFBFBF"

README = """The animation's event log, in the form of vidigi (https://github.com/Bergam0t/vidigi).

  entity_id    the patient's number
  event_type   arrival_departure, queue, resource_use or resource_use_end
  event        arrival, depart, `waiting for: RESOURCE`, `in: RESOURCE`, `leaves: RESOURCE`, or the
               area of somebody who holds no place and waits for nothing,
               or `elsewhere` (other patients)
  time         days since the start of the run
  resource_id  the number of the place, from 1 on: at each grant the least that is free
  resource     which resource
  therapy      the therapy in force, `no therapy`, or `other patients` who use the same places
"""


class NoVidigiError(ImportError):
    """vidigi is not installed."""

    def __str__(self) -> str:
        return "An animation needs vidigi, which is not installed: pip install 'pathsim[animate]'"


class NobodyError(ValueError):
    """Nobody is there in the days that are to be shown."""


@dataclass(frozen=True)
class Animated:
    """What was written: the page, the event log beside it, how many patients, from which day."""

    page: Path
    log: Path
    patients: int
    begin: int
    days: int
    each: int


def vidigi() -> Any:
    """The library; raises NoVidigiError where it is not installed."""
    try:
        from vidigi import animation
    except ImportError as error:
        raise NoVidigiError from error
    return animation


def animate(
    model: Model,
    path: Path,
    *,
    seed: int,
    days: int = 365,
    replication: int = 0,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Animated:
    """Simulate one replication and write its animation: one page that needs no network.

    It begins at the end of the model's warm-up and ends after `days`, or with the run. Raises
    NoVidigiError, PathwayError where the model breaks its own law, NobodyError.
    """
    library = vidigi()
    begin = math.floor(model.warm_up)
    end = min(begin + days, math.floor(model.horizon))
    numbers = range(replication, replication + 1)
    log = simulate(model.service, horizon=float(end), seed=seed, replications=numbers,
                   engine=engine, progress=moved(progress, numbers))  # fmt: skip
    places = placed(model.service.resources)
    events = whereabouts(log.log, model.marking, places=[*places], horizon=float(end))
    events["therapy"] = events["therapy"].fillna(NONE)
    if not len(events):
        raise NobodyError(f"Nobody is there in the first {end} days.")
    each = max(1, math.ceil((end - begin) / FRAMES))
    figure = _drawn(library, model, events, places, begin=begin, end=end, each=each)
    csv = path.with_suffix(".csv")
    fill_file(csv, lambda file: events.to_csv(file, index=False, lineterminator="\n"))
    write_file(csv.with_name(csv.name + ".README.txt"), README.encode("utf-8"))
    said = (f"One replication of {model.name} (replication {replication}, seed {seed}), a picture "
            f"each {a_number_of(each, 'day')}. A dot is a patient, coloured by therapy; a ring is "
            "a place. Who holds no place and waits for nothing is at home.")  # fmt: skip
    write_file(path, page(figure, model.name, said, legend_of(model, events)).encode("utf-8"))
    return Animated(path, csv, events["entity_id"].nunique(), begin, end - begin, each)


def placed(resources: Iterable[Resource]) -> dict[str, int]:
    """Resources that are drawn place by place, the scarcest first: the most places each has."""
    most = {
        r.name: r.places if isinstance(r.places, int) else max(n for _, n in r.places)
        for r in resources
        if r.places
    }
    few = {name: n for name, n in most.items() if 0 < n <= MOST_PLACES}
    return dict(sorted(few.items(), key=lambda each: (each[1], each[0])))


def positions(model: Model, places: dict[str, int]) -> pd.DataFrame:
    """Where each queue, resource and area stands: vidigi's columns event, x, y, label, resource."""
    return pd.DataFrame(_positions(model, places))


def _positions(model: Model, places: dict[str, int]) -> Iterator[dict[str, Any]]:
    def stands(event: str, x: int, row: int, label: str, resource: str | None = None) -> Any:
        return {"event": event, "x": x, "y": ROW * row, "label": label, "resource": resource}

    names = [r.name for r in model.service.resources]
    rows = max(len(names), len(AREAS)) + 1
    yield stands("arrival", 40, rows, "arrival")
    for row, name in enumerate(names):
        yield stands(f"{QUEUE}{name}", 320, rows - 1 - row, f"waiting for<br>{_said(name)}")
        if name in places:
            yield stands(f"{IN}{name}", 700, rows - 1 - row, _said(name), name)
    step = max(1, (rows - 1) // len(AREAS))
    for row, area in enumerate(AREAS.values()):
        yield stands(area, 1130, rows - 1 - row * step, area.replace(", ", ",<br>"))
    yield stands(ELSEWHERE, 1130, 0, "other patients,<br>elsewhere")
    yield stands("depart", 1130, rows, "left or died")


def _said(name: str) -> str:
    return name.replace("_", " ").replace("/", " of ")


def _drawn(
    library: Any, model: Model, events: pd.DataFrame, places: dict[str, int], *,
    begin: int, end: int, each: int,
) -> Any:  # fmt: skip
    where = positions(model, places)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return library.animate_activity_log(
            event_log=events,
            event_position_df=where,
            scenario=places,
            simulation_time_unit="days",
            time_display_units="%d %B %Y",
            start_date=str(model.start) if model.start else None,
            every_x_time_units=each,
            warm_up=begin,
            limit_duration=end,
            step_snapshot_max=SHOWN,
            wrap_queues_at=WRAP,
            wrap_resources_at=WRAP,
            plotly_height=110 * int(where["y"].max() / ROW + 1),
            override_x_max=1450,
            override_y_max=int(where["y"].max()) + ROW // 3,
            entity_icon_font="sans-serif",
            custom_entity_icon_list=["●"],
            entity_colour_by="therapy",
            entity_colour_map=legend_of(model, events),
            show_entity_legend=False,
            entity_icon_size=17,
            resource_icon_size=20,
            entity_resource_offset_y=0,
            custom_resource_icon="○",
            plot_bgcolor="white",
            text_size=14,
            gap_between_entities=14,
            gap_between_resources=14,
            gap_between_queue_rows=22,
            gap_between_resource_rows=26,
            frame_duration=350,
            frame_transition_duration=250,
        )


def legend_of(model: Model, events: pd.DataFrame) -> dict[str, str]:
    """The colour of each therapy that is there, and of those without one."""
    there = set(events["therapy"])
    each = {**paints(model.marking.therapies), NONE: GREY, OTHERS: PALE_DOT}
    return {name: paint for name, paint in each.items() if name in there}


def page(figure: Any, name: str, said: str, legend: dict[str, str]) -> str:
    """The figure as one page that needs no network, the same each time."""
    inside = figure.to_html(full_html=False, include_plotlyjs=True, div_id="animation",
                            auto_play=False)  # fmt: skip
    dots = " &nbsp; ".join(
        f'<span style="white-space: nowrap"><span style="color: {paint}" aria-hidden="true">●'
        f"</span> {escape(word)}</span>"
        for word, paint in legend.items()
    )
    title = escape(f"{name}: queues and beds")
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
            "<style>body {font-family: sans-serif; margin: 1em 2em; max-width: 90em}</style></head>"
            f"\n<body><main><h1>{title}</h1>\n<p>{escape(said)}</p>\n<p>{dots}</p>\n{inside}\n"
            "</main></body></html>\n")  # fmt: skip
