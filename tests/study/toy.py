"""Jobs that do as they are told: give a table, fail, wait, or end the process they run in."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pathsim.study.keys import key

if TYPE_CHECKING:
    from pathsim.study.jobs import Progress, Tables


@dataclass(frozen=True)
class Toy:
    """Gives its number; leaves a file in `folder` each time that it is begun."""

    number: int
    folder: Path
    fails: str = ""
    kills: int = 0
    seconds: float = 0.0
    size: float = 1.0

    @property
    def key(self) -> str:
        return key("toy", self.number)

    @property
    def name(self) -> str:
        return f"toy {self.number}"

    @property
    def begun(self) -> int:
        """How often it was begun."""
        return len([*self.folder.glob(f"{self.number}.*")])

    def carry_out(self, *, threads: int = 1, progress: Progress | None = None) -> Tables:
        (self.folder / f"{self.number}.{time.monotonic_ns()}").touch()
        time.sleep(self.seconds)
        if self.begun <= self.kills:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fails:
            raise RuntimeError(self.fails)
        if progress is not None:
            progress(self.size)
        return table(self.number)

    def keep_alone(self, folder: Path) -> str:
        (folder / f"toy-{self.number}.txt").write_text(f"{self.number}", encoding="utf-8")
        return f"toy {self.number} alone"


def table(number: int) -> Tables:
    """What a toy gives."""
    return {"toy": pd.DataFrame({"number": [number]})}
