"""`pathsim report`: folders of results as one page that stands by itself.

Commands that make such folders ask here for the page to go with them (`--report`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathsim.cli.names import complete_result, writable

if TYPE_CHECKING:
    from pathsim.study.folders import Report

NAME = "report.html"


def report(
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT",
            help="Folders that run, compare, sweep, size, validate or warm-up wrote; of a folder "
            "with several runs in it the newest.",
            autocompletion=complete_result,
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"The file to write; else {NAME} in the folder of results.",
            show_default=False,
        ),
    ] = None,
    title: Annotated[
        str, typer.Option(help="The page's title; else what was compared.", show_default=False)
    ] = "",
) -> None:
    """Make one page of results: answer, strategies, figures, sources, limits. No network.

    Example: pathsim report results/compare_cart_first
    """
    if out is None and len(results) > 1:
        raise typer.BadParameter(
            "Say which file to write, for several results.", param_hint="--out"
        )
    from pathsim.report.page import write
    from pathsim.study.kept import newest, read

    folders = [newest(path) for path in results]
    for asked, found in zip(results, folders, strict=True):
        if asked != found:
            typer.echo(f"The newest run in {asked}: {found.name}")
    path = folders[0] / NAME if out is None else out / NAME if out.is_dir() else out
    result = read(folders)
    writable(path.parent)
    typer.echo(f"Report: {write(result, path, title=title)}")


def page_wanted(asked: bool) -> Report | None:
    """What makes the page of a folder in it, if it is asked for."""
    return _page if asked else None


def _page(folder: Path) -> Path:
    """The page of what was just kept and drawn in a folder."""
    from pathsim.report.page import write
    from pathsim.study.kept import read

    return write(replace(read([folder]), figures=folder / "figures"), folder / NAME)
