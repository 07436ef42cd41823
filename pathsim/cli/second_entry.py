"""The comparison of the second entry with the first, as it is printed.

Called by `pathsim evidence --second-entry`: counts for each file, then every disagreement with both
values and how it was settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import typer
from rich.console import Console
from rich.table import Table

from pathsim.inputs.evidence import Number
from pathsim.inputs.second_entry import Entry
from pathsim.study.second_entry import OUTCOMES, Compared, Comparison


def say_comparison(comparison: Comparison, *, width: int) -> None:
    """Counts, then what is open, what is settled, and what is assumed on both sides."""
    if not comparison.compared:
        typer.echo("Nothing has been entered a second time (params/second_entry/ has no file).")
        return
    console = Console(width=width, highlight=False)
    console.print(_counts(comparison))
    for outcome, meaning in OUTCOMES.items():
        console.print(f"{outcome}: {meaning}", style="dim")
    _say("OPEN: a disagreement that nobody has settled yet", comparison.open)
    _say("SETTLED", comparison.settled)
    _say("ASSUMPTION AGAINST ASSUMPTION: not settled, only shown", comparison.of("assumed twice"))
    _say("NO LONGER ASKED FOR in the first", comparison.of("gone"))


def _counts(comparison: Comparison) -> Table:
    table = Table("file", *OUTCOMES, "open", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, counts in comparison.counts().items():
        table.add_row(name, *(str(counts[outcome]) for outcome in (*OUTCOMES, "open")))
    return table


def _say(title: str, found: list[Compared]) -> None:
    if found:
        typer.echo(f"\n{title} ({len(found)})")
        typer.echo("\n".join(_lines(found)))


def _lines(found: Iterable[Compared]) -> Iterator[str]:
    for each in found:
        yield f"  {each.name}  {each.path}: {each.words}"
        yield f"    first:  {_number(each.first)}"
        yield f"    second: {_number(each.second)}"
        if each.outcome == "assumed twice":
            yield f"    {'within' if each.within_spread else 'outside'} the spread of the first"
        elif each.differs:
            beside = "within" if each.within_spread else "outside"
            more = f"; {beside} the spread of the first" if "value" in each.differs else ""
            yield f"    differ in {', '.join(each.differs)}{more}"
        if each.settlement:
            yield f"    kept: {each.settlement.keep}; {each.settlement.because}"


def _number(number: Number | Entry | None) -> str:
    """A number in a line: value, unit, spread, kind, row or source, note."""
    if number is None or number.kind is None or number.value is None:
        return f"no value; {number.note}" if number and number.note else "no value"
    spread = number.spread if isinstance(number, Number) else None
    width = f" ({spread.low:g} to {spread.high:g})" if spread else ""
    cited = number.row or (number.source if number.source != number.kind else None) or "no row"
    note = f"; {number.note}" if number.note else ""
    return f"{number.value:g} {number.unit}{width}, {number.kind}, {cited}{note}"
