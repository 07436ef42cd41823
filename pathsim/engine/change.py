"""The rule of change in the SimPy engine (docs/law.md, section 5).

`transition.py` settles a new configuration and calls `apply`; here what it lists is compared
with what runs, waits and is held. What goes on, goes on untouched.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pathsim import laws
from pathsim.engine.calendar import RING
from pathsim.engine.patient import Listed, Patient, Running, Waiting
from pathsim.pathway import problems
from pathsim.pathway.pathway import Request

if TYPE_CHECKING:
    from pathsim.engine.reference import Run


class RuleOfChange:
    """The rule, for the patients of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def apply(self, patient: Patient, *, arriving: bool = False) -> None:
        """Compare what the configuration lists with what runs, waits and is held."""
        self.clocks(patient)
        self.requests(patient)
        self.holds(patient, arriving=arriving)
        if self.run.has_scores:  # time and variables alone may bring another patient to the front
            self.run.expect_grant()

    def clocks(self, patient: Patient) -> None:
        now, listed_names = self.run.calendar.now, set()
        for level, listed in patient.listed_clocks():
            name = listed.clock.name
            listed_names.add(name)
            paused = level < patient.depth and patient.is_paused(name, level)
            running = patient.running.get(name)
            if running is None:
                self.start(patient, listed, level=level, paused=paused)
                continue
            running.level = level
            if running.take_over(listed, now, paused=paused):
                self.reschedule(patient, running)
        for name in [n for n, r in patient.running.items() if not r.standing]:
            if name not in listed_names:
                self.stop(patient, name)

    def start(
        self, patient: Patient, listed: Listed, *, level: int, paused: bool, standing: bool = False
    ) -> None:
        """A new budget is drawn (3)."""
        now, clock = self.run.calendar.now, listed.clock
        rest = laws.unit_exponential(patient.uniform(clock.name))
        origin = now if listed.origin is None else listed.origin
        running = Running(
            clock.name, clock, listed.law, listed.ratio, now, origin, rest, now, 0.0, level
        )
        running.standing = standing
        running.pause(now, paused=paused)
        patient.running[clock.name] = running
        self.reschedule(patient, running)

    def reschedule(self, patient: Patient, running: Running) -> None:
        self.cancel(running)
        if running.due <= self.run.horizon:
            place = (RING, patient.number, running.name)
            running.event = self.run.calendar.at(
                running.due, place, partial(self.run.ring, patient, running.name)
            )

    def stop(self, patient: Patient, name: str) -> None:
        """The clock runs no more, if it did."""
        if name in patient.running:
            self.cancel(patient.running.pop(name))

    def cancel(self, running: Running) -> None:
        """SimPy cannot take an event off its queue; one without callbacks does nothing."""
        if running.event is not None and running.event.callbacks is not None:
            running.event.callbacks.clear()
        running.event = None

    def requests(self, patient: Patient) -> None:
        listed = patient.listed_requests() if not patient.levels[0].state.ends else {}
        for name in [n for n in patient.requests if n not in listed]:
            del patient.requests[name]
            del self.run.pools[name].queue[patient.number]
            self.run.touch(self.run.pools[name])
        for level, request in listed.values():
            self.place_request(patient, request, level)

    def place_request(self, patient: Patient, request: Request, level: int) -> None:
        pool = self.run.pools[request.resource]
        paused = patient.is_paused(request.resource, level)
        before = patient.requests.get(request.resource)
        date = self.run.calendar.now if before is None else before.date
        waiting = Waiting(request, date, level, paused)
        if before != waiting:
            patient.requests[request.resource] = waiting
            pool.queue[patient.number] = patient
            self.run.touch(pool)

    def holds(self, patient: Patient, *, arriving: bool) -> None:
        listed = patient.listed_holds()
        for name in sorted({**patient.held, **listed}):
            held, wanted = patient.held.get(name, 0), listed.get(name, 0)
            if wanted > held and arriving and wanted - held <= self.run.pools[name].room:
                self.run.pools[name].take(wanted - held)
            elif wanted > held:
                state = patient.levels[-1].state.name
                now = self.run.calendar.now
                raise problems.too_much(state, wanted, name, held, patient.number, now)
            elif wanted < held:
                self.run.pools[name].give_back(held - wanted, used_up=False)
                self.run.touch(self.run.pools[name])
            patient.held[name] = wanted
            if not wanted:
                del patient.held[name]
