"""`pathsim trace`: one patient's life, told and drawn."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.asked import engine_asked, given, model_asked
from pathsim.cli.names import writable
from pathsim.cli.options import RESULTS, Named, Out, Patients, Quiet, Scenario, Seed


def trace(
    name: Scenario,
    patient: Annotated[int, typer.Option(min=0, help="The patient's number, from 0 on.")],
    replication: Annotated[int, typer.Option(min=0, help="The replication's number.")] = 0,
    seed: Seed = None,
    patients: Patients = None,
    engine: Named = None,
    out: Out = RESULTS,
    everything: Annotated[
        bool, typer.Option("--all", help="Print every step, routine ones too.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Tell one patient's story, day by day, and draw it.

    Example: pathsim trace cart_first --patient 12
    """
    from pathsim.cli import saying
    from pathsim.cli.progress import Bar
    from pathsim.study import trace as tracing

    out = writable(out)
    asked = model_asked(name, patients)
    model = asked.model
    if model.patients is not None and patient >= model.patients:
        raise typer.BadParameter(
            f"{model.name} has patients 0 to {model.patients - 1}.", param_hint="--patient"
        )
    chosen = engine_asked(engine)
    with Bar(model.name, 1, quiet=quiet) as bar:
        traced = tracing.trace(model, patient, replication=replication, engine=chosen,
                               seed=given(seed, asked.seed), progress=bar.advance)  # fmt: skip
    if traced is None:
        raise typer.BadParameter(
            f"patient {patient} does not come before the run ends; name a lower number.",
            param_hint="--patient",
        )
    saying.say_trace(traced, tracing.keep(traced, out), everything=everything)
