"""What the commands say where jobs are stopped or fail: `with carrying(out): ...`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


@contextmanager
def carrying(out: Path) -> Iterator[None]:
    """Says how many jobs are kept after Ctrl-C, and what failed: exit code 1.

    The documents of what failed are kept in `failures` of the folder of results.
    """
    from pathsim.study.execute import JobsFailedError, Stopped
    from pathsim.study.failed import kept_alone

    try:
        yield
    except Stopped as stopped:
        typer.echo(str(stopped), err=True)
        raise
    except JobsFailedError as failed:
        for line in kept_alone(failed.failures, out / "failures"):
            typer.echo(line, err=True)
        raise typer.Exit(1) from None
