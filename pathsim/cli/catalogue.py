"""The catalogue as it is printed: for one part every figure in a clinician's words, for all shares.

Called by `pathsim evidence`; the whole tables are written with `--out`.
"""

from __future__ import annotations

import textwrap
from itertools import groupby
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pathsim.cli.tables import USUAL_WIDTH
from pathsim.study.evidence import KINDS, Catalogue, Part, unverified
from pathsim.study.showing import kinds
from pathsim.study.told import lines

MOST_TOLD = 3
"""So many parts are told figure by figure; of more, only the shares."""
TOGETHER = "unverified or assumed"


LEGEND = (
    "Range: how far the figure may lie. CI: 95 % confidence interval; half: the middle half of the "
    "patients; range: all of them; without a word: assumed. Evidence: its kind, and how much of "
    "the source was read. ×: against patients without it, or for every step from where it counts."
)
"""What stands above a part that is told figure by figure."""


def say_catalogue(found: Catalogue, *, width: int, told: bool) -> None:
    """Each part figure by figure where that was asked for, then the shares of each kind."""
    console = Console(width=width, highlight=False)
    for part in found.parts if told else ():
        _say_part(console, found, part)
    if len(found.parts) > 1 or not told:
        console.print(_shares(found))
        once = found.numbers.drop_duplicates(["file", "line", "path"])
        n, total = once["unverified_or_assumed"].sum(), len(once)
        typer.echo("")
        share = 100 * n / max(total, 1)
        _say(f"{total:,} numbers, each counted once, from {len(found.cited)} sources; {n:,} of "
             f"them ({share:.0f} %) are {TOGETHER}, counted together.")  # fmt: skip
    if found.targets:
        _say(f"The calibrated were fitted to {len(found.targets)} published figures "
             "(params/targets).")  # fmt: skip


def say_kept(folder: Path) -> None:
    typer.echo(f"Tables: {folder}; what each column is: {folder / 'README.txt'}")


def _say_part(console: Console, found: Catalogue, part: Part) -> None:
    """A heading, the share of each kind, and a table a group."""
    numbers = [each.number for each in part.numbers]
    open_ = sum(map(unverified, numbers))
    _say(f"{getattr(part.written, 'title', part.name).upper()} ({part.name})")
    if not numbers:
        _say("No number with a source of its own.")
        return
    _say(f"{len(numbers)} numbers: {kinds(part.written)}. {TOGETHER.capitalize()}, counted "
         f"together: {100 * open_ / len(numbers):.0f} %.")  # fmt: skip
    _say(LEGEND)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for head, ratio in {"": 38, "figure": 34, "range": 16, "evidence": 20, "source": 26}.items():
        table.add_column(head, ratio=ratio, overflow="fold")
    for heading, group in groupby(lines(part.numbers, found.sources), key=lambda x: x.heading):
        table.add_row(Text(f"\n{heading.upper()}", style="bold"))
        for line in group:
            cells = (line.words, line.figure, line.range, line.evidence, line.source)
            table.add_row(*(Text(cell) for cell in cells))
    table.expand = True
    console.print(table)
    typer.echo("")


def _shares(found: Catalogue) -> Table:
    """Share of each kind by part, in %; the unverified and the assumed together in one column."""
    table = Table(box=None, pad_edge=False, title_justify="left")
    table.add_column("% of numbers by kind")
    for name in ("numbers", *KINDS, TOGETHER):
        table.add_column(name, justify="right")
    for row in found.shares.to_dict("records"):
        shares = [f"{row[kind]:.0f}" if row[kind] else "-" for kind in KINDS]
        together = f"{row['unverified_or_assumed']:.0f}"
        table.add_row(str(row["part"]), str(row["numbers"]), *shares, together)
    return table


def _say(text: str) -> None:
    typer.echo(textwrap.fill(text, USUAL_WIDTH, break_on_hyphens=False))
