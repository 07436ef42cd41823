"""Every number that somebody wrote, with where it stands and what it is in words.

Called by `pathsim evidence` and by the second entry. A path names the entries of a list by what
they are about (`progression.effects[emd=yes].hazard_ratio`), so that it still means the same
number when another entry is put before it. Knows no file and no table.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel

from pathsim.inputs.document import Where
from pathsim.inputs.effects import Effect
from pathsim.inputs.evidence import Number
from pathsim.inputs.natural_history import FurtherLine
from pathsim.inputs.therapy_car_t import InfectionPeriod
from pathsim.inputs.wording import GROUPS, WORDS
from pathsim.inputs.wording import VARIABLES as NAMES

MARKS = ("phase", "name", "title", "count", "after", "since", "region")
"""Fields that tell the entries of a list apart, where they are text, a date or a whole number."""


@dataclass(frozen=True)
class Whole:
    """A law, an effect or a period, of which a number is one part, and what it is in words."""

    written: BaseModel
    said: tuple[str, ...]

    @property
    def words(self) -> str:
        return in_words(self.said)


@dataclass(frozen=True)
class Stated:
    """One number: its path, the way to it in the document, its words."""

    path: str
    where: Where
    said: tuple[str, ...]
    number: Number
    whole: "Whole | None" = None

    @property
    def group(self) -> str:
        """The first part of the path, under which it is listed."""
        return self.path.split(".")[0].split("[")[0]

    @property
    def position(self) -> str:
        """The path with entries of lists counted from 0, as `evidence.numbers` has it."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.where)
        return "".join(steps).removeprefix(".")

    @property
    def heading(self) -> str:
        """The group in words."""
        return GROUPS.get(self.group, self.group.replace("_", " "))

    @property
    def words(self) -> str:
        """What the number is, without its group: `time to onset: median`."""
        return in_words(self.said) or self.heading


def in_words(said: Sequence[str]) -> str:
    """What stands on the way down, joined: `step-up, days in bed: median`."""
    *context, leaf = [word for word in said if word] or [""]
    return f"{', '.join(context)}: {leaf}" if context else leaf


@dataclass(frozen=True)
class _Way:
    """The way down to an entry."""

    path: str = ""
    where: Where = ()
    said: tuple[str, ...] = ()
    whole: Whole | None = None

    def field(self, name: str, said: str) -> "_Way":
        path = f"{self.path}.{name}" if self.path else name
        return _Way(path, (*self.where, name), (*self.said, said), self.whole)

    def entry(self, mark: str, index: int, said: str) -> "_Way":
        return _Way(f"{self.path}[{mark}]", (*self.where, index), (*self.said, said), self.whole)

    def into(self, written: BaseModel) -> "_Way":
        """The same way, noting the outermost law, effect or period of infections on it."""
        law = "law" in type(written).model_fields
        if self.whole is None and (law or isinstance(written, Effect | InfectionPeriod)):
            return replace(self, whole=Whole(written, self.said))
        return self


def stated(written: object) -> Iterator[Stated]:
    """Every number in what somebody wrote, in the order of writing."""
    yield from _below(written, _Way())


def _below(written: object, way: _Way) -> Iterator[Stated]:
    if isinstance(written, Number):
        yield Stated(way.path, way.where, way.said, written, way.whole)
    elif isinstance(written, BaseModel):
        way = way.into(written)
        for name in type(written).model_fields:
            said = _said(type(written), name) if way.path or name not in GROUPS else ""
            yield from _below(getattr(written, name), way.field(name, said))
    elif isinstance(written, tuple | list):
        marks = _marks(written)
        for index, item in enumerate(written):
            said = _told(item, index, marks[index])
            yield from _below(item, way.entry(marks[index], index, said))
    elif isinstance(written, dict):
        for key, item in written.items():
            named = NAMES.get(str(key), str(key).replace("_", " "))
            yield from _below(item, way.field(str(key), named))


def _said(owner: type[BaseModel], name: str) -> str:
    """A field in words: its own description, or from the list of words, or its name."""
    if described := owner.model_fields[name].description:
        return described
    for cls in owner.__mro__:
        if (said := WORDS.get(f"{cls.__name__}.{name}")) is not None:
            return said
    return WORDS.get(name, name.replace("_", " "))


def _marks(items: Sequence[object]) -> list[str]:
    """What tells each entry from the others; its position where nothing does."""
    found = [_mark(item) for item in items]
    counted = Counter(found)
    return [mark if mark and counted[mark] == 1 else str(index) for index, mark in enumerate(found)]


def _mark(item: object) -> str:
    """`emd=yes`, `us-2024-04-05`, `weekly`: small letters, digits, hyphens and underscores."""
    if isinstance(item, Effect):
        return f"{item.variable}={item.level}" if item.level else item.variable
    return re.sub(r"[^a-z0-9_]+", "-", " ".join(_telling(item)).lower()).strip("-")


def _telling(item: object) -> list[str]:
    """What is written in an entry that tells it from others: one of MARKS, a region with a date."""
    written = {name: getattr(item, name, None) for name in MARKS}
    found = {name: str(value) for name, value in written.items() if _plain(value)}
    if "region" in found:
        return [found["region"], found.get("since", "")]
    return list(found.values())[:1]


def _plain(value: object) -> bool:
    return isinstance(value, str | int | date)


def _told(item: object, index: int, mark: str) -> str:
    """An entry of a list in words."""
    if isinstance(item, Effect):
        return effect_words(item)
    if mark == str(index) and not _telling(item):
        return f"no. {index + 1}"
    said = " ".join(_telling(item)).replace("_", " ")
    if isinstance(item, FurtherLine):
        return "1 line failed" if item.after == 1 else f"{said} lines failed"
    if isinstance(since := getattr(item, "since", None), date):
        return f"{getattr(item, 'region', '')} from {since} on".lstrip()
    return said


def effect_words(effect: Effect) -> str:
    """Whom an effect tells apart: `effect of extramedullary disease (yes)`."""
    name = NAMES.get(effect.variable, effect.variable)
    if effect.level is not None:
        return f"effect of {name} ({str(effect.level).replace('_', ' ')})"
    unit = {"age": "year", "prior_lines": "line"}.get(effect.variable, "sd")
    many = f"{unit}" if effect.per == 1 else f"{effect.per:g} {unit}s".replace("sds", "sd")
    return f"effect of {name} (for every {many})"
