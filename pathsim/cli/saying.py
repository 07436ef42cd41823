"""What the commands print: first lines, outcomes, differences, stories, and where all of it is."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pathsim.cli.commands.reporting import NAME
from pathsim.cli.tables import USUAL_WIDTH, printed
from pathsim.outcomes.dictionary import IN_SHORT
from pathsim.outcomes.labels import NO_INTERVAL
from pathsim.outcomes.summary import headlines

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.study.compare import Compared
    from pathsim.study.run import Ran
    from pathsim.study.trace import Traced
    from pathsim.study.verify import Verdict
    from pathsim.study.warm_up import Filling


def say_run(ran: Ran, folder: Path, *, everything: bool) -> None:
    say(ran.header() + ".")
    _say_shortfall(ran)
    table = ran.outcomes()
    typer.echo("\n" + printed(_shown(table, table, everything), width=width()))
    _say_intervals(ran)
    _say_tables(folder, everything=everything)


def say_comparison(compared: Compared, folder: Path, *, everything: bool) -> None:
    base, *_ = compared.runs
    for line in compared.headers():
        say(line + ".")
    _say_shortfall(base)
    outcomes, differences = compared.outcomes(), compared.differences()
    typer.echo("\n" + printed(_shown(outcomes, outcomes, everything), width=width()))
    say(f"\nDIFFERENCES to {base.model.name}, paired by patient: what each strategy gives more or "
         "less than it. * marks an interval that does not include 0.")  # fmt: skip
    shown = _shown(differences, outcomes, everything)
    minus = f" minus {base.model.name}"
    shown = shown.assign(strategy=shown["strategy"].str.removesuffix(minus))
    typer.echo(printed(shown, width=width(), starred=True))
    _say_intervals(base)
    _say_tables(folder, everything=everything)


def say_trace(traced: Traced, picture: Path, *, everything: bool) -> None:
    say(traced.about)
    typer.echo("")
    for line in traced.steps if everything else traced.short:
        say(line)
    more = "" if everything else " (every step: the .txt beside it, or say --all)"
    typer.echo(f"\nThe picture{more}: {picture}")


def say_verdict(verdict: Verdict) -> None:
    for line in verdict.words():
        say(line)


def say_filling(filling: Filling, folder: Path) -> None:
    for line in filling.words():
        say(line)
    typer.echo(f"\nFigure and table: {folder}")
    typer.echo(f"What each file and column is: {folder / 'README.txt'}")


def _shown(table: pd.DataFrame, outcomes: pd.DataFrame, everything: bool) -> pd.DataFrame:
    """The rows to print: all, or those that are headlines among the outcomes."""
    return table if everything else table[table["outcome"].isin(headlines(outcomes))]


def width() -> int:
    return shutil.get_terminal_size((USUAL_WIDTH, 24)).columns


def say(text: str) -> None:
    """A paragraph, within the width of the terminal."""
    typer.echo("\n".join(
        textwrap.fill(line, min(width(), USUAL_WIDTH), subsequent_indent="  ",
                      break_on_hyphens=False, break_long_words=False)
        for line in text.split("\n")
    ))  # fmt: skip


def _say_shortfall(ran: Ran) -> None:
    """Where fewer come before the horizon than were asked for."""
    asked, came = ran.model.patients, len(ran.measured.patients) / ran.replications
    if (warm_up := ran.measured.warm_up) > 0.0:
        many = f"{came:.0f} patients arrive and are counted (mean)" if came else (
            "no patient arrives: a shorter one would count some")  # fmt: skip
        say(f"After the warm-up of {warm_up:g} days {many}.")
    elif asked is not None and came < asked - 0.5:
        many = f"{came:.0f}" if came >= 1 or came == 0 else "fewer than one"
        say(f"Of {asked} patients {many} come before the run ends (mean): a longer 'horizon:' or "
             "a faster 'accrual:' would see more.")  # fmt: skip


def _say_intervals(ran: Ran) -> None:
    n = ran.replications
    if ran.reached:
        typer.echo("")
        for line in ran.reached.words():
            say(line)
    if n > 1:
        say(f"\nMeans of {n} replications, seed {ran.seed}. In brackets: 95 % intervals over "
             "replications. A mean without one was the same in all; "
             f"{NO_INTERVAL}: known in one replication only.")  # fmt: skip
    else:
        say(f"\nOne replication, seed {ran.seed}. In brackets: 95 % intervals over its patients. "
             f"{NO_INTERVAL}: there is none; ask for more with --replications.")  # fmt: skip
    for line in IN_SHORT:
        say(line)


def _say_tables(folder: Path, *, everything: bool) -> None:
    say_where(folder, "" if everything else " (all outcomes: outcomes.csv, or say --all)")


def say_where(folder: Path, more: str = "") -> None:
    """Where the tables are, what tells of them, and figures and report if there are any."""
    typer.echo(f"Tables{more}: {folder}")
    typer.echo(f"What each file and column is: {folder / 'README.txt'}")
    if (folder / "figures").is_dir():
        typer.echo(f"Figures: {folder / 'figures'}")
    if (folder / NAME).is_file():
        typer.echo(f"Report: {folder / NAME}")
