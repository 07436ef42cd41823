"""`pathsim fit`: laws and effects fitted to published figures by simulating the trials."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.names import complete_fit
from pathsim.cli.options import Quiet


def fit(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIT]...",
            help="Fits of params/fits, by name; all of them, in their order, if none is named.",
            autocompletion=complete_fit,
            show_default=False,
        ),
    ] = None,
    patients: Annotated[
        int, typer.Option(min=500, help="Patients simulated in each arm at each step.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all simulations.")] = 1,
    write: Annotated[
        bool, typer.Option("--write", help="Put what is found into params/; else it is shown only.")
    ] = False,
    out: Annotated[
        Path, typer.Option(help="Folder for the figures of curves and landmarks.")
    ] = Path("results/fits"),
    quiet: Quiet = False,
) -> None:
    """Fit laws and effects to the targets that name them, by simulating the trials.

    Example: pathsim fit cilta-cel --write
    """
    from pathsim.cli import saying_fits
    from pathsim.study import fitting

    for found in fitting.all_of(names or [], patients=patients, seed=seed, quiet=quiet):
        saying_fits.say(found)
        fitting.keep(found, out, write=write)
