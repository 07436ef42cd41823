"""`pathsim validate`: every target simulated, beside what was published."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.asked import store_asked
from pathsim.cli.carrying import carrying
from pathsim.cli.names import find_all, writable
from pathsim.cli.options import Figures, Fresh, Quiet, Scheduler, StoreFolder, Workers


class Role(StrEnum):
    """What a target is for, as files of targets say it."""

    CALIBRATION = "calibration"
    CHECK = "check"
    REPORTED = "reported"


def validate(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Files of targets, by name or path; all of params/targets if none is named.",
        ),
    ] = None,
    patients: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="Patients in each simulated arm.")
    ] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Number from which all chance is drawn.")] = 1,
    role: Annotated[
        list[Role] | None, typer.Option(help="Only targets of this role; may be said twice.")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    fresh: Fresh = False,
    out: Annotated[
        Path, typer.Option(help="Folder for tables and figures; what is there is replaced.")
    ] = Path("results/validation"),
    figures: Figures = True,
    quiet: Quiet = False,
) -> None:
    """Simulate every published target: simulated beside published, inside or outside.

    Exit code 1 where calibration targets miss the tolerance of params/targets/tolerance.yaml.

    Example: pathsim validate my_cohort.yaml --patients 5000
    """
    from pathsim.cli.progress import Bar
    from pathsim.study import validate as validating
    from pathsim.study import validated

    known = {path.stem: path for path in validating.files()}
    paths = find_all(files, known) if files else [*known.values()]
    out = writable(out)
    with carrying(out), Bar("validating", len(paths), quiet=quiet) as bar:
        found = validating.validate(
            paths, patients=patients, seed=seed, roles=[each.value for each in role or ()],
            workers=workers, scheduler=scheduler, store=store_asked(store, out, fresh=fresh),
            progress=bar.advance, found=bar.found,
        )  # fmt: skip
    typer.echo(validated.report(found))
    with Bar("writing tables and figures", None, quiet=quiet):
        validated.keep(found, out, figures=figures)
    typer.echo(f"\nTables and figures: {out}")
    if not found.met:
        raise typer.Exit(1)
