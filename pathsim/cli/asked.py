"""What was asked for, from the words of a command line: a model, and an engine that runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pathsim.cli.names import find, scenarios

if TYPE_CHECKING:
    from pathsim.cli.options import Engine
    from pathsim.inputs.scenario import Run
    from pathsim.study.plan import Model


def model_asked(name: str, patients: int | None) -> tuple[Model, Run]:
    """The model of a scenario, and how often and with which seed it asks to be run."""
    from pathsim.inputs.resolve import resolve
    from pathsim.pathway.build import build
    from pathsim.study.plan import model_of, with_patients

    scenario = resolve(find(name, scenarios()))
    if patients is not None:
        scenario = with_patients(scenario, patients)
    return model_of(build(scenario)), scenario.run


def engine_asked(engine: Engine | None) -> str:
    """The engine named, or the default; one line and exit code 2 where it cannot be loaded."""
    from pathsim.study.engines import usable

    try:
        return usable(engine and engine.value)
    except ImportError as error:
        said = f"The engine '{engine}' cannot be loaded ({error}): install numba, or say"
        typer.echo(f"{said} --engine simpy.", err=True)
        raise typer.Exit(2) from None


def given(value: int | None, otherwise: int) -> int:
    """The number given, or the scenario's own."""
    return otherwise if value is None else value
