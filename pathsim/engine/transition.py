"""Where a ring, a grant or an arrival leads (docs/law.md, section 6).

`reference.py` says that something happens to a patient; here its target is resolved, the new
configuration settled, and the rule of change applied (`change.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from pathsim import events
from pathsim.engine.change import RuleOfChange
from pathsim.engine.patient import Level, Patient
from pathsim.engine.setting import set_variables
from pathsim.errors import PathwayError
from pathsim.pathway import problems
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    LEAVE,
    MAX_DEPTH,
    RETURN,
    Choice,
    Clock,
    Detour,
    Option,
    Rule,
    State,
)
from pathsim.pathway.reading import pick, product

if TYPE_CHECKING:
    from pathsim.engine.reference import Run


class Kind(Enum):
    """What may happen to a patient."""

    CLOCK = auto()
    STANDING_CLOCK = auto()
    GRANT = auto()
    ARRIVAL = auto()


@dataclass(frozen=True)
class Trigger:
    """What happens: its kind and name, the level that it belongs to, and whether it moves."""

    kind: Kind
    name: str
    level: int
    moves: bool = False

    @property
    def starts(self) -> str | None:
        """What a detour that it begins is started by."""
        return self.name if self.kind in (Kind.CLOCK, Kind.GRANT) else None


class Transitions:
    """The transitions of the patients of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.change = RuleOfChange(run)

    def carry_out(self, patient: Patient, trigger: Trigger, target: str) -> None:
        """Resolve the target, settle the new configuration, then apply the rule of change (5)."""
        target, cause = self.resolve(patient, trigger, target, trigger.name)
        name = target.removeprefix(LEAVE)
        thing = patient.pathway.named.get(name)
        if trigger.kind is Kind.ARRIVAL and not isinstance(thing, State):
            raise self.nowhere(patient, cause, name)
        if isinstance(thing, Detour):
            self.interrupt(patient, trigger, thing, cause)
        elif isinstance(thing, State) and thing.ends:
            self.end(patient, thing, cause)
            return
        elif isinstance(thing, State):
            leaves = trigger.kind is Kind.STANDING_CLOCK or target != name
            self.move_to(patient, thing, cause, level=0 if leaves else trigger.level,
                         drop=leaves or not trigger.moves)  # fmt: skip
        elif trigger.kind is Kind.GRANT:
            raise self.nowhere(patient, cause, name)
        elif name == HERE:
            self.enter_again(patient, cause, level=trigger.level, drop=not trigger.moves)
        else:
            self.turn_back(patient, trigger, cause)
            if name == AGAIN:
                self.enter_again(patient, cause, level=patient.depth, drop=False)
        self.change.apply(patient, arriving=trigger.kind is Kind.ARRIVAL)

    # --- choices -------------------------------------------------------------------------------

    def resolve(
        self, patient: Patient, trigger: Trigger, target: str, cause: str
    ) -> tuple[str, str]:
        """Pass choices until the target is none; the final target and its immediate cause."""
        prefix = ""
        while True:
            if target.startswith(LEAVE):
                prefix, target = LEAVE, target.removeprefix(LEAVE)
            choice = patient.pathway.named.get(target)
            if not isinstance(choice, Choice):
                return prefix + target, cause
            way = self.choose(patient, choice)
            self.log(patient, events.CHOICE, trigger.level, choice.name, cause, way.name)
            set_variables(patient, way.sets)
            target, cause = way.enters, choice.name

    def choose(self, patient: Patient, choice: Choice) -> Option | Rule:
        """The option drawn, or the first rule that holds."""
        if choice.rules:
            return next(r for r in choice.rules if all(c.holds(patient) for c in r.when))
        weights = [o.probability * product(o.odds, patient) for o in choice.options]
        return choice.options[pick(weights, patient.uniform(choice.name))]

    # --- the new configuration -----------------------------------------------------------------

    def interrupt(self, patient: Patient, trigger: Trigger, detour: Detour, cause: str) -> None:
        """One level more, unless there are four: then the ring is `here`."""
        if patient.depth >= MAX_DEPTH:
            self.enter_again(patient, cause, level=patient.depth, drop=False)
            return
        first, reason = self.resolve(patient, trigger, detour.enters, cause)
        state = patient.pathway.state(first)
        patient.levels.append(Level(state, self.enter(patient, state), detour, trigger.starts))
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
        """`here`: only the listing is read anew, after a return where levels are dropped."""
        here = patient.levels[level]
        if drop and level < patient.depth:
            del patient.levels[level + 1 :]
            self.log(patient, events.RETURN, level, here.state.name, cause)
        here.listing = patient.read(here.state)
        self.log(patient, events.HERE, level, here.state.name, cause)

    def turn_back(self, patient: Patient, trigger: Trigger, cause: str) -> None:
        """`return`: the trigger's own level goes, and all above it."""
        if trigger.level == 0 or trigger.moves or trigger.kind is Kind.STANDING_CLOCK:
            raise self.nowhere(patient, cause, RETURN)
        del patient.levels[trigger.level :]
        self.log(patient, events.RETURN, patient.depth, patient.levels[-1].state.name, cause)

    def end(self, patient: Patient, state: State, cause: str) -> None:
        """A terminal state is all that is left; everything that ran, waited or was held goes."""
        set_variables(patient, state.sets)
        self.use_up(patient, state)
        patient.levels = [Level(state, {})]
        self.log(patient, events.END, 0, state.name, cause)
        self.change.apply(patient)
        for name in list(patient.running):
            self.change.stop(patient, name)
        del self.run.present[patient.number]

    def enter(self, patient: Patient, state: State) -> dict[str, Any]:
        """Entry into a state: set, stop and start standing clocks, read the listing."""
        set_variables(patient, state.sets)
        for name in state.stops:
            self.change.stop(patient, name)
        for name in state.starts:
            if name not in patient.running:
                clock = next(c for c in patient.pathway.standing if c.name == name)
                self.start_standing(patient, clock)
        self.use_up(patient, state)
        return patient.read(state)

    def start_standing(self, patient: Patient, clock: Clock) -> None:
        self.change.start(patient, patient.read_clock(clock), level=0, paused=False, standing=True)

    def use_up(self, patient: Patient, state: State) -> None:
        """An allotment that is kept until this state is used up for good (8)."""
        for name, amount in list(patient.held.items()):
            if self.run.pools[name].resource.until == state.name:
                self.run.pools[name].give_back(amount, used_up=True)
                del patient.held[name]

    # --- what is said --------------------------------------------------------------------------

    def nowhere(self, patient: Patient, cause: str, target: str) -> PathwayError:
        return problems.nowhere(cause, target, patient.number, self.run.calendar.now)

    def log(
        self, patient: Patient, kind: str, depth: int, state: str, cause: str, option: str = ""
    ) -> None:
        now = self.run.calendar.now
        self.run.recorder.event(patient.number, now, kind, depth, state, cause, option)
