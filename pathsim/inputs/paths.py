"""The fields of a resolved scenario by their paths: how a path is written, and what stands there.

A path is made of the words of the resolved document: `centre.resources.icu_bed.places`. Entries of
lists are counted from 0, `strategy.rules[2].with.site`; a name with a dot or a bracket in it stands
in brackets and quotes, `therapies["a.b"].response.cr`. Called by `vary` and by whoever offers
fields to be swept. Changes nothing.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeGuard

from pydantic import BaseModel

from pathsim.errors import InputError, Problem, cause_and_remedy, did_you_mean
from pathsim.inputs.document import Where
from pathsim.inputs.evidence import Number
from pathsim.inputs.plain import plain
from pathsim.inputs.quantity import Pace, Span
from pathsim.inputs.scenario import Scenario
from pathsim.units import to_base

_STEP = re.compile(r'(?:(?<!.)|(?<=.)\.)([^.\[\]"]+)|\[(\d+)\]|\["([^"]*)"\]')
_QUANTITY = re.compile(r"([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*([^\d\s].*)")


# --- how a path is written -----------------------------------------------------------------------


def steps(path: str) -> Where:
    """The way to a field from its path; ValueError, with a remedy, for what is no path."""
    found: list[str | int] = []
    end = 0
    while end < len(path) or not found:
        step = _STEP.match(path, end)
        if step is None:
            raise ValueError(
                f"{path!r} is no path; write it like centre.resources.icu_bed.places, entries "
                'of lists as rules[0], and a name with a dot in it as ["a.b"]'
            )
        name, place, quoted = step.groups()
        found.append(int(place) if place else name if name is not None else quoted)
        end = step.end()
    return tuple(found)


def path_of(where: Where) -> str:
    """The path of a field from the way to it: the inverse of `steps`."""
    return "".join(_step(part) for part in where).removeprefix(".")


def is_below(path: str, head: str) -> bool:
    """Whether a path leads to what `head` leads to, or to a part of it."""
    return path == head or path.startswith((f"{head}.", f"{head}["))


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f'["{part}"]' if re.search(r"[.\[\]]", part) else f".{part}"


# --- what stands there ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """One field as it stands: its value, and for a number its unit and its spread.

    `kind` is `number` (one with its source), `time` or `rate` (a planner's quantity), `whole`,
    `real`, `flag`, `word`, `date`, `law`, `mapping`, `list` or `nothing`. A value that is a number
    is in `unit`: as written for those with a source, days and per day for quantities. `fields`
    names what a law or a mapping is made of.
    """

    path: str
    value: Any
    kind: str
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    fields: tuple[str, ...] = ()

    @property
    def measured(self) -> bool:
        """Whether it is one number, and so may take any value of a range."""
        return self.kind in ("number", "time", "rate", "whole", "real")

    def amount(self, written: Any) -> float:
        """What somebody wrote for it as a number in its unit: of `2 weeks`, 14 for days.

        ValueError, with a remedy, for what is no number, and where the field holds none.
        """
        if not self.measured:
            raise ValueError(f"{self.path} is no number; {self._instead()}")
        if is_number(written):
            if self.kind in ("time", "rate"):
                raise ValueError(
                    f"{written:g} has no unit; write it like '{written:g} {self.unit}'"
                )
            return float(written)
        return self._in_unit(*quantity(written))

    def written(self, amount: float) -> Any:
        """A number in its unit as one writes it in a scenario: the inverse of `amount`."""
        if self.kind in ("time", "rate"):
            return f"{float(amount)!r} {self.unit}"
        return round(amount) if self.kind == "whole" else float(amount)

    def _in_unit(self, value: float, unit: str) -> float:
        if unit == self.unit:
            return value
        own = "probability" if self.kind == "real" and unit == "%" else self.unit
        if own is None:
            raise ValueError(f"{self.path} has no unit; write the number alone")
        return to_base(value, unit) / to_base(1.0, own)

    def _instead(self) -> str:
        if self.fields:
            return f"go on with one of {', '.join(self.fields)}"
        return "give the values that it may take"


def is_number(written: object) -> TypeGuard[int | float]:
    """Whether it is a number, and neither true nor false."""
    return isinstance(written, int | float) and not isinstance(written, bool)


def quantity(written: object) -> tuple[float, str]:
    """Value and unit of `14 days` or `5 %`; ValueError for anything else."""
    found = _QUANTITY.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f"{written!r} is no quantity; write it like '14 days' or '5 %'")
    value, unit = float(found[1]), found[2]
    singular = unit in ("hour", "day", "week", "month", "year")
    return value, f"{unit}s" if singular else unit


def field_of(scenario: Scenario, path: str) -> Field:
    """The field at a path; InputError, with the path that was meant, where there is none."""
    return _field(path, entry_at(scenario, path))


def entry_at(scenario: Scenario, path: str) -> Any:
    """What stands at a path of the scenario, as it was read; raises InputError."""
    try:
        way = steps(path)
    except ValueError as error:
        raise InputError(Problem(scenario.name, 1, path, *cause_and_remedy(error))) from None
    found: Any = scenario
    for depth, step in enumerate(way):
        if step not in (inside := entries(found)):
            raise InputError(no_such(scenario, path, way[:depth], found))
        found = inside[step]
    return found


def paths(scenario: Scenario) -> list[str]:
    """The paths of all fields, in the order of the document: parts before what is in them.

    Whole laws, lists and mappings are fields too; single entries of lists of plain numbers or
    words are left out, though they have paths.
    """
    return [path_of(way) for way in _ways(scenario, ())]


def _ways(entry: Any, way: Where) -> Iterator[Where]:
    if way:
        yield way
    if isinstance(entry, Number):
        return
    for step, inner in entries(entry).items():
        if not isinstance(entry, tuple) or isinstance(inner, BaseModel):
            yield from _ways(inner, (*way, step))


def entries(entry: Any) -> Mapping[str | int, Any]:
    """What is in an entry, by the words of the document or the places in a list."""
    if isinstance(entry, BaseModel):
        return {word: getattr(entry, name) for word, name in words(type(entry)).items()}
    if isinstance(entry, dict):
        return entry
    return dict(enumerate(entry)) if isinstance(entry, tuple) else {}


@cache
def words(kind: type[BaseModel]) -> dict[str, str]:
    """The words that a document has for the fields of a model, and the names of the fields."""
    return {known.alias or name: name for name, known in kind.model_fields.items()}


def no_such(scenario: Scenario, path: str, way: Where, found: Any) -> Problem:
    """The problem that a path goes on, from what was found on the way, to what is not there."""
    rest, known = steps(path)[len(way) :], list(entries(found))
    around = path_of(way) or "a scenario"
    if isinstance(found, tuple) and found:
        cause, remedy = f"{around} has no entry [{rest[0]}]", f"write [0] to [{len(found) - 1}]"
    elif not known:
        cause, remedy = f"{around} has no fields now", "stop there, and give it whole"
    else:
        cause, remedy = f"no '{rest[0]}' in {around}", f"choose from: {', '.join(map(str, known))}"
        beside = did_you_mean(str(rest[0]), map(str, known))
        near = path_of((*way, beside, *rest[1:])) if beside else None
        all_paths = paths(scenario)
        if near not in all_paths:
            near = did_you_mean(path, all_paths)
        if near:
            remedy = f"did you mean '{near}'?"
    return Problem(scenario.name, 1, path, cause, remedy)


def _field(path: str, entry: Any) -> Field:
    if isinstance(entry, Number):
        spread = (entry.spread.low, entry.spread.high) if entry.spread else (None, None)
        return Field(path, entry.value, "number", entry.unit, *spread)
    if isinstance(entry, Span):
        return Field(path, entry.days, "time", "days")
    if isinstance(entry, Pace):
        return Field(path, entry.per_day, "rate", "per day")
    kind = _kind(entry)
    names = tuple(str(name) for name in entries(entry)) if kind in ("law", "mapping") else ()
    return Field(path, plain(entry), kind, fields=names)


def _kind(entry: Any) -> str:
    if isinstance(entry, BaseModel | dict):
        return "law" if "law" in entries(entry) else "mapping"
    kinds = {bool: "flag", int: "whole", float: "real", tuple: "list", datetime.date: "date"}
    return "nothing" if entry is None else kinds.get(type(entry), "word")
