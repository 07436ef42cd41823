"""`pathsim run` and `pathsim compare`: simulate, measure, keep and print."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.asked import (
    engine_asked,
    first_replications,
    given,
    precision_asked,
    store_asked,
    study,
    warm_up_asked,
)
from pathsim.cli.carrying import carrying
from pathsim.cli.commands.reporting import page_wanted
from pathsim.cli.names import complete_scenario, writable
from pathsim.cli.options import (
    RESULTS,
    All,
    Figures,
    Fresh,
    KeepLog,
    MostReplications,
    Named,
    Out,
    Patients,
    Precision,
    Quiet,
    Replications,
    Report,
    Scenario,
    Scheduler,
    Seed,
    StoreFolder,
    WarmUp,
    Workers,
)


def run(
    name: Scenario,
    seed: Seed = None,
    replications: Replications = None,
    precision: Precision = None,
    most_replications: MostReplications = None,
    patients: Patients = None,
    warm_up: WarmUp = None,
    engine: Named = None,
    out: Out = RESULTS,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    fresh: Fresh = False,
    keep_log: KeepLog = False,
    figures: Figures = True,
    report: Report = False,
    everything: All = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario: outcomes with 95 % intervals, figures.

    Example: pathsim run cart_first --replications 5 --patients 200
    """
    out, uncounted = writable(out), warm_up_asked(warm_up)
    with study([name], patients, figures=figures, warm_up=uncounted) as begun:
        from pathsim.cli import saying  # heavy: loaded while the scenario is read
        from pathsim.cli.progress import Bar
        from pathsim.study import run as running

        chosen = engine_asked(engine)
        (asked,) = begun.asked()
        wishes = precision_asked(precision, most_replications, replications)
        first = first_replications(replications, asked.replications, wishes)
        with carrying(out), Bar(asked.model.name, first, quiet=quiet) as bar:
            (ran,) = running.run_all(
                [asked.model], seed=given(seed, asked.seed), replications=first,
                workers=workers, engine=chosen, keep_log=keep_log, progress=bar.advance,
                found=bar.found, store=store_asked(store, out, fresh=fresh), scheduler=scheduler,
                precision=wishes, more=bar.more,
            )  # fmt: skip
        with Bar("writing tables and figures", None, quiet=quiet):
            folder = running.keep(ran, out, pictures=figures, hand=begun.hand,
                                  report=page_wanted(report))  # fmt: skip
    saying.say_run(ran, folder, everything=everything)


def compare(
    compared: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO",
            help="Two or more scenarios, by name or file; the first is the base.",
            autocompletion=complete_scenario,
            show_default=False,
        ),
    ],
    seed: Seed = None,
    replications: Replications = None,
    precision: Precision = None,
    most_replications: MostReplications = None,
    patients: Patients = None,
    warm_up: WarmUp = None,
    engine: Named = None,
    out: Out = RESULTS,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    fresh: Fresh = False,
    keep_log: KeepLog = False,
    figures: Figures = True,
    report: Report = False,
    everything: All = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios on the same patients: outcomes, and differences to the first.

    Example: pathsim compare cart_first bispecific_first --replications 10
    """
    if len(set(compared)) < 2 or len(set(compared)) < len(compared):
        raise typer.BadParameter("Name two or more different scenarios.", param_hint="SCENARIO")
    out, uncounted = writable(out), warm_up_asked(warm_up)
    with study(compared, patients, figures=figures, warm_up=uncounted) as begun:
        from pathsim.cli import saying  # heavy: loaded while the scenarios are read
        from pathsim.cli.progress import Bar
        from pathsim.study import compare as comparing

        chosen, asked = engine_asked(engine), begun.asked()
        base, models = asked[0], [each.model for each in asked]
        if len({model.name for model in models}) < len(models):
            raise typer.BadParameter("Two scenarios have the same name.", param_hint="SCENARIO")
        wishes = precision_asked(precision, most_replications, replications, compared=True)
        first = first_replications(replications, base.replications, wishes)
        with carrying(out), Bar("comparing", first * len(models), quiet=quiet) as bar:
            done = comparing.compare(
                models, seed=given(seed, base.seed), replications=first,
                workers=workers, engine=chosen, keep_log=keep_log, progress=bar.advance,
                found=bar.found, store=store_asked(store, out, fresh=fresh), scheduler=scheduler,
                precision=wishes, more=bar.more,
            )  # fmt: skip
        with Bar("writing tables and figures", None, quiet=quiet):
            folder = comparing.keep(done, out, pictures=figures, hand=begun.hand,
                                    report=page_wanted(report))  # fmt: skip
    saying.say_comparison(done, folder, everything=everything)
