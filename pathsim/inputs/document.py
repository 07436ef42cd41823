"""A document: plain data, and for each entry the file and line where somebody wrote it.

Made by `load`; read by whoever has to say where a mistake stands. Knows nothing of YAML or
pydantic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pathsim.errors import Problem

Where = tuple[str | int, ...]
"""The way from the top of a document to one of its entries: keys, and places in lists from 0."""

Place = tuple[str, int]
"""A file as shown to the reader, and a line counted from 1."""


@dataclass(frozen=True)
class Document:
    """What one file says, or a file and the base it extends, with the place of every entry."""

    source: Path
    data: dict[str, Any]
    places: Mapping[Where, Place]

    @property
    def file(self) -> str:
        """The file, relative to the current directory if it is below it."""
        return shown(self.source)

    def place(self, where: Where) -> Place:
        """File and line of an entry, or of its nearest ancestor that is written down."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.places:
                return self.places[where[:length]]
        return self.file, 1

    def line(self, where: Where) -> int:
        """The line of an entry, in whichever file it stands."""
        return self.place(where)[1]

    def problem(self, where: Where, cause: str, *, remedy: str = "") -> Problem:
        """Something wrong at an entry, to be raised in an `InputError`."""
        file, line = self.place(where)
        return Problem(file, line, dotted(where), cause, remedy)

    def merged(self, change: "Document") -> "Document":
        """This document with another laid over it: data by `merge`, each entry with its place."""
        data = merge(self.data, change.data)
        kept = {at: place for at, place in self.places.items() if _survives(at, change.data)}
        return Document(change.source, data, {**kept, **change.places})


def merge(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The base with a change laid over it: mappings merge, all else replaces, null deletes.

    A number written with its source replaces the one below it whole, so that no row, spread or
    note of another source is left with it.
    """
    result = dict(base)
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            below = {} if _sourced(value) else result.get(key)
            result[key] = merge(below if isinstance(below, dict) else {}, value)
        else:
            result[key] = value
    return result


def shown(path: Path) -> str:
    """A file's name for the reader: relative to the current directory if it is below it."""
    here, there = Path.cwd(), path.absolute()
    return str(there.relative_to(here) if there.is_relative_to(here) else there)


def dotted(where: Where) -> str:
    """An entry's name for the reader: `rules#2.when.line`, list entries counted from 1."""
    parts = (f"#{part + 1}" if isinstance(part, int) else f".{part}" for part in where)
    return "".join(parts).removeprefix(".")


def at(data: Any, where: Where) -> Any:
    """The entry found there; None if there is none."""
    for part in where:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _survives(where: Where, change: Any) -> bool:
    """Whether an entry of the base is still there once the change is laid over it."""
    for part in where:
        if not isinstance(change, dict):
            return False
        if part not in change:
            return not _sourced(change)
        change = change[part]
    return isinstance(change, dict)


def _sourced(entry: dict[str, Any]) -> bool:
    """Whether an entry is a number with its source, and not a change to a part of one."""
    return {"value", "source"} <= entry.keys()
