"""The command line: `pathsim check | show | evidence | run | compare | report | ...`.

Here the commands are put together and what goes wrong is said; they stand in `cli.commands`, and
what they do is done by `study`. Everything heavy is imported inside the commands, so that asking
for help is quick.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import Annotated

import typer

from pathsim import __version__
from pathsim.cli.commands.animating import animate
from pathsim.cli.commands.engines import verify
from pathsim.cli.commands.evidence import evidence
from pathsim.cli.commands.exporting import export
from pathsim.cli.commands.filling import warm_up
from pathsim.cli.commands.fitting import fit
from pathsim.cli.commands.inputs import check, show
from pathsim.cli.commands.patient import trace
from pathsim.cli.commands.reporting import report
from pathsim.cli.commands.sizing import size
from pathsim.cli.commands.storing import store
from pathsim.cli.commands.studies import compare, run
from pathsim.cli.commands.sweeping import sweep
from pathsim.cli.commands.validating import validate
from pathsim.errors import InputError, PathwayError

RARELY = (100_000, 50, 50)
"""How rarely Python looks for circles among objects: nearly all that a command makes it keeps.

As Python comes, a fifth of a short run's time goes there.
"""

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where a disk is full, or the share or size that a user may have."""
CLOSED = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG),
    *(errno.ENOENT, errno.EISDIR, errno.ENOTDIR),
)
"""What it says of a place that cannot be read or written, or of a name that cannot be."""

app = typer.Typer(
    name="pathsim",
    help="What a sequence of myeloma therapies gives the patients, and what it costs the service.",
    epilog="Start with: pathsim show cart_first; then pathsim run cart_first --replications 2",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    check, show, evidence, run, compare, report, warm_up, sweep, size, store, trace, export,
    animate, fit, validate, verify,
):  # fmt: skip
    app.command()(command)


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


def main() -> None:
    """The console script: what is wrong in the inputs goes to stderr, and the exit code is 2."""
    gc.set_threshold(*RARELY)
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
    except OSError as error:
        if error.errno in FULL:
            _fail(_full(error), 1)
        if error.errno in CLOSED and error.filename:
            _fail(f"{error.filename}: {error.strerror}. Name another place.", 2)
        _fail(_fault(error), 1)
    except Exception as error:
        _fail(_fault(error), 1)


def _fault(error: Exception) -> str:
    said = f"{type(error).__name__}: {error}"
    return f"pathsim failed, which is a fault of its own. {said}\nSay --debug for more."


def _full(error: OSError) -> str:
    at = f" (writing {error.filename})" if error.filename else ""
    return (f"There is no room left on the disk{at}. Results that were stored are kept and nothing "
            "half written is left: make room and give the same command again.")  # fmt: skip


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
