"""The doors to machine code: what Python calls, compiled once a machine and kept on disk.

numba keeps what it compiled beside this file (or in the user's cache where that is read-only), by
its own version, the processor, and what a function closes over. So each door closes over a digest
of all the sources that it is made of, and a change in any of them is noticed.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import numba
import numpy as np

from pathsim import draws, events, hazards, normal, sources, twins
from pathsim.engine import pool, reference
from pathsim.engine.compiled import instants
from pathsim.engine.compiled.live import HEADER, NUMBERS, Live, Plain
from pathsim.engine.compiled.memory import run_at
from pathsim.engine.compiled.order import mark_words, place_rows
from pathsim.engine.compiled.parts import jitted
from pathsim.pathway import tables

HERE = Path(__file__).parent
MODULES = (draws, hazards, normal, twins, tables, events, pool, reference)
SOURCES = [
    *sorted(HERE.glob("*.py")),
    *(Path(str(m.__file__)) for m in MODULES),
]


def digest() -> str:
    """Of all that the machine code is made of."""
    return sources.digest(SOURCES, repr(HEADER))


PATIENCE, TAKES = 1.5, 15
"""Seconds after which compiling is announced, and which it takes on a usual machine."""

BEGIN, INSTANTS, CENSOR_ALL, LIVES, PASS_OVER, MARK_WORDS, PLACE_ROWS = range(7)
"""What may be asked of a run."""


@jitted
def go(run, what):
    if what == BEGIN:
        return instants.begin(run)
    if what == INSTANTS:
        return instants.instants(run)
    if what == CENSOR_ALL:
        return instants.censor_all(run)
    if what == LIVES:
        return instants.lives(run)
    if what == PASS_OVER:
        return instants.pass_over(run)
    if what == MARK_WORDS:
        return mark_words(run)
    return place_rows(run)


def door(of: str) -> Callable[[int, int], int]:
    """`go` for a run's address, kept on disk under the digest."""

    def enter(address, what):
        of  # noqa: B018  (numba keys its cache by what a function closes over)
        return go(run_at(address), what)

    patience = Timer(PATIENCE, _say_it_takes_time)
    patience.daemon = True
    patience.start()
    try:
        return _compiled(enter, kept=True)
    except RuntimeError:  # there is no folder that numba may write to
        return _compiled(enter, kept=False)
    finally:
        patience.cancel()


def _compiled(enter: Callable[..., int], *, kept: bool) -> Callable[[int, int], int]:
    compiled: Callable[[int, int], int] = numba.njit(
        "int64(int64, int64)", nogil=True, cache=kept, error_model="numpy"
    )(enter)
    return compiled


def _say_it_takes_time() -> None:
    logging.getLogger("pathsim.engine").warning(
        "Making the compiled engine ready for this machine: some %d seconds, once.", TAKES
    )


INTERPRETED = bool(getattr(numba.config, "DISABLE_JIT", False))
enter: Callable[..., int] = go if INTERPRETED else door(digest())


def call(live: Live, what: int) -> int:
    """Ask this of a run; why it returned."""
    if not INTERPRETED:
        return enter(live.header.ctypes.data, what)
    plain = Plain(live)
    with np.errstate(all="ignore"):
        code = enter(plain, what)
    live.set(**{name: getattr(plain, name) for name in NUMBERS})
    return int(code)
