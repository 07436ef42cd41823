"""Workloads A and B as a skilled SimPy user writes and tunes them: a process a patient.

Tuned: numbers drawn by the thousand; of competing clocks only the first becomes a timeout, so no
condition and no interrupt is needed; places are a count and a deque, and a patient is woken by an
event only where there is a queue; the log is a list of tuples (patient, time, kind); the garbage
collector is off while it runs. It stays SimPy: processes, timeouts and events.

Read beside `workloads.py`, which says what each step means.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.by_hand_luck import (
    ARRIVE,
    AT_HOME,
    AWAITING_BED,
    AWAITING_CLINIC,
    AWAITING_ICU,
    AWAITING_SLOT,
    AWAITING_WARD,
    BACK,
    COURSE,
    DEAD,
    FIRST_STAY,
    IN_CLINIC,
    IN_ICU,
    IN_SLOT,
    IN_WARD,
    LATE,
    SECOND_STAY,
    Luck,
    Row,
    no_collection,
)
from benchmarks.workloads import PLACES

Steps = Generator[simpy.Event, Any, None]


class Places:
    """Places and who waits for one, first come first served; far less than simpy.Resource."""

    def __init__(self, env: simpy.Environment, places: int) -> None:
        self.env, self.free = env, places
        self.queue: deque[simpy.Event] = deque()

    def turn(self) -> simpy.Event:
        """The event of being given a place."""
        event = self.env.event()
        self.queue.append(event)
        return event

    def give_back(self) -> None:
        """To the first who still waits; one who has left has been woken already."""
        while self.queue:
            event = self.queue.popleft()
            if not event.triggered:
                event.succeed(True)
                return
        self.free += 1


def gives_up(turn: simpy.Event) -> Any:
    """What a timeout calls to wake a patient who waited in vain."""

    def wake(_: simpy.Event) -> None:
        if not turn.triggered:
            turn.succeed(False)

    return wake


def clinic(patients: int, *, seed: int) -> list[Row]:
    """Workload A: the rows in order of time."""
    env, luck = simpy.Environment(), Luck(seed)
    timeout, process = env.timeout, env.process
    slots, beds, icus, clinics, wards = (Places(env, n) for n in PLACES.values())
    rows: list[Row] = []
    say = rows.append

    def patient(number: int) -> Steps:
        now = env.now
        say((number, now, ARRIVE))
        say((number, now, AWAITING_SLOT))
        dies = now + luck.death_before()
        if slots.free:
            slots.free -= 1
        else:
            turn = slots.turn()
            timeout(dies - now).callbacks.append(gives_up(turn))
            if not (yield turn):
                say((number, env.now, DEAD))
                return
            now = env.now
        say((number, now, IN_SLOT))
        made = now + luck.making()
        if dies < made:
            yield timeout(dies - now)
            say((number, env.now, DEAD))
            slots.give_back()
            return
        yield timeout(made - now)
        say((number, env.now, AWAITING_BED))
        slots.give_back()

        if beds.free:
            beds.free -= 1
        else:
            yield beds.turn()
        say((number, env.now, FIRST_STAY))
        yield timeout(luck.stay())
        say((number, env.now, COURSE))
        if luck.severe():
            say((number, env.now, AWAITING_ICU))
            if icus.free:
                icus.free -= 1
            else:
                yield icus.turn()
            say((number, env.now, IN_ICU))
            yield timeout(luck.icu())
            icus.give_back()
        say((number, env.now, SECOND_STAY))
        yield timeout(luck.stay())
        say((number, env.now, AT_HOME))
        beds.give_back()

        relapse, death = luck.relapse(), luck.death_in_remission()
        if death < relapse:
            yield timeout(death)
            say((number, env.now, DEAD))
            return
        yield timeout(relapse)
        say((number, env.now, AWAITING_CLINIC))
        if clinics.free:
            clinics.free -= 1
        else:
            yield clinics.turn()
        now = env.now
        say((number, now, IN_CLINIC))
        progresses = now + luck.progression()
        while True:
            left, infection = progresses - now, luck.infection()
            if left <= infection:
                yield timeout(left)
                break
            yield timeout(infection)
            now = env.now
            say((number, now, AWAITING_WARD))
            left = progresses - now
            if wards.free:
                wards.free -= 1
            else:
                turn = wards.turn()
                timeout(left).callbacks.append(gives_up(turn))
                if not (yield turn):
                    break
                now = env.now
                left = progresses - now
            say((number, now, IN_WARD))
            recovery = luck.recovery()
            yield timeout(recovery if recovery < left else left)
            wards.give_back()
            if left <= recovery:
                break
            now = env.now
            say((number, now, BACK))
        say((number, env.now, LATE))
        clinics.give_back()
        yield timeout(luck.death())
        say((number, env.now, DEAD))

    def arrivals() -> Steps:
        for number in range(patients):
            process(patient(number))
            yield timeout(1.0)

    process(arrivals())
    with no_collection():
        env.run()
    return rows


def free(patients: int, *, seed: int) -> list[Row]:
    """Workload B: the rows in order of time."""
    env, luck = simpy.Environment(), Luck(seed)
    timeout, process = env.timeout, env.process
    rows: list[Row] = []
    say = rows.append

    def patient(number: int) -> Steps:
        say((number, env.now, ARRIVE))
        say((number, env.now, IN_SLOT))
        made, death = luck.making(), luck.death_before()
        if death < made:
            yield timeout(death)
            say((number, env.now, DEAD))
            return
        yield timeout(made)
        say((number, env.now, FIRST_STAY))
        yield timeout(luck.stay())
        say((number, env.now, COURSE))
        if luck.severe():
            say((number, env.now, IN_ICU))
            yield timeout(luck.icu())
        say((number, env.now, SECOND_STAY))
        yield timeout(luck.stay())
        say((number, env.now, AT_HOME))
        relapse, death = luck.relapse(), luck.death_in_remission()
        if death < relapse:
            yield timeout(death)
            say((number, env.now, DEAD))
            return
        yield timeout(relapse)
        now = env.now
        say((number, now, IN_CLINIC))
        progresses = now + luck.progression()
        while True:
            left, infection = progresses - now, luck.infection()
            if left <= infection:
                yield timeout(left)
                break
            yield timeout(infection)
            now = env.now
            say((number, now, IN_WARD))
            left, recovery = progresses - now, luck.recovery()
            if left <= recovery:
                yield timeout(left)
                break
            yield timeout(recovery)
            now = env.now
            say((number, now, BACK))
        say((number, env.now, LATE))
        yield timeout(luck.death())
        say((number, env.now, DEAD))

    def arrivals() -> Steps:
        for number in range(patients):
            process(patient(number))
            yield timeout(1.0)

    process(arrivals())
    with no_collection():
        env.run()
    return rows
