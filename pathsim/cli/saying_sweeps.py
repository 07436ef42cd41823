"""What `pathsim sweep` prints: the study in words, what was found, and where all of it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pathsim.cli.saying import say, say_where, width

if TYPE_CHECKING:
    from pathsim.study.sweep import Plan
    from pathsim.study.sweep_folder import Kept


def say_plan(plan: Plan) -> None:
    """What is going to be done, in a line or two."""
    from pathsim.study.study_words import plan_words

    for line in plan_words(plan):
        say(line)


def say_sweep(plan: Plan, kept: Kept) -> None:
    """The account of the study, how to read it, and the folder."""
    for line in kept.account.lines(width()):
        typer.echo(line)
    n = plan.study.replications
    if kept.account.explained:
        typer.echo("")
    elif n > 1:
        say(f"\nMeans of {n} replications, seed {plan.study.seed}. In brackets: 95 % intervals, "
            "which are of chance within the model alone. A mean without one was the same in all, "
            "or known in one alone.")  # fmt: skip
    else:
        say(f"\nOne replication, seed {plan.study.seed}: how far chance moves a mean is not known. "
            "Ask for more with --replications.")  # fmt: skip
    say_where(kept.folder, " (pandas, R and Stata read them as they are)")
