"""Where everybody is, one place at a time, as vidigi's event log: queues, places held, areas.

Made from the stays of one replication and the marks. Called by what animates; knows no picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.block import Block, other_users
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import Array, runs
from pathsim.outcomes.patients import KINDS, day_kinds
from pathsim.outcomes.stays import stretches

IN, QUEUE, LEAVES = "in: ", "waiting for: ", "leaves: "
AREAS = {
    "waiting": "preparing for a therapy", "treated": "on treatment", "free": "in remission",
    "off": "between lines, supportive care",
}  # fmt: skip
"""What the days of somebody who holds no place and waits for nothing are -> where they are."""
OTHERS = "other patients"
"""What is said of other users of the resources in place of a therapy."""
ELSEWHERE = "elsewhere"
"""Where other users are between what they hold or ask for."""
COLUMNS = ("entity_id", "event_type", "event", "time", "resource_id", "resource", "therapy")


def whereabouts(
    log: pd.DataFrame, marking: Marking, *, places: Sequence[str], horizon: float
) -> pd.DataFrame:
    """vidigi's event log of one replication, in order of time.

    Columns: entity_id (the patient's number), event_type (arrival_departure, queue, resource_use,
    resource_use_end), event, time (days since the start of the run), `resource_id` (the number of
    the place, from 1 on: at each grant the least that is free), `resource`, `therapy` (in force).
    Somebody is in a place, of the resources named the first that they hold; else in the queue of
    the first that they ask for; else, if they are ours, in an area. Other users are there from
    when they first hold or ask for something to when they last do. Nobody departs at the horizon.
    """
    block = Block(stretches(log, marking), marking)
    stays = _stays(block, places)
    stays["resource_id"] = _numbers(stays, places)
    rows = [row for _, life in stays.groupby("patient", sort=False) for row in _life(life, horizon)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["resource_id"] = table["resource_id"].astype("Int64")
    return table.sort_values(["time"], kind="stable", ignore_index=True)


def _stays(block: Block, places: Sequence[str]) -> pd.DataFrame:
    """A row for each stretch in one place: patient, from, to, event, resource, therapy, over."""
    events, resources = _by_configuration(block, places)
    others, found = other_users(block.column("stream")), block.found
    where = events[others.astype(int), block.configuration]
    therapies = np.array([*block.marking.therapies, None], dtype=object)
    therapy = therapies[found.therapy.take(block.configuration)]
    therapy[others] = OTHERS
    begins = block.first | runs(pd.factorize(where)[0])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(where))[: len(starts)] - 1
    table = pd.DataFrame({
        "patient": block["patient"].take(starts),
        "from": block["from"].take(starts),
        "to": block["to"].take(ends),
        "event": where.take(starts),
        "resource": resources.take(block.configuration.take(starts)),
        "therapy": therapy.take(starts),
    })  # fmt: skip
    return table[table["event"] != ""].reset_index(drop=True)


def _by_configuration(block: Block, places: Sequence[str]) -> tuple[Array, Array]:
    """For each configuration where one of ours is, and where another user is; which resource.

    Empty for somebody who is not there.
    """
    found, marking = block.found, block.marking
    events = np.full((2, len(found.levels)), "", dtype=object)
    resource = np.full(len(found.levels), None, dtype=object)
    kinds = day_kinds(found)
    events[0] = [AREAS[KINDS[kind]] for kind in kinds.tolist()]
    for pool in reversed(marking.pools):
        asked = found.asked(pool.name) > 0
        events[:, asked], resource[asked] = f"{QUEUE}{pool.name}", pool.name
    for name in reversed(places):
        held = found.held(name) > 0
        events[:, held], resource[held] = f"{IN}{name}", name
    gone = marking.ending()[found.top]
    events[:, gone], resource[gone] = "", None
    return events, resource


def _numbers(stays: pd.DataFrame, places: Sequence[str]) -> list[int | None]:
    """The number of the place of each stay in one: at each grant the least that is free.

    Who leaves at a moment leaves before anybody comes; who come at one moment, in their order.
    """
    given: list[int | None] = [None] * len(stays)
    for name in places:
        mine = stays[stays["event"] == f"{IN}{name}"].sort_values(["from", "patient"])
        free: list[int] = []
        taken: list[tuple[float, int]] = []
        for row, begin, end in zip(mine.index, mine["from"], mine["to"], strict=True):
            while taken and taken[0][0] <= begin:
                heappush(free, heappop(taken)[1])
            number = heappop(free) if free else len(taken) + 1
            heappush(taken, (end, number))
            given[int(row)] = number
    return given


def _life(life: pd.DataFrame, horizon: float) -> Iterator[tuple[object, ...]]:
    """The rows of one patient: arrival, each place or queue, departure."""
    rows: list[dict[str, Any]] = [
        {str(k): v for k, v in r.items()} for r in life.to_dict("records")
    ]
    first, last = rows[0], rows[-1]
    who = first["patient"]
    yield who, "arrival_departure", "arrival", first["from"], None, None, first["therapy"]
    for row, later in zip(rows, [*rows[1:], None], strict=True):
        begin, end, therapy = row["from"], row["to"], row["therapy"]
        if row["event"].startswith(IN):
            place = int(row["resource_id"]), row["resource"], therapy
            yield who, "resource_use", row["event"], begin, *place
            if end < horizon:
                yield who, "resource_use_end", f"{LEAVES}{row['resource']}", end, *place
        else:
            yield who, "queue", row["event"], begin, None, row["resource"], therapy
        if later is not None and later["from"] > end:
            yield who, "queue", ELSEWHERE, end, None, None, therapy
    if last["to"] < horizon:
        yield who, "arrival_departure", "depart", last["to"], None, None, last["therapy"]
