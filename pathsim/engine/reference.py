"""The SimPy engine: walks the named Pathway. It is written to be read, and is the definition.

`docs/law.md` says in words what stands here; section numbers are its. `simulate` calls `run`.
It knows no therapy, no file and no outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from pathsim import events
from pathsim.engine.calendar import GRANT, RING, STEP, Calendar
from pathsim.engine.change import RuleOfChange
from pathsim.engine.patient import Level, Patient
from pathsim.engine.pool import Pool
from pathsim.engine.setting import draw_variables, set_variables
from pathsim.errors import PathwayError
from pathsim.events import Recorder
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    LEAVE,
    MAX_DEPTH,
    RETURN,
    Choice,
    Clock,
    Detour,
    State,
)
from pathsim.pathway.reading import pick, product
from pathsim.pathway.service import Score, Service, Stream

if TYPE_CHECKING:
    import pandas as pd

MAX_IN_AN_INSTANT = 10_000
"""Rings and grants of one patient: more are a model that does not move."""


def run(
    service: Service, *, horizon: float, seed: int, replication: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One replication: the tables `log`, `patients` and `capacity`."""
    return Run(service, horizon=horizon, seed=seed, replication=replication).tables()


class Run:
    """One replication of a service, from time 0 to the horizon."""

    def __init__(self, service: Service, *, horizon: float, seed: int, replication: int) -> None:
        self.service, self.horizon = service, horizon
        self.seed, self.replication = seed, replication
        self.calendar = Calendar()
        self.recorder = Recorder(replication)
        self.change = RuleOfChange(self)
        self.pools = {
            r.name: Pool(r, self) for r in sorted(service.resources, key=lambda r: r.name)
        }
        self.present: dict[int, Patient] = {}
        self.grant_is_due = False
        self.has_scores = any(isinstance(r.discipline, Score) for r in service.resources)
        pathways = {s.pathway.name: s.pathway for s in service.streams}
        self.states = {n: {s.name: s for s in p.states} for n, p in pathways.items()}
        self.choices = {n: {c.name: c for c in p.choices} for n, p in pathways.items()}
        self.detours = {n: {d.name: d for d in p.detours} for n, p in pathways.items()}
        self.standing = {n: {c.name: c for c in p.standing} for n, p in pathways.items()}
        self.moments = {
            n: {v.name for v in p.variables if v.kind == "moment"} for n, p in pathways.items()
        }

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
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
        self.carry_out(
            patient,
            name,
            running.clock.enters,
            level=level,
            moves=patient.clock_moves(name, level),
            started_by=None if running.standing else name,
            leaves=running.standing,
        )

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
        self.carry_out(
            patient,
            resource.name,
            waiting.request.enters,
            level=waiting.level,
            moves=patient.request_moves(resource.name, waiting.level),
            started_by=resource.name,
            granted=True,
        )

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
        draw_variables(patient)
        set_variables(patient, stream.sets)
        self.recorder.patient(number, stream.name, patient.variables)
        self.log(patient, events.ARRIVE, 0, "", events.ARRIVAL, stream.name)
        for clock in pathway.standing_from_arrival:
            self.start_standing(patient, clock)
        self.carry_out(
            patient, events.ARRIVAL, stream.enters or pathway.start, level=0, arriving=True
        )
        self.await_arrival(stream, times)

    def censor(self, patient: Patient) -> None:
        state = patient.levels[-1].state.name
        self.recorder.event(
            patient.number, self.horizon, events.CENSOR, patient.depth, state, "horizon", ""
        )

    # --- what happens (6) ----------------------------------------------------------------------

    def carry_out(
        self,
        patient: Patient,
        cause: str,
        target: str,
        *,
        level: int,
        moves: bool = False,
        started_by: str | None = None,
        leaves: bool = False,
        granted: bool = False,
        arriving: bool = False,
    ) -> None:
        """Resolve the target, settle the new configuration, then apply the rule of change (5)."""
        target, cause = self.resolve(patient, target, cause, level)
        name = target.removeprefix(LEAVE)
        detour = self.detours[patient.pathway.name].get(name)
        state = self.states[patient.pathway.name].get(name)
        if detour is not None:
            self.interrupt(patient, detour, cause, level=level, started_by=started_by)
        elif state is not None and state.ends:
            self.end(patient, state, cause)
            return
        elif state is not None and (leaves or target != name):
            self.move_to(patient, state, cause, level=0, drop=True)
        elif state is not None:
            self.move_to(patient, state, cause, level=level, drop=not moves)
        elif granted:
            raise self.nowhere(patient, cause, name)
        elif name == HERE:
            self.enter_again(patient, cause, level=level, drop=not moves)
        else:
            self.turn_back(patient, cause, level=level, stuck=moves or leaves)
            if name == AGAIN:
                self.enter_again(patient, cause, level=patient.depth, drop=False)
        self.change.apply(patient, arriving=arriving)

    def resolve(self, patient: Patient, target: str, cause: str, level: int) -> tuple[str, str]:
        """Pass choices until the target is none; the final target and its immediate cause."""
        prefix = ""
        while True:
            if target.startswith(LEAVE):
                prefix, target = LEAVE, target.removeprefix(LEAVE)
            choice = self.choices[patient.pathway.name].get(target)
            if choice is None:
                return prefix + target, cause
            way = self.choose(patient, choice)
            self.log(patient, events.CHOICE, level, choice.name, cause, way.name)
            set_variables(patient, way.sets)
            target, cause = way.enters, choice.name

    def choose(self, patient: Patient, choice: Choice) -> Any:
        """The option drawn, or the first rule that holds."""
        if choice.rules:
            return next(r for r in choice.rules if all(c.holds(patient) for c in r.when))
        weights = [o.probability * product(o.odds, patient) for o in choice.options]
        return choice.options[pick(weights, patient.uniform(choice.name))]

    def interrupt(
        self, patient: Patient, detour: Detour, cause: str, *, level: int, started_by: str | None
    ) -> None:
        if patient.depth >= MAX_DEPTH:
            self.enter_again(patient, cause, level=patient.depth, drop=False)
            return
        first, reason = self.resolve(patient, detour.enters, cause, level)
        state = self.states[patient.pathway.name][first]
        listing = self.enter(patient, state)
        patient.levels.append(Level(state, listing, detour, started_by))
        self.log(patient, events.DETOUR, patient.depth, state.name, reason, detour.name)

    def move_to(
        self, patient: Patient, state: State, cause: str, *, level: int, drop: bool
    ) -> None:
        """A state takes the place of a level's; the levels above go, unless the ring moves."""
        if not patient.levels:
            patient.levels.append(Level(state, self.enter(patient, state)))
            self.log(patient, events.ENTER, 0, state.name, cause)
            return
        beneath = level < patient.depth and not drop
        if drop:
            del patient.levels[level + 1 :]
        listing = self.enter(patient, state)
        patient.levels[level].state, patient.levels[level].listing = state, listing
        self.log(patient, events.MOVE if beneath else events.ENTER, level, state.name, cause)

    def enter_again(self, patient: Patient, cause: str, *, level: int, drop: bool) -> None:
        here = patient.levels[level]
        if drop and level < patient.depth:
            del patient.levels[level + 1 :]
            self.log(patient, events.RETURN, level, here.state.name, cause)
        here.listing = patient.read(here.state)
        self.log(patient, events.HERE, level, here.state.name, cause)

    def turn_back(self, patient: Patient, cause: str, *, level: int, stuck: bool) -> None:
        if level == 0 or stuck:
            raise self.nowhere(patient, cause, RETURN)
        del patient.levels[level:]
        self.log(patient, events.RETURN, level - 1, patient.levels[-1].state.name, cause)

    def nowhere(self, patient: Patient, cause: str, target: str) -> PathwayError:
        return PathwayError(
            f"'{cause}' leads to '{target}', but there is nothing to go back to",
            f"patient {patient.number}, day {self.calendar.now:g}",
            "return only by a clock of a state inside a detour; a grant must enter a state",
        )

    def end(self, patient: Patient, state: State, cause: str) -> None:
        set_variables(patient, state.sets)
        self.use_up(patient, state)
        patient.levels = [Level(state, {})]
        self.log(patient, events.END, 0, state.name, cause)
        self.change.apply(patient)
        for running in patient.running.values():
            self.change.cancel(running)
        patient.running.clear()
        del self.present[patient.number]

    # --- entry, setting ------------------------------------------------------------------------

    def enter(self, patient: Patient, state: State) -> dict[str, Any]:
        """Entry into a state: set, stop and start standing clocks, read the listing."""
        set_variables(patient, state.sets)
        standing = self.standing[patient.pathway.name]
        for name in state.stops:
            if name in patient.running:
                self.change.cancel(patient.running.pop(name))
        for name in state.starts:
            if name not in patient.running:
                self.start_standing(patient, standing[name])
        self.use_up(patient, state)
        return patient.read(state)

    def use_up(self, patient: Patient, state: State) -> None:
        """An allotment that is kept until this state is used up for good (8)."""
        for name, amount in list(patient.held.items()):
            if self.pools[name].resource.until == state.name:
                self.pools[name].give_back(amount, used_up=True)
                del patient.held[name]

    def start_standing(self, patient: Patient, clock: Clock) -> None:
        self.change.start(patient, patient.read_clock(clock), level=0, paused=False, standing=True)

    def touch(self, pool: Pool) -> None:
        pool.changed = True
        self.expect_grant()

    # --- the log -------------------------------------------------------------------------------

    def log(
        self, patient: Patient, kind: str, depth: int, state: str, cause: str, option: str = ""
    ) -> None:
        self.recorder.event(patient.number, self.calendar.now, kind, depth, state, cause, option)

    def guard(self, patient: Patient) -> None:
        """A patient who rings without end in one instant is a model that does not move."""
        time, rings = patient.instant
        rings = rings + 1 if time == self.calendar.now else 1
        patient.instant = self.calendar.now, rings
        if rings > MAX_IN_AN_INSTANT:
            raise PathwayError(
                f"patient {patient.number} rings without end on day {self.calendar.now:g}",
                patient.levels[-1].state.name,
                "a clock of this state, or of those it leads to, must take time",
            )
