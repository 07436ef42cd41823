"""What `pathsim size` prints: what is looked for, the answer in one sentence, and the frontier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pathsim.cli.saying import say, say_where

if TYPE_CHECKING:
    from pathsim.cli.progress import Bar
    from pathsim.study.size import Sized, Sizing
    from pathsim.study.sizing.seen import Seen


def say_plan(sizing: Sizing) -> None:
    """What is looked for, among how many capacities."""
    from pathsim.study.study_words import size_words

    for line in size_words(sizing):
        say(line)


class Heard:
    """Says what has been settled so far; how many there will be to look at nobody knows."""

    def __init__(self, bar: Bar) -> None:
        self.bar = bar

    def __call__(self, seen: Seen, settled: int) -> None:
        self.bar.call(
            f"{settled} of {seen.lattice.size} capacities settled: {len(seen.values)} looked at, "
            f"{seen.replications:,} replications"
        )


def say_sized(sized: Sized, folder: Path) -> None:
    """The answer first, then how near it is, what just fails, and what the answer rests on."""
    from pathsim.study.sizing import words
    from pathsim.study.sizing.printed import printed

    found = sized.found
    typer.echo("")
    say(words.answer(found))
    for line in (*words.undecided(found), *words.at_the_edge(found)):
        say(line)
    if found.frontier:
        typer.echo("\nTHE SMALLEST CAPACITIES THAT KEEP EVERY PROMISE (* the cheapest)")
        typer.echo(printed(found))
    if fails := list(words.just_fails(found)):
        typer.echo("\nONE STEP LESS, the cheapest first")
        for line in fails:
            say(f"  {line}")
    typer.echo("")
    for line in (words.confidence(found), *words.skewed(found), *words.assumption(found)):
        say(line)
    made, seen = found.seen.replications, len(found.seen.values)
    say(f"{seen} of {found.lattice.size} capacities were looked at, {made} replications in all, "
        f"seed {sized.seed}.")  # fmt: skip
    if found.cheapest is not None:
        typer.echo(f"The answer as a scenario: pathsim run {folder / 'answer.yaml'}")
    say_where(folder)
