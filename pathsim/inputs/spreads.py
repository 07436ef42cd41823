"""Every number of a scenario with what its field allows, and which numbers bind each other.

Called by the studies of uncertainty, which draw numbers anew: what they draw must be something that
could have been written. Knows no distribution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, get_args

from pydantic import AfterValidator, BaseModel

from pathsim.inputs.effects import Effect, most_ratio
from pathsim.inputs.efficacy import BestResponse
from pathsim.inputs.evidence import LEAST, Number, Within, not_zero, whole
from pathsim.inputs.lawspec import Empirical, Manufacturing
from pathsim.inputs.population import Counts, Exposure, Levels
from pathsim.inputs.safety import Graded
from pathsim.inputs.therapy_bispecific import Restart, Schedule
from pathsim.inputs.therapy_car_t import BridgingResponse, ManufacturePeriod
from pathsim.units import to_base


@dataclass(frozen=True)
class Entry:
    """A number, where it stands, and between what it may lie, in its own unit."""

    path: str
    number: Number
    low: float = -inf
    high: float = inf
    whole: bool = False


@dataclass(frozen=True)
class Whole:
    """Shares of one whole, by their paths; with `rest` they leave a part to a level unnamed."""

    path: str
    shares: tuple[str, ...]
    rest: bool


def entries(written: object, path: str = "", notes: tuple[Any, ...] = ()) -> Iterator[Entry]:
    """Every number in what somebody wrote, in the order of writing.

    `notes` are what is noted of its field, and last the model that the field is of.
    """
    if isinstance(written, Number):
        yield _entry(path, written, notes)
    elif isinstance(written, BaseModel):
        for name, field in type(written).model_fields.items():
            below = (*field.metadata, *_notes(field.annotation), written)
            yield from entries(getattr(written, name), _below(path, name), below)
    elif isinstance(written, tuple | list):
        for index, item in enumerate(written):
            yield from entries(item, f"{path}[{index}]", notes)
    elif isinstance(written, dict):
        for key, item in written.items():
            yield from entries(item, _below(path, str(key)), notes)


def wholes(written: object) -> Iterator[Whole]:
    """All shares that make up one whole in what somebody wrote, in the order of writing."""
    for path, model in _models(written):
        for kind, found in _WHOLES:
            if isinstance(model, kind):
                yield from (Whole(_below(path, way), *of) for way, of in found(model, path))


def ordered(written: object) -> Iterator[tuple[str, ...]]:
    """The paths of numbers in one model none of which may pass the next, or the one before."""
    for path, model in _models(written):
        for kind, fields in _ORDERED:
            if isinstance(model, kind):
                yield tuple(_below(path, field) for field in fields(model))


def _models(written: object, path: str = "") -> Iterator[tuple[str, BaseModel]]:
    """Every model in what somebody wrote but numbers, with the path to it."""
    if isinstance(written, Number):
        return
    if isinstance(written, BaseModel):
        yield path, written
        for name in type(written).model_fields:
            yield from _models(getattr(written, name), _below(path, name))
    elif isinstance(written, tuple | list):
        for index, item in enumerate(written):
            yield from _models(item, f"{path}[{index}]")
    elif isinstance(written, dict):
        for key, item in written.items():
            yield from _models(item, _below(path, str(key)))


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _notes(annotation: Any) -> Iterator[Any]:
    """What is noted of a type and of all types within it, models apart."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _notes(inner)


def _entry(path: str, number: Number, notes: tuple[Any, ...]) -> Entry:
    checks = [note.func for note in notes if isinstance(note, AfterValidator)]
    bounds = next((check for check in checks if isinstance(check, Within)), None)
    low, high = (bounds.low, bounds.high) if bounds else (-inf, inf)
    if not_zero in checks:
        low = max(low, LEAST)
    if isinstance(model := notes[-1] if notes else None, Effect) and model.per is not None:
        most = most_ratio(model) if number.measures == "ratio" else inf
        low, high = max(low, 1 / most), min(high, most)
    unit = to_base(1.0, number.unit)
    return Entry(path, number, low / unit, high / unit, whole in checks)


Shares = tuple[str, tuple[tuple[str, ...], bool]]
"""The way to a whole below its model; the paths of its shares, and whether they leave a rest."""


def _named(*names: str) -> Callable[[Any, str], Iterator[Shares]]:
    """Shares that are fields of one model and leave a rest."""

    def found(_: Any, path: str) -> Iterator[Shares]:
        yield "", (tuple(_below(path, name) for name in names), True)

    return found


def _keyed(field: str, *, rest: bool) -> Callable[[Any, str], Iterator[Shares]]:
    """Shares by name, in one field of a model."""

    def found(model: Any, path: str) -> Iterator[Shares]:
        if shares := getattr(model, field):
            yield field, (tuple(f"{_below(path, field)}.{name}" for name in shares), rest)

    return found


def _counted(model: Counts, path: str) -> Iterator[Shares]:
    places = range(len(model.counts))
    yield "counts", (tuple(f"{_below(path, 'counts')}[{k}].share" for k in places), False)


_WHOLES: tuple[tuple[type, Callable[[Any, str], Iterator[Shares]]], ...] = (
    (BestResponse, _named("cr", "vgpr", "pr")),
    (BridgingResponse, _named("vgpr", "pr")),
    (ManufacturePeriod, _named("failure", "out_of_specification")),
    (Levels, _keyed("levels", rest=True)),
    (Exposure, _keyed("levels", rest=True)),
    (Exposure, _keyed("therapies", rest=False)),
    (Counts, _counted),
)
"""Models that hold shares of one whole, and which."""

_ORDERED: tuple[tuple[type, Callable[[Any], tuple[str, ...]]], ...] = (
    (Graded, lambda _: ("grade3plus", "any")),
    (Restart, lambda _: ("no_step_up_within", "full_step_up_after")),
    (Manufacturing, lambda _: ("minimum", "median")),
    (Schedule, lambda model: tuple(f"phases[{k}].visits" for k in range(len(model.phases)))),
    (Empirical, lambda model: tuple(f"points[{k}].duration" for k in range(len(model.points)))),
)
"""Models that want some of their numbers in order, and which."""
