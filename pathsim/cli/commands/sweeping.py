"""`pathsim sweep`: a study of many sets, carried out, kept and told."""

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
    Replications,
    Report,
    Scheduler,
    Seed,
    StoreFolder,
    Workers,
)


def sweep(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="STUDY",
            help="A study's name, or the path of its YAML file; with --vary, scenarios.",
            autocompletion=complete_study,
            show_default=False,
        ),
    ],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUES",
            help="A grid without a file: a field of the scenarios, and its values with commas "
            "between them. Repeat it for more fields; 'pathsim show SCENARIO --fields bed' "
            "lists them.",
            show_default=False,
        ),
    ] = None,
    seed: Seed = None,
    replications: Replications = None,
    patients: Patients = None,
    sets: Annotated[
        int | None,
        typer.Option(min=1, help="How many sets are drawn; else as the study says."),
    ] = None,
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
    """Run a study: scenarios with many sets of values, all with the same luck; one tidy table.

    Example: pathsim sweep beds-and-referrals

    Example: pathsim sweep cart_first --vary centre.resources.cell_therapy_bed.places=8,10,12
    """
    out = writable(out)
    if not vary and len(names) > 1:
        raise typer.BadParameter("Name one study, or fields with --vary.", param_hint="STUDY")
    path = None if vary else find_study(names[0])
    from pathsim.cli import saying_sweeps
    from pathsim.cli.progress import Bar
    from pathsim.study import sweep as sweeping
    from pathsim.study.execute import JobsFailedError
    from pathsim.study.folders import now
    from pathsim.study.studies import quick_grid, study_asked
    from pathsim.study.sweep_folder import keep

    started = now()
    said = {"seed": seed, "replications": replications, "patients": patients}
    if path is None:
        asked = quick_grid(names, vary or (), **said)
    else:
        asked = study_asked(path, sets=sets, **said)
    plan = sweeping.plan_of(asked, engine=engine_asked(engine))
    results = store_asked(store, out, fresh=fresh)
    saying_sweeps.say_plan(plan)
    with carrying(out), Bar(plan.study.study, plan.runs, quiet=quiet) as bar:
        carried = sweeping.sweep(plan, results, workers=workers, scheduler=scheduler,
                                 progress=bar.advance, found=bar.found)  # fmt: skip
    with Bar("writing tables and figures", None, quiet=quiet):
        kept = keep(plan, results, carried, out, started=started, pictures=figures,
                    report=page_wanted(report))  # fmt: skip
    saying_sweeps.say_sweep(plan, kept)
    if carried.failures:
        with carrying(out):
            raise JobsFailedError(carried.failures)
