"""What a job is: a piece of a study that can be carried out anywhere, known by what it rests on.

A study is a list of jobs (`simulation`, and whatever other modules make); `execute` carries out
those that the store lacks. Knows no executor and no store.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    Tables = dict[str, pd.DataFrame]
    """What a job gives: tables by name. No time and no host stands in them."""

Progress = Callable[[float], None]
"""Called with how many more replications are done, or what part of one."""


class Job(Protocol):
    """A frozen dataclass that can be pickled; two with one key give the same tables, to the bit."""

    @property
    def key(self) -> str:
        """64 hex digits of all that the tables rest on; see `keys`."""

    @property
    def name(self) -> str:
        """What a reader of a failure needs to know it by: strategy, set, seed, replications."""

    @property
    def size(self) -> float:
        """How much work it is, in replications: what progress counts."""

    def carry_out(self, *, threads: int = 1, progress: Progress | None = None) -> Tables:
        """The tables; runs in a worker. `progress` is heard of where it is carried out here."""

    def keep_alone(self, folder: Path) -> str:
        """Write the document that the job needs into a folder; how to run the job alone."""
