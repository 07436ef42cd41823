"""Which engine runs: the one that is named, or the best that can be loaded here.

Called by the commands and by studies. What the engines are, `engine.simulate` says.
"""

from __future__ import annotations

from importlib import import_module

from pathsim.engine import simulate
from pathsim.errors import demand

NEEDS = {"compiled": ("numba", "llvmlite")}
"""Engine -> packages whose versions belong to the record of a run."""


def usable(engine: str | None) -> str:
    """The name of the engine to use, which is loaded.

    Where none is named and the default cannot be loaded it is another, with a warning of one line.
    Raises ImportError where the one named cannot be loaded, ValueError where there is none such.
    """
    name = simulate.DEFAULT if engine is None else engine
    known = ", ".join(simulate.ENGINES)
    demand(name in simulate.ENGINES, f"there is no engine '{name}'; the engines are: {known}")
    import_module(simulate.ENGINES[name])
    return name
