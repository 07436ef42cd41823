"""`pathsim run` and `pathsim compare`: simulate, measure, keep and print."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.asked import engine_asked, given, model_asked
from pathsim.cli.names import complete_scenario, writable
from pathsim.cli.options import (
    RESULTS,
    All,
    KeepLog,
    Named,
    Out,
    Patients,
    Quiet,
    Replications,
    Scenario,
    Seed,
    Workers,
)


def run(
    name: Scenario,
    seed: Seed = None,
    replications: Replications = None,
    patients: Patients = None,
    engine: Named = None,
    out: Out = RESULTS,
    workers: Workers = None,
    keep_log: Annotated[bool, typer.Option(help="Keep every event of every patient.")] = True,
    everything: All = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario: outcomes with 95 % intervals, event log, figures.

    Example: pathsim run cart_first --replications 5 --patients 200
    """
    from pathsim.cli import saying
    from pathsim.cli.progress import Bar
    from pathsim.study import run as running

    out = writable(out)
    model, asked = model_asked(name, patients)
    chosen = engine_asked(engine)
    seed, replications = given(seed, asked.seed), given(replications, asked.replications)
    with Bar(model.name, replications, quiet=quiet) as bar:
        ran = running.run(model, seed=seed, replications=replications, workers=workers,
                          engine=chosen, keep_log=keep_log, progress=bar.advance)  # fmt: skip
    with Bar("writing tables and figures", None, quiet=quiet):
        folder = running.keep(ran, out)
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
    patients: Patients = None,
    engine: Named = None,
    out: Out = RESULTS,
    workers: Workers = None,
    keep_log: KeepLog = False,
    everything: All = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios on the same patients: outcomes, and differences to the first.

    Example: pathsim compare cart_first bispecific_first --replications 10
    """
    from pathsim.cli import saying
    from pathsim.cli.progress import Bar
    from pathsim.study import compare as comparing

    if len(set(compared)) < 2 or len(set(compared)) < len(compared):
        raise typer.BadParameter("Name two or more different scenarios.", param_hint="SCENARIO")
    out = writable(out)
    found = [model_asked(name, patients) for name in compared]
    models = [model for model, _ in found]
    if len({model.name for model in models}) < len(models):
        raise typer.BadParameter("Two scenarios have the same name.", param_hint="SCENARIO")
    chosen, seed = engine_asked(engine), given(seed, found[0][1].seed)
    replications = given(replications, found[0][1].replications)
    with Bar("comparing", replications * len(models), quiet=quiet) as bar:
        done = comparing.compare(models, seed=seed, replications=replications, workers=workers,
                                 engine=chosen, keep_log=keep_log,
                                 progress=bar.advance)  # fmt: skip
    with Bar("writing tables and figures", None, quiet=quiet):
        folder = comparing.keep(done, out)
    saying.say_comparison(done, folder, everything=everything)
