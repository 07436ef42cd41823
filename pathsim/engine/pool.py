"""One resource in the SimPy engine: what is held, what is left, who waits (docs/law.md, section 8).

`reference.py` asks it who is next; it never touches a patient's state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from pathsim import draws
from pathsim.engine.patient import Patient, key_of
from pathsim.pathway.reading import total
from pathsim.pathway.service import RANDOM, Resource, Score

if TYPE_CHECKING:
    from pathsim.engine.reference import Run

WINDOW, ENOUGH_GRANTS = 180.0, 5
"""The expected wait looks back so many days and needs so many grants."""


@dataclass
class Pool:
    """A resource as it stands: capacity and holdings, or stock, and the queue."""

    resource: Resource
    run: Run
    capacity: int = 0
    held: int = 0
    stock: int = 0
    queue: dict[int, Patient] = field(default_factory=dict)
    grants: list[tuple[float, float]] = field(default_factory=list)
    changed: bool = True
    """Whether a grant may have become possible since none was."""

    @property
    def room(self) -> int:
        return self.capacity - self.held if self.resource.returned else self.stock

    @property
    def free(self) -> int:
        asked = sum(p.requests[self.resource.name].request.amount for p in self.queue.values())
        return self.room - asked

    def step(self, amount: int) -> None:
        """A new capacity, or a release, takes effect."""
        self.changed = True
        if self.resource.returned:
            self.capacity = amount
        else:
            carry = self.resource.carry
            self.stock = (self.stock if carry is None else min(carry, self.stock)) + amount

    def take(self, amount: int) -> None:
        if self.resource.returned:
            self.held += amount
        else:
            self.stock -= amount

    def give_back(self, amount: int, *, used_up: bool) -> None:
        """Places are returned; an allotment goes back to the stock unless it was used up."""
        self.changed = True
        if self.resource.returned:
            self.held -= amount
        elif not used_up:
            self.stock += amount

    def next_to_serve(self) -> Patient | None:
        """The patient whose request can be granted now, or None."""
        if not self.queue or self.room < 1:
            return None
        name = self.resource.name
        waiting = [p for p in self.queue.values() if not p.requests[name].paused]
        if not self.resource.skip:
            waiting = [min(waiting, key=self._order)] if waiting else []
        fitting = [p for p in waiting if p.requests[name].request.amount <= self.room]
        return min(fitting, key=self._order) if fitting else None

    def _order(self, patient: Patient) -> tuple[int, float, float, int]:
        waiting = patient.requests[self.resource.name]
        return (
            waiting.request.rank,
            self._discipline(patient, waiting.date),
            waiting.date,
            patient.number,
        )

    def _discipline(self, patient: Patient, date: float) -> float:
        match self.resource.discipline:
            case Score() as score:
                points = total(score.terms, patient)
                return -(points + score.per_day_waited * (patient.now - date))
            case str(name) if name == RANDOM:
                key = key_of(f"queue:{self.resource.name}")
                return draws.uniform(
                    self.run.seed, self.run.replication, patient.number, key, len(self.grants)
                )
            case _:
                return 0.0

    def expected_wait(self, now: float) -> float:
        """Days from request to grant to be expected now (docs/law.md, section 6)."""
        waits: list[float] = []
        for date, waited in reversed(self.grants):
            if date < now - WINDOW:
                break
            waits.append(waited)
        if len(waits) >= ENOUGH_GRANTS:
            return median(waits)
        supply = self.resource.supply_a_day(now)
        return (len(self.queue) + 1) / supply if supply > 0 else float("inf")
