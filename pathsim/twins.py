"""Compiled twins of scalar functions, with the same bits: for engines that numba compiles.

`hazards`, `normal` and `draws` list in `SCALARS` what may be compiled. numba is loaded only when a
twin is asked for. This module must never know what the functions do.
"""

from collections.abc import Callable
from functools import cache
from types import FunctionType, SimpleNamespace
from typing import Any

Jit = Callable[[FunctionType, bool], Any]
"""Makes a twin of a function; told whether its arguments are unsigned words."""


@cache
def compiled(scalars: tuple[Callable[..., Any], ...], jit: Jit | None = None) -> SimpleNamespace:
    """Return numba's twins of `scalars` (callees first): `compiled(hazards.SCALARS).due(...)`.

    Each twin has the code object of its original and a copy of the globals of that one's module
    in which the functions before it are twins; nothing is written twice. `jit` makes them, numba
    itself if not given.
    """
    twins: dict[str, Any] = {}
    for scalar in scalars:
        name, names = scalar.__name__, {**scalar.__globals__, **twins}
        twin = FunctionType(scalar.__code__, names, name)
        twins[name] = (jit or _by_itself)(twin, _takes_words(scalar))
    return SimpleNamespace(**twins)


def _takes_words(scalar: Callable[..., Any]) -> bool:
    """Whether all arguments are ints: unsigned words, which signed ones would spoil.

    Left to itself, numba gives a sum or product of signed and unsigned words another type.
    """
    return all(kind is int for name, kind in scalar.__annotations__.items() if name != "return")


def _by_itself(twin: FunctionType, words: bool) -> Any:
    """A function that Python can call."""
    import numba

    called: Any = numba.njit(error_model="numpy")(twin)
    if words and called is not twin:
        template = called.get_call_template
        many = twin.__code__.co_argcount
        called.get_call_template = lambda _, kws: template((numba.uint64,) * many, kws)
    return called
