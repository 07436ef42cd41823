"""Compiled twins of scalar functions, with the same bits: for engines that numba compiles.

`hazards`, `normal` and `draws` list in `SCALARS` what may be compiled. numba is loaded only when a
twin is asked for. This module must never know what the functions do.
"""

from collections.abc import Callable
from functools import cache
from types import FunctionType, SimpleNamespace
from typing import Any


@cache
def compiled(scalars: tuple[Callable[..., Any], ...]) -> SimpleNamespace:
    """Return numba's twins of `scalars` (callees first): `compiled(hazards.SCALARS).due(...)`.

    Each twin has the code object of its original and a copy of the globals of that one's module
    in which the functions before it are twins; nothing is written twice. numba is loaded here.
    """
    import numba

    twins: dict[str, Any] = {}
    for scalar in scalars:
        name, names = scalar.__name__, {**scalar.__globals__, **twins}
        twin = FunctionType(scalar.__code__, names, name)
        twins[name] = numba.njit(_signature(scalar), error_model="numpy")(twin)
    return SimpleNamespace(**twins)


def _signature(scalar: Callable[..., Any]) -> str | None:
    """Return the signature in unsigned words of a function of ints alone, None for others.

    Left to itself, numba gives a sum or product of signed and unsigned words another type.
    """
    kinds = dict(scalar.__annotations__)
    result = "uint64" if kinds.pop("return") is int else "float64"
    if any(kind is not int for kind in kinds.values()):
        return None
    return f"{result}({', '.join(['uint64'] * len(kinds))})"
