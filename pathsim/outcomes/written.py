"""Tables as people read them: the first line that says what was run, then CSV or aligned text.

Called by whatever prints or stores a table. Knows no outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

OFF_LABEL = "OFF LABEL"
"""How a first line tells of therapies that were begun beyond their label."""
ROW = ["group", "outcome", "unit"]


def first_line(
    *,
    horizon: float,
    accrual: str,
    day_0: str,
    off_label: int = 0,
    rules: Collection[str] = (),
    evidence: Mapping[str, float] | None = None,
    warm_up: float = 0.0,
) -> str:
    """What stands above every table, in one line.

    `horizon` in days; `accrual` and `day_0` (what the service holds at the start) in words;
    `off_label` counts therapies begun beyond their label, all replications together, by the
    strategy's `rules` that say they go beyond it; `evidence` is kind -> share of the numbers;
    `warm_up` (days) is what is not counted.

    >>> first_line(horizon=730.5, accrual="0.8 a day", day_0="the service is empty")
    'Horizon 730.5 days (2.0 years); accrual 0.8 a day; on day 0 the service is empty; nothing \
off label'
    """
    parts = [
        f"Horizon {horizon:g} day{'s' if horizon != 1 else ''} ({horizon / 365.25:.1f} years)",
        f"accrual {accrual}",
        f"on day 0 {day_0}",
        *([_warm_up(warm_up)] if warm_up > 0.0 else []),
        _off_label(off_label, rules),
    ]
    if evidence:
        shares = (f"{kind} {_percent(share)} %" for kind, share in evidence.items())
        parts.append("numbers by kind: " + ", ".join(shares))
    return "; ".join(parts)


def first_lines(each: Mapping[str, str]) -> list[str]:
    """The first lines of several strategies: one for all, or one each where they differ."""
    if len(set(each.values())) == 1:
        return [*each.values()][:1]
    return [f"{name}: {line}" for name, line in each.items()]


def _warm_up(days: float) -> str:
    """What counts after a warm-up."""
    return (f"WARM-UP {days:g} days ({days / 365.25:.1f} years), not counted: patients are those "
            "who arrive after it, resources are as they are after it")  # fmt: skip


def _off_label(number: int, rules: Collection[str]) -> str:
    """How much was given beyond a label, and by which rules."""
    named = f" by rule {', '.join(rules)}" if rules else ""
    if number:
        return f"{OFF_LABEL}: {number:,} therapies{named}"
    return f"nothing off label (none{named})" if rules else "nothing off label"


def _percent(share: float) -> str:
    return "under 1" if 0 < share < 0.005 else f"{100 * share:.0f}"


def write_csv(table: pd.DataFrame, path: Path, *, header: str) -> None:
    """The table as CSV below the header, which stands as a comment line beginning with `#`."""
    text = table.to_csv(index=False, lineterminator="\n")
    path.write_text(_comment(header) + text, encoding="utf-8")


def read_csv(path: Path) -> pd.DataFrame:
    """A table that `write_csv` wrote, without its header."""
    return pd.read_csv(path, skiprows=1)


def as_text(table: pd.DataFrame, *, header: str) -> str:
    """A summary as aligned text: a row an outcome, a column a strategy, mean (low to high)."""
    strategies = list(dict.fromkeys(table["strategy"]))
    rows: list[list[str]] = [["", *strategies]]
    group: object = None
    for (part, outcome, unit), mine in table.groupby(ROW, sort=False):
        if part != group:
            rows.append([f"-- {part} --", *("" for _ in strategies)])
            group = part
        values = mine.set_index("strategy")[["mean", "low", "high"]]
        cells = [_cell(values, name, _decimals(values)) for name in strategies]
        rows.append([f"{outcome} [{unit}]", *cells])
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    return _comment(header) + "\n".join(lines) + "\n" + _comment(_footer(table))


def _decimals(values: pd.DataFrame) -> int:
    largest = values["mean"].abs().max()
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2


def _cell(values: pd.DataFrame, strategy: str, decimals: int) -> str:
    if strategy not in values.index:
        return ""
    mean, low, high = values.loc[strategy].to_numpy(dtype=float)
    if pd.isna(mean):
        return "NA"
    if pd.isna(low):
        return f"{mean:.{decimals}f}"
    return f"{mean:.{decimals}f} ({low:.{decimals}f} to {high:.{decimals}f})"


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    return [
        row[0].ljust(widths[0]),
        *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
    ]


def _comment(line: str) -> str:
    return "# " + " ".join(line.split()) + "\n"


def _footer(table: pd.DataFrame) -> str:
    """What the intervals are over."""
    n = int(table["n_replications"].max()) if len(table) else 0
    if n > 1:
        return f"Means of {n} replications with 95 % intervals over replications; NA: not known."
    return "One replication: 95 % intervals are over patients where given; elsewhere there is none."
