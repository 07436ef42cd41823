"""`pathsim fit`: laws and effects fitted to published figures by simulating the trials."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.asked import store_asked
from pathsim.cli.carrying import carrying
from pathsim.cli.names import complete_fit, find_all, fit_files, writable
from pathsim.cli.options import Fresh, Quiet, Scheduler, StoreFolder, Workers

FITS = Path("results") / "fits"


def fit(
    fits: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIT]...",
            help="Fits of params/fits, by name; all of them, in their order, if none is named.",
            autocompletion=complete_fit,
            show_default=False,
        ),
    ] = None,
    patients: Annotated[
        int, typer.Option(min=500, help="Patients simulated in each arm, at each step.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all simulations.")] = 1,
    write: Annotated[
        bool, typer.Option("--write", help="Put what is found into params/, and keep its record.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for curves over the published landmarks.")] = (
        FITS
    ),
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    fresh: Fresh = False,
    quiet: Quiet = False,
) -> None:
    """Fit laws and effects to the targets that they inform, by simulating the trials.

    Without --write nothing in params/ changes. Example: pathsim fit cilta-cel
    """
    out = writable(out)
    chosen = [path.stem for path in find_all(fits or [], fit_files())]
    from pathsim.cli.progress import Bar
    from pathsim.cli.saying_fits import say_fit
    from pathsim.study import fit as fitting
    from pathsim.study import fit_record

    kept = store_asked(store, out, fresh=fresh)
    for each in fitting.in_order(chosen):
        with carrying(out), Bar(f"fitting {each.fit}", None, quiet=quiet) as bar:
            trials = fitting.trials_of(each)
            found = fitting.fitted(
                each, trials, patients=patients, seed=seed, workers=workers, scheduler=scheduler,
                store=kept, progress=lambda _: bar.advance(),
            )  # fmt: skip
            written = fit_record.keep(found, write=write)
            fit_record.draw(found, out / each.fit, workers=workers, scheduler=scheduler, store=kept)
        say_fit(found, written, out / each.fit)
