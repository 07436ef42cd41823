"""Workloads A and B in SimPy without processes: what is left of it when all else is tuned away.

A patient is one SimPy event, armed again for whatever is first to happen, so the calendar holds
one entry a patient; a clock that no longer matters loses its callback. Places are a count and a
deque. What is not done: looking ahead. Everything that happens is an event at its own time, and
the log, a list of tuples (patient, time, kind), grows in order of time. A list of callbacks is made
once for each thing that can happen: SimPy only walks it.

Few would write SimPy so: `by_hand_simpy.py` is what a skilled user writes. Read beside
`workloads.py`, which says what each step means.
"""

from __future__ import annotations

from collections import deque
from math import inf
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

NORMAL = 1
"""SimPy's priority of what is not urgent."""


class Patient(simpy.Event):
    """A patient, and the SimPy event of what happens to them next."""

    def __init__(self, env: simpy.Environment, number: int) -> None:
        self.env = env
        self.number = number
        self.until = inf
        self.waiting = False
        self.callbacks: Any = None
        self._ok, self._value = True, None


def clinic(patients: int, *, seed: int) -> list[Row]:
    """Workload A: the rows in order of time.

    One function: names around a function are quicker to find than attributes of an object.
    """
    env, luck = simpy.Environment(), Luck(seed)
    rows: list[Row] = []
    say = rows.append
    schedule: Any = env.schedule
    slots, beds, icus, clinics, wards = PLACES.values()
    for_slot: deque[Patient] = deque()
    for_bed: deque[Patient] = deque()
    for_icu: deque[Patient] = deque()
    for_clinic: deque[Patient] = deque()
    for_ward: deque[Patient] = deque()
    came = 0

    # --- before infusion ---

    def arrives(event: Any) -> None:
        nonlocal came, slots
        now, patient = env.now, Patient(env, came)
        say((came, now, ARRIVE))
        say((came, now, AWAITING_SLOT))
        came += 1
        if came < patients:
            event.callbacks = then_arrives
            schedule(event, NORMAL, 1.0)
        life = luck_death_before()
        if slots:
            slots -= 1
            say((patient.number, now, IN_SLOT))
            days = luck_making()
            patient.callbacks = then_made if days < life else then_dies_in_slot
            schedule(patient, NORMAL, days if days < life else life)
        else:
            patient.waiting, patient.until = True, now + life
            for_slot.append(patient)
            patient.callbacks = then_dies_waiting
            schedule(patient, NORMAL, life)

    def dies_waiting(patient: Any) -> None:
        patient.waiting = False
        say((patient.number, env.now, DEAD))

    def slot_is_free(now: float) -> None:
        nonlocal slots
        while for_slot:
            patient = for_slot.popleft()
            if patient.waiting:
                say((patient.number, now, IN_SLOT))
                days = luck_making()
                if now + days < patient.until:
                    patient.callbacks = then_nothing
                    patient = Patient(env, patient.number)
                    patient.callbacks = then_made
                    schedule(patient, NORMAL, days)
                else:
                    patient.callbacks = then_dies_in_slot
                return
        slots += 1

    def dies_in_slot(patient: Any) -> None:
        now = env.now
        say((patient.number, now, DEAD))
        slot_is_free(now)

    def made(patient: Any) -> None:
        nonlocal beds
        now = env.now
        say((patient.number, now, AWAITING_BED))
        if beds:
            beds -= 1
            to_bed(patient, now)
        else:
            for_bed.append(patient)
        slot_is_free(now)

    # --- in a bed ---

    def to_bed(patient: Patient, now: float) -> None:
        say((patient.number, now, FIRST_STAY))
        patient.callbacks = then_first_ends
        schedule(patient, NORMAL, luck_stay())

    def first_ends(patient: Any) -> None:
        nonlocal icus
        now = env.now
        say((patient.number, now, COURSE))
        if not luck_severe():
            say((patient.number, now, SECOND_STAY))
            patient.callbacks = then_second_ends
            schedule(patient, NORMAL, luck_stay())
            return
        say((patient.number, now, AWAITING_ICU))
        if icus:
            icus -= 1
            to_icu(patient, now)
        else:
            for_icu.append(patient)

    def to_icu(patient: Patient, now: float) -> None:
        say((patient.number, now, IN_ICU))
        patient.callbacks = then_icu_ends
        schedule(patient, NORMAL, luck_icu())

    def icu_ends(patient: Any) -> None:
        nonlocal icus
        now = env.now
        say((patient.number, now, SECOND_STAY))
        patient.callbacks = then_second_ends
        schedule(patient, NORMAL, luck_stay())
        if for_icu:
            to_icu(for_icu.popleft(), now)
        else:
            icus += 1

    def second_ends(patient: Any) -> None:
        nonlocal beds
        now = env.now
        say((patient.number, now, AT_HOME))
        relapse, death = luck_relapse(), luck_death_in_remission()
        patient.callbacks = then_relapses if relapse < death else then_dies
        schedule(patient, NORMAL, relapse if relapse < death else death)
        if for_bed:
            to_bed(for_bed.popleft(), now)
        else:
            beds += 1

    def dies(patient: Any) -> None:
        say((patient.number, env.now, DEAD))

    # --- in the clinic ---

    def relapses(patient: Any) -> None:
        nonlocal clinics
        now = env.now
        say((patient.number, now, AWAITING_CLINIC))
        if clinics:
            clinics -= 1
            to_clinic(patient, now)
        else:
            for_clinic.append(patient)

    def to_clinic(patient: Patient, now: float) -> None:
        say((patient.number, now, IN_CLINIC))
        patient.until = now + luck_progression()
        until_next(patient, now)

    def until_next(patient: Patient, now: float) -> None:
        left, infection = patient.until - now, luck_infection()
        patient.callbacks = then_falls_ill if infection < left else then_progresses
        schedule(patient, NORMAL, infection if infection < left else left)

    def falls_ill(patient: Any) -> None:
        nonlocal wards
        now = env.now
        say((patient.number, now, AWAITING_WARD))
        if wards:
            wards -= 1
            to_ward(patient, now)
        else:
            patient.waiting = True
            for_ward.append(patient)
            patient.callbacks = then_progresses_waiting
            schedule(patient, NORMAL, patient.until - now)

    def to_ward(patient: Patient, now: float) -> None:
        say((patient.number, now, IN_WARD))
        left, recovery = patient.until - now, luck_recovery()
        patient.callbacks = then_recovers if recovery < left else then_progresses_in_ward
        schedule(patient, NORMAL, recovery if recovery < left else left)

    def ward_is_free(now: float) -> None:
        nonlocal wards
        while for_ward:
            patient = for_ward.popleft()
            if patient.waiting:
                patient.callbacks = then_nothing
                again = Patient(env, patient.number)
                again.until = patient.until
                to_ward(again, now)
                return
        wards += 1

    def recovers(patient: Any) -> None:
        now = env.now
        say((patient.number, now, BACK))
        until_next(patient, now)
        ward_is_free(now)

    def progresses(patient: Any) -> None:
        nonlocal clinics
        now = env.now
        patient.waiting = False
        say((patient.number, now, LATE))
        patient.callbacks = then_dies
        schedule(patient, NORMAL, luck_death())
        if for_clinic:
            to_clinic(for_clinic.popleft(), now)
        else:
            clinics += 1

    def progresses_in_ward(patient: Any) -> None:
        progresses(patient)
        ward_is_free(env.now)

    then_arrives, then_dies_waiting, then_dies_in_slot, then_made = (
        [arrives],
        [dies_waiting],
        [dies_in_slot],
        [made],
    )
    then_first_ends, then_icu_ends, then_second_ends = [first_ends], [icu_ends], [second_ends]
    then_relapses, then_dies, then_falls_ill, then_recovers = (
        [relapses],
        [dies],
        [falls_ill],
        [recovers],
    )
    then_progresses, then_progresses_waiting = [progresses], [progresses]
    then_progresses_in_ward, then_nothing = [progresses_in_ward], list[Any]()
    luck_death_before, luck_making, luck_stay = luck.death_before, luck.making, luck.stay
    luck_severe, luck_icu, luck_relapse = luck.severe, luck.icu, luck.relapse
    luck_death_in_remission, luck_infection = luck.death_in_remission, luck.infection
    luck_recovery, luck_progression, luck_death = luck.recovery, luck.progression, luck.death

    first = Patient(env, 0)
    first.callbacks = then_arrives
    schedule(first, NORMAL, 0.0)
    with no_collection():
        env.run()
    return rows


