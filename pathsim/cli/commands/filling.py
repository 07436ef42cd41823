"""`pathsim warm-up`: how long a service takes to fill, and from when on it is settled."""

from __future__ import annotations

from pathsim.cli.asked import engine_asked, given, model_asked, store_asked, warm_up_asked
from pathsim.cli.carrying import carrying
from pathsim.cli.names import writable
from pathsim.cli.options import (
    RESULTS,
    Figures,
    Fresh,
    Named,
    Out,
    Patients,
    Quiet,
    Replications,
    Scenario,
    Scheduler,
    Seed,
    StoreFolder,
    Workers,
)


def warm_up(
    name: Scenario,
    seed: Seed = None,
    replications: Replications = None,
    patients: Patients = None,
    engine: Named = None,
    out: Out = RESULTS,
    workers: Workers = None,
    scheduler: Scheduler = None,
    store: StoreFolder = None,
    fresh: Fresh = False,
    figures: Figures = True,
    quiet: Quiet = False,
) -> None:
    """Show how a service fills week by week, and suggest the warm-up for run and compare.

    Example: pathsim warm-up referrals_go_on --replications 10
    """
    from pathsim.cli import saying
    from pathsim.cli.progress import Bar
    from pathsim.study import run as running
    from pathsim.study.warm_up import Filling, keep

    out = writable(out)
    asked = model_asked(name, patients, warm_up_asked("0 days"))
    chosen, replications = engine_asked(engine), given(replications, asked.replications)
    with carrying(out), Bar(asked.model.name, replications, quiet=quiet) as bar:
        (ran,) = running.run_all(
            [asked.model], seed=given(seed, asked.seed), replications=replications,
            workers=workers, engine=chosen, progress=bar.advance, found=bar.found,
            store=store_asked(store, out, fresh=fresh), scheduler=scheduler,
        )  # fmt: skip
    filling = Filling(ran)
    with Bar("writing tables and figures", None, quiet=quiet):
        folder = keep(filling, out, figures=figures)
    saying.say_filling(filling, folder)
