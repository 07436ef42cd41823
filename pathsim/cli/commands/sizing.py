"""`pathsim size`: the smallest capacities that keep promises."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.asked import engine_asked, store_asked
from pathsim.cli.carrying import carrying
from pathsim.cli.commands.reporting import page_wanted
from pathsim.cli.names import complete_study, find_study, writable
from pathsim.cli.options import (
    RESULTS,
    Figures,
    Fresh,
    Named,
    Out,
    Patients,
    Quiet,
    Report,
    Scheduler,
    Seed,
    StoreFolder,
    Workers,
)


def size(
    name: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="A study's name, or the path of its YAML file.",
            autocompletion=complete_study,
            show_default=False,
        ),
    ],
    confidence: Annotated[
        float | None,
        typer.Option(
            min=50,
            max=99.9,
            help="How sure the whole answer is to be, in %; else as the study says.",
        ),
    ] = None,
    seed: Seed = None,
    patients: Patients = None,
    engine: Named = None,
    out: Out = RESULTS,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    fresh: Fresh = False,
    figures: Figures = True,
    report: Report = False,
    quiet: Quiet = False,
) -> None:
    """Find the smallest capacities that keep all promises of a study, or say that none does.

    The study says from where to where each capacity may go, and what is promised of waits, losses
    and full beds: 'pathsim show size-slots-and-beds' tells one, docs/sizing.md how to write one.

    Example: pathsim size size-slots-and-beds --workers 2
    """
    out = writable(out)
    path = find_study(name)
    from pathsim.cli import saying_sizes
    from pathsim.cli.progress import Bar
    from pathsim.study import size as sizing
    from pathsim.study.size_folder import keep
    from pathsim.study.studies import study_asked

    loaded = study_asked(path, seed=seed, patients=patients)
    wanted = sizing.sizing_of(loaded, confidence=confidence and confidence / 100)
    saying_sizes.say_plan(wanted)
    results = store_asked(store, out, fresh=fresh)
    with carrying(out), Bar("looking at the ends of the ranges", None, quiet=quiet) as bar:
        sized = sizing.size(
            wanted, workers=workers, scheduler=scheduler, engine=engine_asked(engine),
            store=results, told=saying_sizes.Heard(bar),
        )  # fmt: skip
    with Bar("writing tables and figures", None, quiet=quiet):
        folder = keep(sized, out, pictures=figures, report=page_wanted(report))
    saying_sizes.say_sized(sized, folder)
