"""The SimPy engine: walks the named Pathway. It is written to be read, and is the definition.

`docs/law.md` says in words what stands here; section numbers are its. `simulate` calls `run`.
It knows no therapy, no file and no outcome.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from pathsim import events
from pathsim.engine.calendar import GRANT, RING, STEP, Calendar
from pathsim.engine.patient import Patient
from pathsim.engine.pool import Pool
from pathsim.engine.setting import draw_variables, set_variables
from pathsim.engine.transition import Kind, Transitions, Trigger
from pathsim.events import Recorder
from pathsim.pathway import problems
from pathsim.pathway.service import Score, Service, Stream

if TYPE_CHECKING:
    from pathsim.events import Tables

MAX_IN_AN_INSTANT = 10_000
"""Rings and grants of one patient: more are a model that does not move."""


def run(
    service: Service,
    *,
    horizon: float,
    seed: int,
    replication: int,
    rows: float = math.inf,
    threads: int = 1,
    progress: Callable[[float], None] | None = None,
    patients: bool = True,
) -> Iterator[Tables]:
    """One replication: the tables `log`, `patients` and `capacity`, always in one part."""
    del rows, threads, progress
    run = Run(service, horizon=horizon, seed=seed, replication=replication)
    log, people, capacity = run.tables()
    yield log, people if patients else people[:0], capacity


class Run:
    """One replication of a service, from time 0 to the horizon."""

    def __init__(self, service: Service, *, horizon: float, seed: int, replication: int) -> None:
        self.service, self.horizon = service, horizon
        self.seed, self.replication = seed, replication
        self.calendar = Calendar()
        self.recorder = Recorder(replication, service.columns)
        self.transitions = Transitions(self)
        self.pools = {
            r.name: Pool(r, self) for r in sorted(service.resources, key=lambda r: r.name)
        }
        self.present: dict[int, Patient] = {}
        self.grant_is_due = False
        self.has_scores = any(isinstance(r.discipline, Score) for r in service.resources)

    def tables(self) -> Tables:
        for pool in self.pools.values():
            for day, amount in pool.resource.steps(self.horizon):
                self.calendar.at(day, (STEP, pool.resource.name), partial(self.step, pool, amount))
        for stream in self.service.streams:
            times = stream.times(seed=self.seed, replication=self.replication, horizon=self.horizon)
            self.await_arrival(stream, times)
        while self.calendar.peek() <= self.horizon:
            self.calendar.step()
        for number in sorted(self.present):
            self.censor(self.present[number])
        return self.recorder.tables()

    # --- one instant (9) -----------------------------------------------------------------------

    def step(self, pool: Pool, amount: int) -> None:
        """Phase 1: a capacity or a release takes effect."""
        pool.step(amount)
        kind = "capacity" if pool.resource.returned else "allotment"
        self.recorder.capacity(self.calendar.now, pool.resource.name, kind, amount, pool.stock)
        self.expect_grant()

    def ring(self, patient: Patient, name: str) -> None:
        """Phase 2: a clock rings (6)."""
        self.guard(patient)
        running = patient.running.pop(name)
        set_variables(patient, running.clock.sets)
        level = patient.depth if running.standing else running.level
        kind = Kind.STANDING_CLOCK if running.standing else Kind.CLOCK
        trigger = Trigger(kind, name, level, patient.clock_moves(name, level))
        self.transitions.carry_out(patient, trigger, running.clock.enters)

    def expect_grant(self) -> None:
        """Something changed: look for a grant when no ring is due any more."""
        if not self.grant_is_due:
            self.grant_is_due = True
            self.calendar.at(self.calendar.now, (GRANT,), self.grant)

    def grant(self) -> None:
        """Phase 3: one grant, to the first of the first queue that can be served (8)."""
        self.grant_is_due = False
        for pool in self.pools.values():
            if not pool.changed:
                continue
            patient = pool.next_to_serve()
            if patient is not None:
                self.serve(pool, patient)
                self.expect_grant()
                return
            pool.changed = isinstance(pool.resource.discipline, Score)

    def serve(self, pool: Pool, patient: Patient) -> None:
        """Give the patient what was asked, and carry out where that leads."""
        self.guard(patient)
        resource = pool.resource
        waiting = patient.requests.pop(resource.name)
        del pool.queue[patient.number]
        pool.grants.append((self.calendar.now, self.calendar.now - waiting.date))
        pool.take(waiting.request.amount)
        if resource.returned or resource.until is not None:
            held = patient.held.get(resource.name, 0)
            patient.held[resource.name] = held + waiting.request.amount
        moves = patient.request_moves(resource.name, waiting.level)
        trigger = Trigger(Kind.GRANT, resource.name, waiting.level, moves)
        self.transitions.carry_out(patient, trigger, waiting.request.enters)

    # --- arriving and leaving ------------------------------------------------------------------

    def await_arrival(self, stream: Stream, times: Iterator[tuple[int, float]]) -> None:
        number, time = next(times, (None, None))
        if number is not None and time is not None:
            arrival = partial(self.arrive, stream, number, times)
            self.calendar.at(time, (RING, number, events.ARRIVAL), arrival)

    def arrive(self, stream: Stream, number: int, times: Iterator[tuple[int, float]]) -> None:
        """An arrival is a ring (6)."""
        pathway = stream.pathway
        patient = self.present[number] = Patient(number, pathway, self)
        self.guard(patient)
        draw_variables(patient)
        set_variables(patient, stream.sets)
        self.recorder.patient(number, stream.name, patient.variables)
        self.transitions.log(patient, events.ARRIVE, 0, "", events.ARRIVAL, stream.name)
        for clock in pathway.standing_from_arrival:
            self.transitions.start_standing(patient, clock)
        trigger = Trigger(Kind.ARRIVAL, events.ARRIVAL, 0)
        self.transitions.carry_out(patient, trigger, stream.enters or pathway.start)
        self.await_arrival(stream, times)

    def censor(self, patient: Patient) -> None:
        state = patient.levels[-1].state.name
        self.recorder.event(
            patient.number, self.horizon, events.CENSOR, patient.depth, state, events.HORIZON, ""
        )

    def touch(self, pool: Pool) -> None:
        pool.changed = True
        self.expect_grant()

    def guard(self, patient: Patient) -> None:
        """A patient who rings without end in one instant is a model that does not move."""
        time, rings = patient.instant
        rings = rings + 1 if time == self.calendar.now else 1
        patient.instant = self.calendar.now, rings
        if rings > MAX_IN_AN_INSTANT:
            state = patient.levels[-1].state.name
            raise problems.no_end(state, patient.number, self.calendar.now)
