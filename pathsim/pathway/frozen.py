"""How the law's nouns stay as they were made: what they are given is kept as tuples and `Fixed`.

The nouns call `freeze` when they are made. It must never know what it freezes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from pathsim.errors import PathwayError

K = TypeVar("K")
V = TypeVar("V")


class Fixed(dict[K, V]):
    """A dict that nobody changes once it is made; unlike a MappingProxyType it can be pickled."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping is part of a model and stays as it is; make a new model")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Fixed[K, V]], tuple[dict[K, V]]]:
        return Fixed, (dict(self),)


def freeze(thing: object, *names: str) -> None:
    """Keep these fields of a frozen dataclass as tuples, and those that are mappings as `Fixed`."""
    for name in names:
        object.__setattr__(thing, name, frozen(getattr(thing, name), name))


def frozen(given: Any, name: str) -> Any:
    """What was given, so that it cannot change; PathwayError where one thing stands for a list."""
    if type(given) in (tuple, list):  # nearly always, and quickly told
        return tuple(given)
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise PathwayError(f"{name} is {given!r}", remedy=f"give a list: [{given!r}]")
    if isinstance(given, Mapping):
        return Fixed({k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
    return tuple(given)
