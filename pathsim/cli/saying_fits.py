"""What a fit found, as it is printed: its numbers, then how each target is met."""

from __future__ import annotations

from pathlib import Path

import typer

from pathsim.study.fit import Fitted
from pathsim.study.fit_record import record


def say_fit(found: Fitted, written: list[Path], figures: Path) -> None:
    """The numbers with their intervals, the targets with theirs, and what was written."""
    from rich.console import Console
    from rich.table import Table

    said, console = record(found), Console(width=118, highlight=False)
    numbers = Table(
        "sought, in its written unit", "found", "95 % interval", "before any target", box=None
    )
    for name, number in said["numbers"].items():
        free = found.fit.free[name]
        numbers.add_row(name, f"{number['value']:g}", f"{number['low']:g} to {number['high']:g}",
                        f"{free.low:g} to {free.high:g}")  # fmt: skip
    targets = Table("target", "published", "interval", "simulated", "", box=None)
    for met in said["targets"]:
        targets.add_row(met["target"], f"{met['published']:g} {met['unit']}",
                        f"{met['low']:g} to {met['high']:g}", f"{met['simulated']:g}",
                        "in" if met["inside"] else "OUT")  # fmt: skip
    size = f"{said['simulations']} simulations of {said['patients_in_each_arm']} patients an arm"
    typer.echo(f"{found.fit.title} ({size})")
    console.print(numbers, targets, sep="\n")
    where = (
        f"{len(written)} files in params/ written" if written else "nothing written: see --write"
    )
    typer.echo(f"{where}; curves in {figures}\n")
