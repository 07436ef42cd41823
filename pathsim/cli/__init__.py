"""The command line: `pathsim check | show | run | compare | trace`.

Here stand the commands and their help; what they do is done by `study`. Everything heavy is
imported inside the commands, so that asking for help is quick.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathsim import __version__
from pathsim.cli.names import (
    complete_any,
    complete_scenario,
    find,
    find_all,
    scenarios,
    therapies,
    writable,
)
from pathsim.errors import InputError, PathwayError

if TYPE_CHECKING:
    from pathsim.inputs.scenario import Run
    from pathsim.study.plan import Model

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

app = typer.Typer(
    name="pathsim",
    help="What a sequence of myeloma therapies gives the patients, and what it costs the service.",
    epilog="Start with: pathsim show cart_first; then pathsim run cart_first --replications 2",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Scenario = Annotated[
    str,
    typer.Argument(
        help="A scenario's name, or the path of a YAML file.",
        autocompletion=complete_scenario,
        show_default=False,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(min=0, help="Number from which all chance is drawn; else the scenario's own."),
]
Replications = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=100_000,
        help="How often the whole service is simulated; more give narrower intervals.",
    ),
]
Patients = Annotated[
    int | None,
    typer.Option(min=1, max=1_000_000, help="How many patients come, at the scenario's pace."),
]
Out = Annotated[Path, typer.Option(help="Folder in which results are kept.")]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=1024,
        help="Processes to use; all processors if not given. Results do not differ.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]
KeepLog = Annotated[
    bool, typer.Option("--keep-log", help="Keep every event of every patient (large).")
]
All = Annotated[bool, typer.Option("--all", help="Print every outcome, not only the main ones.")]


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"pathsim {__version__}")
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Say which version."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback where something fails.")
    ] = False,
) -> None:
    """What a sequence of myeloma therapies gives the patients, and what it costs the service."""


@app.command()
def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="What to check; everything in params/ and scenarios/ if nothing is named.",
            autocompletion=complete_any,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Check what has been written: every problem at once, with file, line and remedy.

    Example: pathsim check scenarios/my_question.yaml
    """
    from pathsim.cli.progress import Bar
    from pathsim.study import check as checking

    known = {**scenarios(), **therapies()}
    paths = find_all(files, known) if files else checking.every_file()
    with Bar("checking", len(paths), quiet=quiet) as bar:
        checked = checking.check(paths, progress=bar.advance)
    typer.echo(checked.summary())


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            help="A scenario's or therapy's name, or the path of a YAML file.",
            autocompletion=complete_any,
            show_default=False,
        ),
    ],
    states: Annotated[bool, typer.Option("--states", help="Print every state in words.")] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="List each number with its source.")
    ] = False,
    draw: Annotated[bool, typer.Option(help="Draw the pathway, a picture a therapy.")] = True,
    out: Out = Path("results"),
) -> None:
    """Show a scenario or a therapy in words and as drawings, with the source of each number.

    Example: pathsim show cilta-cel --evidence
    """
    from pathsim.study import showing

    path = find(name, {**scenarios(), **therapies()})
    shown = showing.show(path, states=states, evidence=evidence)
    typer.echo(shown.words)
    if draw:
        folder = showing.draw(shown, writable(out))
        typer.echo(f"\nThe pathway in words and drawings: {folder}")


@app.command()
def run(
    name: Scenario,
    seed: Seed = None,
    replications: Replications = None,
    patients: Patients = None,
    out: Out = Path("results"),
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
    model, asked = _model(name, patients)
    seed, replications = _chosen(seed, asked.seed), _chosen(replications, asked.replications)
    with Bar(model.name, replications, quiet=quiet) as bar:
        ran = running.run(model, seed=seed, replications=replications, workers=workers,
                          keep_log=keep_log, progress=bar.advance)  # fmt: skip
    with Bar("writing tables and figures", None, quiet=quiet):
        folder = running.keep(ran, out)
    saying.say_run(ran, folder, everything=everything)


@app.command()
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
    out: Out = Path("results"),
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
    found = [_model(name, patients) for name in compared]
    models = [model for model, _ in found]
    if len({model.name for model in models}) < len(models):
        raise typer.BadParameter("Two scenarios have the same name.", param_hint="SCENARIO")
    seed = _chosen(seed, found[0][1].seed)
    replications = _chosen(replications, found[0][1].replications)
    with Bar("comparing", replications * len(models), quiet=quiet) as bar:
        done = comparing.compare(models, seed=seed, replications=replications, workers=workers,
                                     keep_log=keep_log, progress=bar.advance)  # fmt: skip
    with Bar("writing tables and figures", None, quiet=quiet):
        folder = comparing.keep(done, out)
    saying.say_comparison(done, folder, everything=everything)


@app.command()
def trace(
    name: Scenario,
    patient: Annotated[int, typer.Option(min=0, help="The patient's number, from 0 on.")],
    replication: Annotated[int, typer.Option(min=0, help="The replication's number.")] = 0,
    seed: Seed = None,
    patients: Patients = None,
    out: Out = Path("results"),
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
    model, asked = _model(name, patients)
    if model.patients is not None and patient >= model.patients:
        raise typer.BadParameter(
            f"{model.name} has patients 0 to {model.patients - 1}.", param_hint="--patient"
        )
    with Bar(model.name, 1, quiet=quiet) as bar:
        traced = tracing.trace(model, patient, replication=replication,
                               seed=_chosen(seed, asked.seed))  # fmt: skip
        bar.advance()
    if traced is None:
        raise typer.BadParameter(
            f"patient {patient} does not come before the run ends; name a lower number.",
            param_hint="--patient",
        )
    saying.say_trace(traced, tracing.keep(traced, out), everything=everything)


def _model(name: str, patients: int | None) -> tuple[Model, Run]:
    """The model of a scenario, and how often and with which seed it asks to be run."""
    from pathsim.inputs.resolve import resolve
    from pathsim.pathway.build import build
    from pathsim.study.plan import model_of, with_patients

    scenario = resolve(find(name, scenarios()))
    if patients is not None:
        scenario = with_patients(scenario, patients)
    return model_of(build(scenario)), scenario.run


def _chosen(given: int | None, otherwise: int) -> int:
    return otherwise if given is None else given


def main() -> None:
    """The console script: what is wrong in the inputs goes to stderr, and the exit code is 2."""
    try:
        app()
    except (InputError, PathwayError) as error:
        _fail(str(error), 2)
    except KeyboardInterrupt:
        _stop()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _stop()
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        _fail(f"pathsim failed, which is a fault of its own. {said}\nSay --debug for more.", 1)


def _stop() -> None:
    """After Ctrl-C: nothing is left to be done, so jobs under way are not waited for."""
    from multiprocessing import active_children

    for worker in active_children():
        worker.kill()
    os._exit(INTERRUPTED)


def _fail(said: str, code: int) -> None:
    """End with a message; with --debug the traceback goes on instead."""
    if "--debug" in sys.argv:
        raise
    typer.echo(said, err=True)
    raise SystemExit(code)
