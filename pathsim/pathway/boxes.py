"""A pathway cut into drawings, one a therapy: a box a state or choice, a row a way out.

Called by `drawing`, which puts the boxes on paper. Knows nothing of ink: no colours, no places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pathsim.pathway import graph, phrases
from pathsim.pathway.grouping import groups, owners
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    LEAVE,
    RETURN,
    Choice,
    Clock,
    Option,
    Pathway,
    State,
)

BACK = {HERE: "↺", RETURN: "↩", AGAIN: "↩↺"}
"""Signs of going on here, of going back from a detour, and of going back and reading anew."""

RowKind = Literal["grant", "clock", "death", "holds", "option"]


@dataclass(frozen=True)
class Row:
    """One line of a box; where it leads to a box of the same drawing, `to` names that."""

    text: str
    kind: RowKind
    to: str | None = None
    detour: bool = False


@dataclass(frozen=True)
class Box:
    """A state or a choice: its name, phase (or "choice") and rows, and the name to show."""

    name: str
    phase: str
    rows: tuple[Row, ...] = ()
    ends: bool = False
    title: str = ""


@dataclass(frozen=True)
class Sheet:
    """What is on one drawing, in the order of the pathway."""

    title: str
    boxes: tuple[Box, ...]

    def short(self, name: str) -> str:
        """A name without the sheet's own title before it: "cilta-cel: washout" is "washout"."""
        rest = name.removeprefix(self.title).lstrip(": ")
        return rest if rest and rest != name else name

    @property
    def edges(self) -> list[tuple[str, str]]:
        """(box, box) for every row that leads to a box, each pair once."""
        pairs = [(box.name, row.to) for box in self.boxes for row in box.rows if row.to]
        return list(dict.fromkeys(pairs))

    def without(self, edges: set[tuple[str, str]]) -> Sheet:
        """The sheet with these edges in words: a row says where it leads."""

        def told(box: Box, row: Row) -> Row:
            if row.to is None or (box.name, row.to) not in edges:
                return row
            return replace(row, text=_leads(row.text, self.short(row.to)), to=None)

        boxes = [replace(box, rows=tuple(told(box, r) for r in box.rows)) for box in self.boxes]
        return replace(self, boxes=tuple(boxes))


def sheets(pathway: Pathway) -> list[Sheet]:
    """A sheet for each therapy of the pathway, and one for what lies between them."""
    owner, found = owners(pathway), groups(pathway)
    return [_sheet(pathway, group, owner, alone=len(found) == 1) for group in found]


def _sheet(pathway: Pathway, group: str, owner: dict[str, str], *, alone: bool) -> Sheet:
    here = {name for name, its in owner.items() if its == group}
    states = [_state_box(pathway, s, here) for s in pathway.states if s.name in here]
    choices = [_choice_box(pathway, c, here) for c in pathway.choices if c.name in here]
    kept = [box for box in states if not (box.ends and _is_death(pathway, box.name))]
    return _shortened(Sheet(pathway.name if alone else group, (*kept, *choices)))


def _shortened(sheet: Sheet) -> Sheet:
    """The sheet with its own title left out of every row."""

    def said(text: str) -> str:
        return " → ".join(sheet.short(part) for part in text.split(" → "))

    def shortened(box: Box) -> Box:
        rows = tuple(replace(row, text=said(row.text)) for row in box.rows)
        return replace(box, rows=rows, title=sheet.short(box.name))

    return replace(sheet, boxes=tuple(map(shortened, sheet.boxes)))


def _is_death(pathway: Pathway, target: str) -> bool:
    """Whether a way can only lead to a state in which patients are dead."""
    if graph.reached(pathway, target) & {HERE, RETURN, AGAIN}:
        return False
    found = graph.resolved(pathway, target)
    return bool(found) and all("dead" in s.marks.tags for s in found)


def _state_box(pathway: Pathway, state: State, here: set[str]) -> Box:
    rows = [Row(f"{n} × {name}" if n > 1 else name, "holds") for name, n in state.holds.items()]
    for request in state.requests:
        amount = f"{request.amount} × " if request.amount > 1 else ""
        rows.append(_way(pathway, f"{amount}{request.resource}", "grant", request.enters, here))
    ordered = sorted(state.clocks, key=lambda c: _is_death(pathway, c.enters))
    rows += [_clock(pathway, clock, here) for clock in ordered]
    phase = state.marks.phase or ("end" if state.ends else "other")
    return Box(state.name, phase, tuple(rows), state.ends)


def _clock(pathway: Pathway, clock: Clock, here: set[str]) -> Row:
    if _is_death(pathway, clock.enters):
        return Row(clock.name, "death")
    return _way(pathway, clock.name, "clock", clock.enters, here)


def _choice_box(pathway: Pathway, choice: Choice, here: set[str]) -> Box:
    return Box(choice.name, "choice", tuple(_options(pathway, choice, here)))


def _options(pathway: Pathway, choice: Choice, here: set[str]) -> Iterator[Row]:
    for way in choice.ways:
        share = f"  {phrases.percent(way.probability)}" if isinstance(way, Option) else ""
        if _is_death(pathway, way.enters):
            yield Row(f"{way.name}{share}", "death")
        else:
            yield _way(pathway, f"{way.name}{share}", "option", way.enters, here)


def _way(pathway: Pathway, text: str, kind: RowKind, enters: str, here: set[str]) -> Row:
    """A row that leads to a box of this sheet, or says where it leads."""
    if enters in BACK:
        return Row(f"{text} {BACK[enters]}", kind)
    name = enters.removeprefix(LEAVE)
    detour = next((d for d in pathway.detours if d.name == name), None)
    entered = detour.enters if detour else name
    if entered in here:
        return Row(text, kind, entered, detour is not None)
    return Row(_leads(text, name), kind, None, detour is not None)


def _leads(text: str, name: str) -> str:
    return text if text == name else f"{text} → {name}"
