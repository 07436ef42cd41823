"""The arguments and options that several commands share, each with its help.

Imported by the commands when help is asked for, so nothing heavy is loaded here.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.names import complete_scenario


class Engine(StrEnum):
    """The engines by name, as `pathsim.engine.simulate.ENGINES` has them."""

    COMPILED = "compiled"
    SIMPY = "simpy"


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
Precision = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OUTCOME: HALF-WIDTH",
        help="Add replications until the outcome's 95 % interval is its mean ± this, or narrower: "
        "in the outcome's unit, or as '2 % of its mean'; may be said more than once.",
        show_default=False,
    ),
]
MostReplications = Annotated[
    int | None,
    typer.Option(
        min=10,
        max=100_000,
        help="How many replications --precision may make in all; 1000 if not given.",
        show_default=False,
    ),
]
Patients = Annotated[
    int | None,
    typer.Option(min=1, max=1_000_000, help="How many patients come, at the scenario's pace."),
]
WarmUp = Annotated[
    str | None,
    typer.Option(
        "--warm-up",
        metavar="TIME",
        help="Do not count what is before, such as '1 year': patients are those who arrive after "
        "it. `pathsim warm-up` shows how long it takes. Else the scenario's own.",
        show_default=False,
    ),
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
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="A Dask cluster to work on, such as tcp://10.0.0.1:8786. Results do not differ.",
        show_default=False,
    ),
]
StoreFolder = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="PATHSIM_STORE",
        metavar="DIR",
        help="Folder of results that need not be computed again; else 'store' in that of results.",
        show_default=False,
    ),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Compute again what the store has.")]
Named = Annotated[
    Engine | None,
    typer.Option(
        "--engine",
        help="What simulates: the fast one, or the plain one written to be read. "
        "Results do not differ.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]
KeepLog = Annotated[
    bool, typer.Option("--keep-log", help="Keep every event of every patient (large).")
]
Figures = Annotated[bool, typer.Option(help="Draw the figures, as PNG and SVG.")]
Report = Annotated[
    bool,
    typer.Option(
        "--report", help="Make the report too: report.html among the results (pathsim report)."
    ),
]
All = Annotated[bool, typer.Option("--all", help="Print every outcome, not only the main ones.")]
RESULTS = Path("results")
