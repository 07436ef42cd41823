"""Workload A as the tutorials of SimPy teach it: clear, and not tuned at all.

A process a patient, `simpy.Resource`, conditions for what competes, `random` for chance, a row for
each change. Read beside `workloads.py`.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from math import log
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
    Row,
)
from benchmarks.workloads import INTENSIVE_CARE, PLACES

Steps = Generator[simpy.Event, Any, None]


class Clinic:
    """The service, and the log of its patients."""

    def __init__(self, env: simpy.Environment, chance: random.Random) -> None:
        self.env, self.chance = env, chance
        self.rows: list[Row] = []
        self.places = {name: simpy.Resource(env, capacity) for name, capacity in PLACES.items()}

    def say(self, number: int, kind: int) -> None:
        self.rows.append((number, self.env.now, kind))

    def exponential(self, mean: float) -> simpy.Timeout:
        return self.env.timeout(self.chance.expovariate(1.0 / mean))

    def lognormal(self, median: float, sigma: float) -> simpy.Timeout:
        return self.env.timeout(self.chance.lognormvariate(log(median), sigma))

    def weibull(self, shape: float, scale: float) -> simpy.Timeout:
        return self.env.timeout(self.chance.weibullvariate(scale, shape))

    def patient(self, number: int) -> Steps:
        self.say(number, ARRIVE)
        infused = yield self.env.process(self.infusion(number))
        if infused:
            yield self.env.process(self.stay(number))
            relapse, death = self.weibull(0.8, 700.0), self.exponential(2500.0)
            yield relapse | death
            if relapse.processed:
                yield self.env.process(self.clinic(number))
                yield self.exponential(150.0)
        self.say(number, DEAD)

    def infusion(self, number: int) -> Generator[simpy.Event, Any, bool]:
        self.say(number, AWAITING_SLOT)
        death = self.exponential(400.0)
        with self.places["slot"].request() as slot:
            yield slot | death
            if death.processed:
                return False
            self.say(number, IN_SLOT)
            made = self.lognormal(30.0, 0.3)
            yield made | death
            return made.processed

    def stay(self, number: int) -> Steps:
        self.say(number, AWAITING_BED)
        with self.places["bed"].request() as bed:
            yield bed
            self.say(number, FIRST_STAY)
            yield self.lognormal(6.0, 0.4)
            self.say(number, COURSE)
            if self.chance.random() < INTENSIVE_CARE:
                self.say(number, AWAITING_ICU)
                with self.places["icu"].request() as icu:
                    yield icu
                    self.say(number, IN_ICU)
                    yield self.exponential(4.0)
            self.say(number, SECOND_STAY)
            yield self.lognormal(6.0, 0.4)
        self.say(number, AT_HOME)

    def clinic(self, number: int) -> Steps:
        self.say(number, AWAITING_CLINIC)
        with self.places["clinic"].request() as place:
            yield place
            self.say(number, IN_CLINIC)
            progression = self.weibull(0.9, 300.0)
            while True:
                infection = self.exponential(180.0)
                yield infection | progression
                if progression.processed:
                    break
                self.say(number, AWAITING_WARD)
                with self.places["ward"].request() as bed:
                    yield bed | progression
                    if progression.processed:
                        break
                    self.say(number, IN_WARD)
                    yield self.exponential(8.0) | progression
                    if progression.processed:
                        break
                self.say(number, BACK)
        self.say(number, LATE)

    def arrivals(self, patients: int) -> Steps:
        for number in range(patients):
            self.env.process(self.patient(number))
            yield self.env.timeout(1.0)


def clinic(patients: int, *, seed: int) -> list[Row]:
    """Workload A: the rows in order of time."""
    env = simpy.Environment()
    model = Clinic(env, random.Random(seed))
    env.process(model.arrivals(patients))
    env.run()
    return model.rows
