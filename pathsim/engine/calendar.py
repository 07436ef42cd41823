"""SimPy's calendar, with the law's order inside an instant (docs/law.md, section 9)."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

import simpy

STEP, RING, GRANT = 0, 1, 2
"""The phases of one instant (9), in order."""


class Calendar(simpy.Environment):
    """SimPy's calendar, asked to keep exact due times and the law's order within an instant.

    SimPy orders its queue by (time, priority, number). Here the priority is the place in the
    instant: `(STEP, resource)`, `(RING, patient, clock)` or `(GRANT,)`.
    """

    def at(self, time: float, place: tuple[Any, ...], what: Callable[[], None]) -> simpy.Event:
        """Do `what` at exactly this time: SimPy's own `schedule` adds a delay, which rounds."""
        event = simpy.Event(self)
        event._ok, event._value = True, None
        event.callbacks.append(lambda _: what())
        heappush(self._queue, (time, place, next(self._eid), event))  # type: ignore[misc]
        return event