def free(patients: int, *, seed: int) -> list[Row]:
    """Workload B: the rows in order of time."""
    env, luck = simpy.Environment(), Luck(seed)
    rows: list[Row] = []
    say = rows.append
    schedule: Any = env.schedule
    came = 0

    def arrives(event: Any) -> None:
        nonlocal came
        now, patient = env.now, Patient(env, came)
        say((came, now, ARRIVE))
        say((came, now, IN_SLOT))
        came += 1
        if came < patients:
            event.callbacks = then_arrives
            schedule(event, NORMAL, 1.0)
        days, life = luck.making(), luck.death_before()
        patient.callbacks = then_made if days < life else then_dies
        schedule(patient, NORMAL, days if days < life else life)

    def made(patient: Any) -> None:
        say((patient.number, env.now, FIRST_STAY))
        patient.callbacks = then_first_ends
        schedule(patient, NORMAL, luck.stay())

    def first_ends(patient: Any) -> None:
        now = env.now
        say((patient.number, now, COURSE))
        if luck.severe():
            say((patient.number, now, IN_ICU))
            patient.callbacks = then_icu_ends
            schedule(patient, NORMAL, luck.icu())
        else:
            icu_ends(patient)

    def icu_ends(patient: Any) -> None:
        say((patient.number, env.now, SECOND_STAY))
        patient.callbacks = then_second_ends
        schedule(patient, NORMAL, luck.stay())

    def second_ends(patient: Any) -> None:
        say((patient.number, env.now, AT_HOME))
        relapse, death = luck.relapse(), luck.death_in_remission()
        patient.callbacks = then_relapses if relapse < death else then_dies
        schedule(patient, NORMAL, relapse if relapse < death else death)

    def relapses(patient: Any) -> None:
        now = env.now
        say((patient.number, now, IN_CLINIC))
        patient.until = now + luck.progression()
        until_next(patient, now)

    def until_next(patient: Patient, now: float) -> None:
        left, infection = patient.until - now, luck.infection()
        patient.callbacks = then_falls_ill if infection < left else then_progresses
        schedule(patient, NORMAL, infection if infection < left else left)

    def falls_ill(patient: Any) -> None:
        now = env.now
        say((patient.number, now, IN_WARD))
        left, recovery = patient.until - now, luck.recovery()
        patient.callbacks = then_recovers if recovery < left else then_progresses
        schedule(patient, NORMAL, recovery if recovery < left else left)

    def recovers(patient: Any) -> None:
        now = env.now
        say((patient.number, now, BACK))
        until_next(patient, now)

    def progresses(patient: Any) -> None:
        say((patient.number, env.now, LATE))
        patient.callbacks = then_dies
        schedule(patient, NORMAL, luck.death())

    def dies(patient: Any) -> None:
        say((patient.number, env.now, DEAD))

    then_arrives, then_made, then_dies, then_first_ends = [arrives], [made], [dies], [first_ends]
    then_icu_ends, then_second_ends, then_relapses = [icu_ends], [second_ends], [relapses]
    then_falls_ill, then_recovers, then_progresses = [falls_ill], [recovers], [progresses]

    first = Patient(env, 0)
    first.callbacks = then_arrives
    schedule(first, NORMAL, 0.0)
    with no_collection():
        env.run()
    return rows
