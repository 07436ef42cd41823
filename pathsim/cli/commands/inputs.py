"""`pathsim check` and `pathsim show`: what people write, checked and shown; nothing is run."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.names import (
    complete_any,
    find,
    find_all,
    scenarios,
    studies,
    therapies,
    writable,
)
from pathsim.cli.options import RESULTS, Out, Quiet


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="What to check; everything in params/ and scenarios/ if nothing is named.",
            autocompletion=complete_any,
        ),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option("--catalogue", help="Also refuse rows of params/evidence.csv nobody cites."),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Check what has been written: every problem at once, with file, line and remedy.

    Where nothing is named, sources that nothing cites and rows that are missing are told as well.

    Example: pathsim check scenarios/my_question.yaml
    """
    from pathsim.cli.progress import Bar
    from pathsim.inputs.citations import citation_problems
    from pathsim.study import check as checking

    known = {**scenarios(), **therapies(), **studies()}
    paths = find_all(files, known) if files else checking.every_file()
    with Bar("checking", len(paths), quiet=quiet) as bar:
        also = citation_problems(rows=whole) if whole or not files else ()
        checked = checking.check(paths, also=also, progress=lambda _: bar.advance())
    typer.echo(checked.summary())


def show(
    name: Annotated[
        str,
        typer.Argument(
            help="A scenario's, therapy's or study's name, or the path of a YAML file.",
            autocompletion=complete_any,
            show_default=False,
        ),
    ],
    states: Annotated[bool, typer.Option("--states", help="Print every state in words.")] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="List each number with its source.")
    ] = False,
    fields: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="List the fields that a study can change whose path has this in it; '.' for all.",
            show_default=False,
        ),
    ] = None,
    draw: Annotated[bool, typer.Option(help="Draw the pathway, a picture a therapy.")] = True,
    out: Out = RESULTS,
) -> None:
    """Show a scenario or a therapy in words and as drawings, with the source of each number.

    A study is told in words: what it changes, in how many sets, and how long that may take; or
    which capacities it looks among, and what is promised.

    Example: pathsim show cilta-cel --evidence
    """
    from pathsim.study import showing
    from pathsim.study.check import kind_of

    path = find(name, {**scenarios(), **therapies(), **studies()})
    if fields is not None or kind_of(path) == "studies":
        from pathsim.study.study_words import field_words, words_of

        lines = words_of(path) if fields is None else field_words(path, fields)
        typer.echo("\n".join(lines))
        return
    shown = showing.show(path, states=states, evidence=evidence)
    typer.echo(shown.words)
    if draw:
        folder = showing.draw(shown, writable(out))
        typer.echo(f"\nThe pathway in words and drawings: {folder}")
