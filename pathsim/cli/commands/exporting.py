"""`pathsim export`: the event log of a result as one long CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.names import complete_result, writable
from pathsim.cli.options import Quiet


def export(
    result: Annotated[
        Path,
        typer.Argument(
            metavar="RESULT",
            help="A folder that run or compare wrote with --keep-log; of a folder with several "
            "runs in it the newest.",
            autocompletion=complete_result,
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write, compressed if its name ends with .gz; else events.csv in the "
            "folder of results.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write the event log as one CSV that tools for process mining read.

    Example: pathsim export results/cart_first --out events.csv.gz
    """
    from pathsim.cli.progress import Bar
    from pathsim.study import export as exporting
    from pathsim.study.kept import newest, read

    folder = newest(result)
    if folder != result:
        typer.echo(f"The newest run in {result}: {folder.name}")
    found = read([folder])
    path = folder / exporting.NAME if out is None else out
    path = path / exporting.NAME if path.is_dir() else path
    writable(path.parent)
    many = len(found.strategies) * (found.replications or 0)
    with Bar("writing events", many, quiet=quiet) as bar:
        done = exporting.export(found, path, progress=bar.advance)
    typer.echo(f"{done.rows:,} events of {done.cases:,} patients: {done.path}")
    typer.echo(f"What each column is: {done.readme}")
