"""`pathsim store`: what is kept so that it need not be computed again, and how to clear it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pathsim.cli.options import RESULTS, Out, StoreFolder

if TYPE_CHECKING:
    from pathsim.study.store import Entry


def store(
    store: StoreFolder = None,
    out: Out = RESULTS,
    clear: Annotated[bool, typer.Option("--clear", help="Remove what is kept.")] = False,
    older_than: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="With --clear: only what was neither made nor read for so long, as '30 days'.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Clear without asking.")] = False,
) -> None:
    """Say where results are stored, how many and how large; or clear them.

    Finished tables and figures are not touched: what is cleared is computed again when needed.

    Example: pathsim store --clear --older-than "30 days"
    """
    from pathsim.cli.asked import STORE, span_asked
    from pathsim.study.store import Store

    age = span_asked(older_than, option="--older-than")
    if age is not None and not clear:
        raise typer.BadParameter("it goes with --clear.", param_hint="--older-than")
    kept = Store(out / STORE if store is None else store)
    if kept.folder.is_file():
        hint = "--store" if store else "--out"
        raise typer.BadParameter(f"'{kept.folder}' is a file; name a folder.", param_hint=hint)
    entries = kept.entries()
    typer.echo(f"{kept.folder}: {_many(entries)}")
    if not clear or not entries:
        return
    if not yes:
        typer.confirm("Clear them?" if age is None else f"Clear those older than {older_than}?",
                      abort=True)  # fmt: skip
    gone = kept.clear(older_than=0.0 if age is None else age.days * 86_400)
    typer.echo(f"Cleared: {_many(gone)}")


def _many(entries: list[Entry]) -> str:
    size = sum(entry.size for entry in entries) / 2**20
    return f"{len(entries)} result{'' if len(entries) == 1 else 's'}, {size:.1f} MiB"
