"""`pathsim verify`: the same scenario by both engines, and where they first differ, if they do."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.asked import engine_asked, given, model_asked
from pathsim.cli.options import Engine, Patients, Quiet, Scenario, Seed


def verify(
    name: Scenario,
    seed: Seed = None,
    replications: Annotated[
        int, typer.Option(min=1, max=100_000, help="How often the whole service is simulated.")
    ] = 1,
    patients: Patients = None,
    quiet: Quiet = False,
) -> None:
    """Run a scenario with both engines: their logs are the same, or the first row that differs.

    Example: pathsim verify cart_first --replications 3
    """
    from pathsim.cli.progress import Bar
    from pathsim.cli.saying import say_verdict
    from pathsim.study import verify as verifying

    asked = model_asked(name, patients)
    model = asked.model
    engines = engine_asked(Engine.SIMPY), engine_asked(Engine.COMPILED)
    with Bar(f"{model.name}, both engines", replications, quiet=quiet) as bar:
        verdict = verifying.verify(model, seed=given(seed, asked.seed), replications=replications,
                                   engines=engines, progress=bar.advance)  # fmt: skip
    say_verdict(verdict)
    if verdict.difference is not None:
        raise typer.Exit(1)
