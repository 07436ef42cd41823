"""`pathsim animate`: queues and beds of one replication as an animation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathsim.cli.asked import engine_asked, given, model_asked
from pathsim.cli.names import complete_scenario, writable
from pathsim.cli.options import RESULTS, Named, Patients, Quiet, Seed

if TYPE_CHECKING:
    from pathsim.cli.asked import Asked

NAME = "animation.html"


def animate(
    name: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|RESULT",
            help="A scenario, or a folder that run or compare wrote: that is simulated again.",
            autocompletion=complete_scenario,
            show_default=False,
        ),
    ],
    days: Annotated[
        int, typer.Option(min=2, help="How many days, from the end of the warm-up.")
    ] = 365,
    strategy: Annotated[
        str | None,
        typer.Option(help="Of a comparison, which strategy; else the first.", show_default=False),
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="The replication's number.")] = 0,
    seed: Seed = None,
    patients: Patients = None,
    engine: Named = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The page to write; else animation.html in the folder of results. Its event log, "
            "in vidigi's form, is written beside it as CSV.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Show queues and beds move: one page that needs no network. Needs the extra `animate`.

    Example: pathsim animate cart_first --days 180
    """
    from pathsim.study import animate as animating

    try:
        animating.vidigi()
    except animating.NoVidigiError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    from pathsim.cli.progress import Bar

    asked, folder = _asked(name, strategy, patients)
    path = folder / NAME if out is None else out / NAME if out.is_dir() else out
    writable(path.parent)
    with Bar(asked.model.name, 1, quiet=quiet) as bar:
        try:
            done = animating.animate(
                asked.model, path, seed=given(seed, asked.seed), days=days,
                replication=replication, engine=engine_asked(engine), progress=bar.advance,
            )  # fmt: skip
        except animating.NobodyError as error:
            raise typer.BadParameter(str(error), param_hint="--days") from None
    typer.echo(f"{done.patients:,} patients, other users of the beds among them, day {done.begin} "
               f"to {done.begin + done.days}: {done.page}")  # fmt: skip
    typer.echo(f"Its event log: {done.log}")


def _asked(name: str, strategy: str | None, patients: int | None) -> tuple[Asked, Path]:
    """The model and where its animation is kept: of a scenario, or of a strategy in a folder."""
    if not Path(name).is_dir():
        if strategy is not None:
            raise typer.BadParameter("A scenario is one strategy.", param_hint="--strategy")
        asked = model_asked(name, patients)
        return asked, RESULTS / asked.model.name
    from pathsim.study.kept import newest, read

    folder = newest(Path(name))
    there = read([folder]).strategies
    chosen = there.get(strategy or next(iter(there), ""))
    if chosen is None:
        said = f"The strategies there are: {', '.join(there) or 'none'}."
        raise typer.BadParameter(said, param_hint="--strategy")
    kept = model_asked(str(chosen.folder / "scenario.yaml"), patients)
    return type(kept)(kept.model, int(chosen.record["seed"]), kept.replications), folder
