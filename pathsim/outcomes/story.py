"""One patient's story in sentences, from the log and the marks alone.

Called by `trace` and by anyone who wants to see what a pathway does to somebody. Rows that nothing
but a choice separates become one sentence; `folding` makes a short story of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pathsim import events
from pathsim.events import Log
from pathsim.outcomes.catalogue import Mark, Marking
from pathsim.outcomes.resources import waits
from pathsim.outcomes.stays import stays

Row = dict[str, Any]


def story(log: Log, patient: int, marking: Marking, *, replication: int | None = None) -> list[str]:
    """The life of one patient, "Day 12: ..." a sentence, in order; see `told`."""
    return [f"Day {day_words(s.day)}: {s.words}" for s in told(log, patient, marking,
            replication=replication)]  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """What happens to a patient at a moment: why, and what; the state is that of its row."""

    day: float
    kind: str
    depth: int
    state: str
    cause: str
    why: str
    what: str
    detour: str = ""

    @property
    def words(self) -> str:
        return f"{self.why}: {self.what}" if self.why else self.what


def told(
    log: Log, patient: int, marking: Marking, *, replication: int | None = None
) -> list[Sentence]:
    """Every sentence of one patient's life, in order.

    `replication` None is the first of the log. Raises ValueError for a patient who never came.
    """
    rows = log.log
    number = int(rows["replication"].iloc[0]) if replication is None and len(rows) else replication
    mine = rows[(rows["replication"] == number) & (rows["patient"] == patient)]
    if not len(mine):
        raise ValueError(f"patient {patient} never came in replication {number}")
    teller = Teller(marking, _waited(mine, marking))
    return [teller.tell(step) for step in _steps(mine)]


@dataclass(frozen=True)
class Step:
    """A row of the log with the choices passed on the way to it, and what led to the first."""

    row: Row
    trigger: str
    choices: tuple[tuple[str, str], ...]


def _steps(mine: Any) -> Iterator[Step]:
    passed: list[Row] = []
    last: tuple[Any, ...] = ()
    for row in mine.to_dict("records"):
        # Leaving a detour for `here` writes a return and a here: one sentence tells both.
        before, last = last, (row["kind"], row["time"], row["depth"], row["state"])
        if row["kind"] == events.HERE and before == (events.RETURN, *last[1:]):
            continue
        if row["kind"] == events.CHOICE:
            passed.append(row)
            continue
        taken = tuple((str(c["state"]), str(c["option"])) for c in passed)
        yield Step(row, str((passed or [row])[0]["cause"]), taken)
        passed = []


def _waited(mine: Any, marking: Marking) -> dict[tuple[str, float], float]:
    """(resource, day of grant) -> days waited."""
    table = waits(stays(mine, marking), marking)
    got = table[table["outcome"] == "granted"]
    rows = zip(got["resource"], got["to"], got["days"], strict=True)
    return {(str(resource), float(day)): float(days) for resource, day, days in rows}


@dataclass
class Teller:
    """Turns the steps of one life into sentences and counts its lines."""

    marking: Marking
    waited: dict[tuple[str, float], float]
    line: int = 0

    def tell(self, step: Step) -> Sentence:
        row, kind, state = step.row, str(step.row["kind"]), str(step.row["state"])
        why, detour = "", str(row["option"]) if kind == events.DETOUR else ""
        if kind == events.ARRIVE:
            what = f"Arrives ({row['option']})."
        elif kind == events.CENSOR:
            what = f"The run ends; still in {named(state)}."
        else:
            why, what = self.why(step), self.what(kind, state, row)
        return Sentence(row["time"], kind, row["depth"], state, step.trigger, why, what, detour)

    def why(self, step: Step) -> str:
        """What led here: the clock, the grant with its wait, the choices."""
        cause = step.trigger
        days = self.waited.get((cause, float(step.row["time"])))
        if days is not None:
            waited = f"after {day_words(days)} days" if days else "at once"
            cause = f"{named(cause)} granted {waited}"
        elif cause == "arrival":
            cause = "on arrival"
        taken = [f"{named(choice)}, {option}" for choice, option in step.choices]
        return _sentence("; ".join([named(cause), *taken]))

    def what(self, kind: str, state: str, row: Row) -> str:
        mark = self.marking[state]
        if kind == events.END:
            return f"the end, {mark.words or named(state)}."
        if kind == events.RETURN:
            return f"goes back to {named(state)}."
        if kind == events.HERE:
            return f"stays in {named(state)}."
        if kind == events.MOVE:
            return f"will go back to {named(state)}{self.details(mark)}."
        if kind == events.DETOUR:
            into = f"{named(str(row['option']))}, {named(state)}"
            return f"is interrupted by {into}{self.details(mark)}."
        return f"goes to {named(state)}{self.details(mark)}."

    def details(self, mark: Mark) -> str:
        """What is true there: line, treatment, setting, things used, places held and waited for."""
        parts = []
        if "line" in mark.tags:
            self.line += 1
            parts.append(f"line {self.line}" + (f" with {mark.therapy}" if mark.therapy else ""))
        if mark.setting not in (None, "home"):
            parts.append(f"in the {mark.setting}" if mark.setting != "icu" else "in intensive care")
        parts += [f"uses {_amount(n)}{named(item)}" for item, n in mark.uses.items() if n]
        parts += [f"holds {_amount(n)}{named(name)}" for name, n in mark.holds.items()]
        parts += [f"waits for {named(name)}" for name in mark.requests]
        told = "; ".join([*([mark.words] if mark.words else []), *parts])
        return f" ({told})" if told else ""


def day_words(time: float) -> str:
    return f"{time:.1f}".removesuffix(".0")


def _amount(n: float) -> str:
    return "" if n == 1 else f"{n:g} "


def named(name: str) -> str:
    return name.replace("_", " ")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
