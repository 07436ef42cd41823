"""`pathsim evidence`: the catalogue as tables, and its second entry."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.names import complete_catalogue, find, parts


def evidence(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Therapies, populations, scenarios or files; all of params/ if nothing is named.",
            autocompletion=complete_catalogue,
        ),
    ] = None,
    form: Annotated[
        bool, typer.Option("--form", help="Print a blank form for the second entry of one file.")
    ] = False,
    second_entry: Annotated[
        bool,
        typer.Option(
            "--second-entry",
            help="Compare what was entered twice; exit code 1 while a disagreement is open.",
        ),
    ] = False,
) -> None:
    """Show where every number comes from.

    Example: pathsim evidence cilta-cel --form
    """
    if form:
        from pathsim.study.blank_form import blank_form

        if not names or len(names) > 1:
            raise typer.BadParameter("Name one therapy or population.", param_hint="--form")
        typer.echo(blank_form(find(names[0], parts())), nl=False)
    elif second_entry:
        from pathsim.cli.saying import width
        from pathsim.cli.second_entry import say_comparison
        from pathsim.study.second_entry import compare

        comparison = compare()
        say_comparison(comparison, width=width())
        if comparison.open:
            raise typer.Exit(1)
