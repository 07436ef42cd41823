"""What `run` and `compare` print: first lines, outcomes, differences, and where all of it is."""

from __future__ import annotations

from pathlib import Path

import typer

from pathsim.cli.tables import printed
from pathsim.outcomes.summary import headlines
from pathsim.study.compare import Compared
from pathsim.study.run import Ran


def say_run(ran: Ran, folder: Path, *, everything: bool) -> None:
    typer.echo(ran.header() + ".")
    _say_shortfall(ran)
    table = ran.outcomes()
    typer.echo(printed(table if everything else headlines(table)))
    _say_intervals(ran)
    _say_where(folder, everything=everything)


def say_comparison(compared: Compared, folder: Path, *, everything: bool) -> None:
    base, *_ = compared.runs
    for line in compared.headers():
        typer.echo(line + ".")
    _say_shortfall(base)
    for title, table in (
        ("", compared.outcomes()),
        (f"\nDIFFERENCES to {base.model.name}, paired by patient", compared.differences()),
    ):
        if title:
            typer.echo(title)
        typer.echo(printed(table if everything else headlines(table)))
    _say_intervals(base)
    _say_where(folder, everything=everything)


def _say_shortfall(ran: Ran) -> None:
    """Where fewer come before the horizon than were asked for."""
    asked, came = ran.model.patients, len(ran.measured.patients) / ran.replications
    if asked is not None and came < asked - 0.5:
        typer.echo(f"Of {asked} patients {came:.0f} come before the run ends (mean).")


def _say_intervals(ran: Ran) -> None:
    n = ran.replications
    if n > 1:
        typer.echo(
            f"\nMeans of {n} replications (95 % interval over replications), seed {ran.seed}."
        )
    else:
        typer.echo(f"\nOne replication, seed {ran.seed}: intervals are over patients, where given.")


def _say_where(folder: Path, *, everything: bool) -> None:
    more = "" if everything else " (all outcomes: outcomes.csv)"
    typer.echo(f"Tables{more}: {folder}")
    if (folder / "figures").is_dir():
        typer.echo(f"Figures: {folder / 'figures'}")
