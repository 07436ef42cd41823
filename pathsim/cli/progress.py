"""A progress bar on stderr: silent where nobody watches."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any


class Bar:
    """Advances by one for each thing done; `with Bar("checking", 12) as bar: bar.advance()`.

    Says how many are done, and the time left; where the total is None, that something is under way.
    """

    def __init__(self, what: str, total: int | None, *, quiet: bool = False) -> None:
        self._what, self._total = what, total
        self._shown = not quiet and sys.stderr.isatty()
        self._bar: Any = None

    def __enter__(self) -> Bar:
        if self._shown:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                ProgressColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            columns: list[str | ProgressColumn] = ["{task.description}", BarColumn()]
            if self._total is None:
                columns += [TimeElapsedColumn()]
            else:
                columns += [MofNCompleteColumn(), TimeRemainingColumn(), "left"]
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total)
        return self

    def advance(self, done: object = None) -> None:
        """One more thing is done; what it was does not matter here."""
        if self._bar is not None:
            self._bar.advance(self._task)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
