"""What was asked for, from the words of a command line: models, and an engine that runs here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pathsim.cli.names import find, find_all, scenarios, writable
from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from pathsim.cli.options import Engine
    from pathsim.inputs.quantity import Span
    from pathsim.study.beside import Hand
    from pathsim.study.plan import Model
    from pathsim.study.precision import Precision
    from pathsim.study.store import Store

STORE = "store"
"""The folder of the store among the results, where no other is named."""


@dataclass(frozen=True)
class Asked:
    """A scenario's model, with the seed and the number of replications that it asks for."""

    model: Model
    seed: int
    replications: int


@dataclass(frozen=True)
class Study:
    """Scenarios that are being read, and the process beside this one that reads them, if any."""

    asked: Callable[[], list[Asked]]
    hand: Hand | None


@contextmanager
def study(
    names: list[str], patients: int | None, *, figures: bool, warm_up: Span | None = None
) -> Iterator[Study]:
    """Scenarios to be run: they are read while the block loads what runs them.

    A process beside this one reads, if that saves time, and then gets ready to draw. Raises
    InputError where there is no such scenario; `asked` raises it where one is not sound.
    """
    from pathsim.study.beside import Beside, asked_of

    find_all(names, scenarios())
    with Beside() as hand:
        if hand is None:
            yield Study(lambda: [model_asked(name, patients, warm_up) for name in names], None)
            return
        read = [asked_of(hand, model_asked, name, patients, warm_up) for name in names]
        if figures:
            asked_of(hand, get_ready_to_draw)
        yield Study(lambda: [each() for each in read], hand)


def get_ready_to_draw() -> None:
    """Load what draws, before there is anything to draw."""
    from pathsim.figures.style import new_axes

    new_axes()


def model_asked(name: str, patients: int | None, warm_up: Span | None = None) -> Asked:
    """The model of a scenario, with another number of patients or warm-up than it says."""
    from pathsim.inputs.resolve import resolve
    from pathsim.pathway.build import build
    from pathsim.study.plan import model_of, with_patients, with_warm_up

    scenario = resolve(find(name, scenarios()))
    if patients is not None:
        scenario = with_patients(scenario, patients)
    if warm_up is not None:
        try:
            scenario = with_warm_up(scenario, warm_up)
        except ValueError as error:
            raise InputError(Problem(name, 1, "--warm-up", str(error), "")) from None
    return Asked(model_of(build(scenario)), scenario.run.seed, scenario.run.replications)


def engine_asked(engine: Engine | None) -> str:
    """The engine named or the best there is, loaded; exit code 2 where the one named cannot be."""
    from pathsim.engine.simulate import chosen

    try:
        return chosen(engine and engine.value)
    except ImportError as error:
        typer.echo(f"{str(error)[:1].upper()}{str(error)[1:]}. Say --engine simpy.", err=True)
        raise typer.Exit(2) from None


def store_asked(folder: Path | None, out: Path, *, fresh: bool = False) -> Store:
    """The store in this folder, or `store` in that of results; `fresh`: nothing is found in it.

    Exit code 2 where it cannot be written to, or be made where it is named. That of results is made
    when the first result is kept.
    """
    from pathsim.study.store import Store

    found = out / STORE if folder is None else folder
    if folder is not None or found.exists():
        writable(found, option="--store")
    return Store(found, fresh=fresh)


def warm_up_asked(text: str | None) -> Span | None:
    """The stretch of time written after --warm-up; exit code 2 where it is none."""
    return span_asked(text, option="--warm-up")


def span_asked(text: str | None, *, option: str) -> Span | None:
    """The stretch of time written after an option; exit code 2 where it is none."""
    from pydantic import TypeAdapter, ValidationError

    from pathsim.inputs.quantity import TimeSpan

    if text is None:
        return None
    try:
        span: Span = TypeAdapter(TimeSpan).validate_python(text)
    except ValidationError as error:
        said = str(error.errors()[0]["ctx"]["error"])
        raise typer.BadParameter(said, param_hint=option) from None
    return span


def precision_asked(
    texts: list[str] | None, most: int | None, replications: int | None, *, compared: bool = False
) -> Precision | None:
    """The wishes written after --precision; raises InputError with all that is wrong with them."""
    from pathsim.study.wishes import precision

    if texts:
        return precision(texts, most=most, replications=replications, compared=compared)
    if most is not None:
        said = "There is no --precision for which replications would be added."
        raise typer.BadParameter(said, param_hint="--most-replications")
    return None


def first_replications(given: int | None, own: int, precision: Precision | None) -> int:
    """How many replications are simulated at first: those given, or the scenario's own."""
    if given is not None:
        return given
    return own if precision is None else precision.first(own)


def given(value: int | None, otherwise: int) -> int:
    """The number given, or the scenario's own."""
    return otherwise if value is None else value
