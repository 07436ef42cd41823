"""A progress bar on stderr: silent where nobody watches."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import Any


class Bar:
    """Advances with what is done; `with Bar("checking", 12) as bar: bar.advance()`.

    Says how many are done, how fast, and the time left; where the total is None, that something is
    under way.
    """

    def __init__(self, what: str, total: float | None, *, quiet: bool = False) -> None:
        self._what, self._total = what, total
        self._shown = not quiet and sys.stderr.isatty()
        self._bar: Any = None
        self._done = self._found = 0.0

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
                columns += [
                    MofNCompleteColumn(),
                    "{task.fields[rate]}",
                    TimeRemainingColumn(),
                    "left",
                ]
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total, rate="")
            self._began = monotonic()
        return self

    def advance(self, by: float = 1.0) -> None:
        """So much more is done: one thing, or part of one."""
        if self._bar is not None:
            self._done += by
            rate = rate_words(self._done, monotonic() - self._began)
            self._bar.update(self._task, completed=round(self._done, 6), rate=rate)

    def more(self, by: float) -> None:
        """So much more is to be done than was thought."""
        if self._bar is not None and self._total is not None:
            self._total += by
            self._bar.update(self._task, total=self._total - self._found)

    def call(self, what: str) -> None:
        """Say something else of what is being done."""
        self._what = what
        if self._bar is not None:
            self._bar.update(self._task, description=what)

    def found(self, by: float = 1.0) -> None:
        """So much was done before: it is said, and counts neither as done now nor as to be done."""
        if self._bar is not None and self._total is not None:
            self._found += by
            what = f"{self._what} ({self._found:g} in the store)"
            self._bar.update(self._task, description=what, total=self._total - self._found)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def rate_words(done: float, seconds: float) -> str:
    """How much is done a second, or a minute where that is less than one."""
    if done <= 0.0 or seconds <= 0.0:
        return ""
    rate = done / seconds
    return f"{rate:.3g} a second" if rate >= 1.0 else f"{60.0 * rate:.3g} a minute"
