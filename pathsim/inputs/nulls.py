"""Nulls: what a change takes out of that which it is laid over.

Called by `load` and `assemble`. A null in a part of a scenario speaks of the catalogue, which is
put below it only after scenarios have been laid over each other; until then it is a `Kept`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathsim.errors import Problem, did_you_mean
from pathsim.inputs.document import Document, Where


@dataclass(frozen=True)
class Kept:
    """A null that has yet to delete something in the catalogue.

    It is idle unless it has deleted something already, in the scenario below.
    """

    idle: bool


IDLE = Kept(idle=True)


def idle_nulls(
    document: Document,
    change: Mapping[str, Any],
    base: Any,
    *,
    where: Where = (),
    nulls: tuple[Kept | None, ...] = (None,),
) -> list[Problem]:
    """A problem for each of these nulls in a change that has nothing to delete in the base."""
    under = base if isinstance(base, dict) else {}
    found: list[Problem] = []
    for key, value in change.items():
        at = (*where, key)
        if isinstance(value, dict):
            found += idle_nulls(document, value, under.get(key), where=at, nulls=nulls)
        elif value in nulls and key not in under:
            near = did_you_mean(key, under)
            remedy = f"did you mean '{near}'?" if near else "remove the line, or give a value"
            found.append(document.problem(at, "null deletes nothing in the base", remedy=remedy))
    return found


def keep_nulls(change: Any, base: Any, *, below: int) -> Any:
    """The change with its nulls kept, so many levels below it and deeper."""
    if not isinstance(change, dict):
        return change
    under = base if isinstance(base, dict) else {}
    return {
        key: Kept(idle=key not in under)
        if value is None and below <= 1
        else keep_nulls(value, under.get(key), below=below - 1)
        for key, value in change.items()
    }


def without_kept(entry: Any) -> Any:
    """The entry without its kept nulls, which have deleted what there was."""
    if not isinstance(entry, dict):
        return entry
    return {k: without_kept(v) for k, v in entry.items() if not isinstance(v, Kept)}


def plain_nulls(change: Any) -> Any:
    """The change with its kept nulls as nulls again."""
    if isinstance(change, dict):
        return {key: plain_nulls(value) for key, value in change.items()}
    return None if isinstance(change, Kept) else change
