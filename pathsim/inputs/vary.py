"""A scenario with other values of some of its fields, each named by its path.

`varied` checks what it is given as a scenario's file is checked, but no further than the parts that
the changed fields are in; `whole` also checks that all parts agree. Called by studies, thousands of
times for one scenario. How paths are written, `paths` says.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from pathsim.errors import InputError, Problem, cause_and_remedy
from pathsim.inputs.complaints import complaints
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Number, numbers
from pathsim.inputs.paths import (
    Field,
    entries,
    field_of,
    is_number,
    no_such,
    path_of,
    paths,
    quantity,
    steps,
    words,
)
from pathsim.inputs.resolve import resolve_document
from pathsim.inputs.scenario import Scenario

__all__ = ["Field", "field_of", "paths", "varied", "whole"]

Changes = Mapping[str, Any]
"""Path -> what is put there: a plain value, as one writes it in a scenario's file.

For a number with its source a plain number is a value in the unit of the scenario given, and text
such as `14 days` a value and its unit: source, kind and note stay, the spread goes. A mapping
stands for a number, a law or a part as a whole, a list for a list as a whole; None takes out what
may be missing.
"""


def varied(scenario: Scenario, changes: Changes, *, checked: bool = True) -> Scenario:
    """The scenario with these changes; it shares with the one given all that is not changed.

    Raises InputError with everything wrong: a path that leads nowhere, a value that its field may
    not have, values that do not go together in the part that they are in. Unchecked, numbers take
    any value, as a search for the best ones needs.
    """
    changing = _Changing(scenario, checked)
    changed: Scenario = changing.entry(scenario, (), changing.tree(changes))
    if changing.problems:
        raise InputError(changing.problems)
    return changed


def whole(scenario: Scenario, changes: Changes) -> Scenario:
    """The same, with every check of a scenario's file, those of one part by another included."""
    document = Document(Path(scenario.name), varied(scenario, changes).document(), {})
    return resolve_document(document, {}, sources={n.source for _, n in numbers(scenario)})


class _Leaf:
    """A new value at the end of a way."""

    def __init__(self, path: str, value: Any) -> None:
        self.path, self.value = path, value


Tree = dict[str | int, Any]
"""Step -> the tree of changes below it, or a `_Leaf`."""


class _Changing:
    """Changes put into a scenario; what is wrong with one does not hide what is with another."""

    def __init__(self, scenario: Scenario, checked: bool) -> None:
        self.scenario, self.checked = scenario, checked
        self.problems: list[Problem] = []

    def tree(self, changes: Changes) -> Tree:
        """The changes by their ways, so that each part is made anew but once."""
        tree: Tree = {}
        for path, value in changes.items():
            try:
                *above, last = steps(path)
                below = tree
                for step in above:
                    below = below.setdefault(step, {})
                if not isinstance(below, dict) or last in below:
                    raise ValueError("changed twice, or a part of it; change it once")
                below[last] = _Leaf(path, value)
            except (ValueError, AttributeError) as error:
                self.wrong(path, str(error))
        return tree

    def wrong(self, path: str, said: str) -> None:
        """Note a problem, said as "cause; remedy"."""
        self.problems.append(Problem(self.scenario.name, 1, path, *cause_and_remedy(said)))

    def entry(self, found: Any, way: Where, tree: Tree) -> Any:
        """An entry with the changes below it."""
        if isinstance(found, Number) and isinstance(value := tree.get("value"), _Leaf):
            return self.leaf(found, value)
        inside, new = entries(found), dict[str | int, Any]()
        for step, change in tree.items():
            at = (*way, step)
            if step not in inside and not _may_be_added(found, change):
                self.problems.append(no_such(self.scenario, _a_path(change), way, found))
            elif isinstance(change, _Leaf):
                new[step] = self.leaf(inside.get(step), change)
            else:
                new[step] = self.entry(inside[step], at, change)
        if isinstance(found, BaseModel):
            return self.model(found, way, new)
        if isinstance(found, dict):
            return {k: v for k, v in {**found, **new}.items() if v is not None}
        return tuple(new.get(s, old) for s, old in inside.items()) if inside else found

    def leaf(self, found: Any, change: _Leaf) -> Any:
        """What is put in place of an entry: a number as a change to the one that is there."""
        value, plain_number = change.value, is_number(change.value)
        if plain_number and isinstance(found, BaseModel | dict) and not isinstance(found, Number):
            remedy = f"go on with one of: {', '.join(map(str, entries(found)))}"
            self.wrong(change.path, f"this is more than one number; {remedy}")
        elif isinstance(found, Number) and (plain_number or isinstance(value, str)):
            try:
                return self.number(found, *_value_and_unit(value, found.unit))
            except ValidationError as error:
                self.complain(error, steps(change.path), Number, {})
            except ValueError as error:
                self.wrong(change.path, str(error))
        else:
            return value
        return found

    def number(self, found: Number, value: float, unit: str) -> Number:
        """Another value in place of a number's, without a spread.

        An assumption has to state one: it is then as narrow as can be.
        """
        spread = {"low": value, "high": value, "of": "assumed"}
        changes = {"value": value, "unit": unit, "spread": None}
        if not self.checked:
            return found.model_copy(update=changes)
        if found.kind == "assumption":
            changes["spread"] = spread
        fields = {name: getattr(found, name) for name in type(found).model_fields}
        return Number.model_validate({**fields, **changes})

    def model(self, found: BaseModel, way: Where, new: Tree) -> BaseModel:
        """A part made anew of what it was made of and of what is new, by its own checks."""
        known = words(type(found))
        if not self.checked:
            return found.model_copy(update={known[str(step)]: v for step, v in new.items()})
        data = {w: getattr(found, n) for w, n in known.items() if n in found.model_fields_set}
        try:
            return type(found).model_validate({**data, **new})
        except ValidationError as error:
            self.complain(error, way, type(found), {**data, **new})
        return found

    def complain(self, error: ValidationError, way: Where, kind: Any, data: Any) -> None:
        """Note what pydantic complains of in a part, each at its path."""
        document = Document(Path(self.scenario.name), data, {})
        for problem in complaints(error, document, kind=kind, at=()):
            inner = re.sub(r"#(\d+)", lambda found: f"[{int(found[1]) - 1}]", problem.path)
            path = f"{path_of(way)}.{inner}".strip(".").replace(".[", "[")
            self.problems.append(replace(problem, path=path))


def _a_path(change: Any) -> str:
    """The path of a change, or of one of those below a step."""
    while not isinstance(change, _Leaf):
        change = next(iter(change.values()))
    return change.path


def _value_and_unit(written: Any, unit: str) -> tuple[float, str]:
    """A plain number is in the unit that is there; text says its own."""
    if isinstance(written, str):
        return quantity(written)
    if not math.isfinite(written):
        raise ValueError(f"{written} is not a number; write a number, such as 12.5")
    return written, unit


def _may_be_added(found: Any, change: Any) -> bool:
    """Whether a change can be a new entry of a mapping, and is no slip of the pen."""
    if not isinstance(found, dict) or not isinstance(change, _Leaf) or change.value is None:
        return False
    return isinstance(change.value, dict) or not any(
        isinstance(entry, BaseModel | dict) for entry in found.values()
    )
