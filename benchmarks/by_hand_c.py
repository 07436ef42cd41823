"""Workloads A and B in C, for these models alone (`clinic.c`), where gcc is there.

The library is made anew in every process that asks for it. The laws, keys and places come from
`workloads.py`, so that there is one source of numbers.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.workloads import INTENSIVE_CARE, LAWS, PLACES, Rows
from pathsim import draws

if TYPE_CHECKING:
    import numpy as np

HERE = Path(__file__).parent
COMPILER = shutil.which("gcc") or shutil.which("cc")
FLAGS = ("-O2", "-std=gnu11", "-ffp-contract=off", "-shared", "-fPIC", "-Wall", "-Wextra")
ROOM = 16
"""Rows a patient for which the log has room: a patient has 12.5 on average."""


@cache
def library(name: str) -> ctypes.CDLL:
    """The compiled `name`.c; RuntimeError where there is no compiler."""
    if COMPILER is None:
        raise RuntimeError("there is no C compiler here (gcc or cc)")
    folder = tempfile.mkdtemp(prefix="pathsim_benchmark_")
    made = Path(folder) / f"{name}.so"
    command = [COMPILER, *FLAGS, str(HERE / f"{name}.c"), "-o", str(made), "-lm"]
    try:
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(made))
    finally:
        shutil.rmtree(folder)


def clinic(patients: int, *, seed: int) -> Rows:
    """Workload A."""
    import numpy as np

    places = np.array(list(PLACES.values()), dtype=np.int32)
    return _run("clinic", patients, seed, _pointer(places))


def free(patients: int, *, seed: int) -> Rows:
    """Workload B."""
    return _run("without_queues", patients, seed)


def keys() -> np.ndarray[Any, Any]:
    """The keys of the clocks in the order of `LAWS`, then that of the choice."""
    import numpy as np

    return np.array([draws.key_of(name) for name in (*LAWS, "course")], dtype=np.uint64)


def _run(function: str, patients: int, seed: int, *more: Any) -> Rows:
    import numpy as np

    laws = np.zeros((len(LAWS), 2))
    for row, law in zip(laws, LAWS.values(), strict=True):
        row[: len(law.parameters)] = law.parameters
    own = keys()
    most = ROOM * patients + 4096
    who, when = np.empty(most, dtype=np.int32), np.empty(most)
    what = np.empty(most, dtype=np.int8)
    run = getattr(library("clinic"), function)
    run.restype = ctypes.c_int64
    rows = run(
        ctypes.c_int64(patients), ctypes.c_uint64(seed), _pointer(own), _pointer(laws),
        ctypes.c_double(INTENSIVE_CARE), *more, ctypes.c_int64(most), _pointer(who),
        _pointer(when), _pointer(what),
    )  # fmt: skip
    if rows > most:
        raise MemoryError(f"{rows} rows, and room for {most}")
    return Rows(who[:rows], when[:rows], what[:rows])


def _pointer(array: np.ndarray[Any, Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)
