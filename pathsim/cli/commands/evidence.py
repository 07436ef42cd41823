"""`pathsim evidence`: where every number comes from, and what a second entry made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.names import complete_catalogue, find, find_all, parts, scenarios, writable


def evidence(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Therapies, populations, scenarios or files; the whole catalogue if none.",
            autocompletion=complete_catalogue,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the tables, as CSV and Parquet.")
    ] = None,
    bibtex: Annotated[
        bool, typer.Option("--bibtex", help="Print what is cited as BibTeX, or write it to --out.")
    ] = False,
    second_entry: Annotated[
        bool,
        typer.Option(
            "--second-entry",
            help="Compare what was entered twice; exit code 1 while a disagreement is open.",
        ),
    ] = False,
    form: Annotated[
        bool, typer.Option("--form", help="Print a blank form for the second entry of one file.")
    ] = False,
) -> None:
    """Show where every number comes from, in words or as tables.

    Example: pathsim evidence cilta-cel
    """
    if form:
        _print_form(names or [])
    elif second_entry:
        _compare(names or [])
    else:
        known = {**scenarios(), **parts()}
        paths = find_all(names, known) if names else list(parts().values())
        _show(paths, out, bibtex=bibtex, told=bool(names))


def _print_form(names: list[str]) -> None:
    from pathsim.study.blank_form import blank_form

    if len(names) != 1:
        raise typer.BadParameter("Name one therapy or population.", param_hint="--form")
    typer.echo(blank_form(find(names[0], parts())), nl=False)


def _compare(names: list[str]) -> None:
    from pathsim.cli.saying import width
    from pathsim.cli.second_entry import say_comparison
    from pathsim.study.second_entry import compare

    asked = {path.stem for path in find_all(names, parts())}
    comparison = compare().only(asked) if asked else compare()
    say_comparison(comparison, width=width())
    if comparison.open:
        raise typer.Exit(1)


def _show(paths: list[Path], out: Path | None, *, bibtex: bool, told: bool) -> None:
    from pathsim.cli.catalogue import MOST_TOLD, say_catalogue, say_kept
    from pathsim.cli.saying import width
    from pathsim.study import bibtex as citing
    from pathsim.study import evidence as tables

    found = tables.catalogue(paths)
    if bibtex and out is None:
        typer.echo(citing.bibtex(found.cited), nl=False)
        return
    say_catalogue(found, width=width(), told=told and len(found.parts) <= MOST_TOLD)
    if out is not None:
        folder = tables.keep(found, writable(out))
        if bibtex:
            (folder / "sources.bib").write_text(citing.bibtex(found.cited), encoding="utf-8")
        say_kept(folder)
