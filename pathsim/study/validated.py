"""A validation in words, tables and figures, and all of it kept in one folder.

Called by the command line; what is told here `study.validate` has found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.validate_dictionary import validate_readme
from pathsim.pathway.phrases import a_number_of
from pathsim.study import folders
from pathsim.study.validate import DEPENDENCE, Validation

HEADINGS = ("target", "published", "interval", "simulated", "off", "", "depends", "role")
KINDS = {"95ci": "95 % CI", "exact": "exact", "assumed": "assumed", "15 %": "± 15 %", "none": "–"}
"""Kind of a published interval -> how a table says it."""


def report(found: Validation) -> str:
    """The table, the shares inside, the misses, and the verdict, as plain text."""
    parts = []
    for trial, rows in found.table.groupby("trial", sort=False):
        title = found.titles.get(str(trial), str(trial))
        parts.append(f"{title}\n{_aligned([cells(row) for _, row in rows.iterrows()])}")
    parts += ["\n".join(lines) for lines in (_explained(found), _shares(found), _misses(found))]
    return "\n\n".join([*parts, verdict(found)])


def cells(row: Any) -> tuple[str, ...]:
    """What a table says of one target; unit and digits by its kind."""
    digits = {"%": 1, "months": 1, "days": 0, "ratio": 2}[row["unit"]]

    def said(x: float) -> str:
        return "–" if np.isnan(x) else "never" if np.isinf(x) else f"{x:.{digits}f}"

    unit = "" if row["unit"] == "ratio" else f" {row['unit']}"
    published = f"{said(row['published'])} ({said(row['low'])}–{said(row['high'])}){unit}"
    simulated = (
        f"{said(row['simulated'])} ({said(row['simulated_low'])}–{said(row['simulated_high'])})"
    )
    judged = row["role"] != "reported"
    off = f"{row['distance']:+.1f}" if np.isfinite(row["distance"]) else "–"
    inside = ("in" if row["inside"] else "OUT") if judged else "–"
    kind = KINDS[row["interval"]]
    return (row["target"], published, kind, simulated, off, inside, row["dependence"], row["role"])


def _aligned(rows: list[tuple[str, ...]]) -> str:
    every = [HEADINGS, *rows]
    widths = [max(len(row[k]) for row in every) for k in range(len(HEADINGS))]
    return "\n".join(
        "  " + "  ".join(word.ljust(w) for word, w in zip(row, widths, strict=True)).rstrip()
        for row in every
    )


def _explained(found: Validation) -> Iterator[str]:
    yield (
        f"Simulated: {found.patients:,} patients an arm, seed {found.seed}, with 95 % Monte Carlo "
        "intervals. Off: simulated less published, in half-widths of the published interval."
    )
    yield (
        "Interval exact: binomial, from n; ± 15 %: of a median or ratio without one. "
        "Depends: fitted, a fit used it; direct, a number of the simulated arms cites its row."
    )


def _unknown(found: Validation) -> Iterator[str]:
    unknown = found.table[found.table["simulated"].isna()]
    if len(unknown):
        names = ", ".join(unknown["trial"] + "/" + unknown["target"])
        yield f"Not simulated, for the model knows no such thing or nobody is at risk: {names}."


def _shares(found: Validation) -> Iterator[str]:
    """How many are inside, by role and dependence."""
    judged = found.table[found.table["role"] != "reported"]
    for role in ("calibration", "check"):
        rows = judged[judged["role"] == role]
        if len(rows):
            by = [f"{name} {_inside(rows[rows['dependence'] == name])}" for name in DEPENDENCE
                  if (rows["dependence"] == name).any()]  # fmt: skip
            yield f"Inside, {role}: {_inside(rows)} ({', '.join(by)})."
    reported = int((found.table["role"] == "reported").sum())
    if reported:
        yield f"Only reported, not judged: {a_number_of(reported, 'target')}."
    yield from _unknown(found)


def _inside(rows: pd.DataFrame) -> str:
    return f"{int(rows['inside'].sum())} of {len(rows)}"


def _misses(found: Validation) -> Iterator[str]:
    if not len(found.misses):
        yield "No target that is judged lies outside its interval."
        return
    yield "Outside, the furthest first:"
    for _, row in found.misses.iterrows():
        target, published, kind, simulated, off, _, depends, role = cells(row)
        yield (f"  {row['trial']}/{target}: {simulated} simulated, {published} published, {kind}; "
               f"{off} half-widths; {role}, {depends}")  # fmt: skip


def verdict(found: Validation) -> str:
    """Whether the tolerance set beforehand is met."""
    if not len(found.held_to):
        return "No calibration target here: the tolerance has nothing to say."
    limit = found.tolerance
    said = f"{100 * found.inside:.0f} % of {a_number_of(len(found.held_to), 'calibration target')}"
    far = f"{len(found.too_far) or 'none'} beyond {limit.furthest:g} half-widths"
    asked = f"asked: {100 * limit.inside:.0f} %, none beyond {limit.furthest:g}"
    return (
        f"{'TOLERANCE MET' if found.met else 'TOLERANCE MISSED'}: {said} inside, {far} ({asked})."
    )


def keep(found: Validation, folder: Path, *, figures: bool = True) -> Path:
    """Writes targets.csv, .parquet and .md, curves.csv, run.json and the figures to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    date, versions = folders.now(), folders.versions("scipy", "numba")
    header = f"pathsim {versions['pathsim']}, {date:%Y-%m-%d}; {found.patients} patients an arm, seed {found.seed}; {verdict(found)}"  # noqa: E501
    folders.write_table(folder, "targets", found.table, header=header)
    found.curves.to_csv(folder / "curves.csv", index=False, float_format="%.4f")
    (folder / "targets.md").write_text(markdown(found, f"{date:%Y-%m-%d}", versions), "utf-8")
    folders.write_record(folder, {
        "date": f"{date:%Y-%m-%d %H:%M} UTC", "patients": found.patients, "seed": found.seed,
        "versions": versions, "met": found.met, "inside": found.inside,
    }, command="validate")  # fmt: skip
    if figures:
        draw(found, folder)
    folders.write_dictionary(folder, validate_readme)
    return folder


def draw(found: Validation, folder: Path) -> None:
    """The calibration plot, and survival curves over published landmarks."""
    from pathsim.figures import calibration
    from pathsim.figures.saving import save

    save(calibration.calibration(found.table), folder, "calibration")
    if len(found.curves):
        save(calibration.landmarks(found.table, found.curves), folder, "survival")


def markdown(found: Validation, date: str, versions: dict[str, str]) -> str:
    """The same as a page of Markdown."""
    lines = [
        "# Targets, simulated and published", "",
        f"{date}, pathsim {versions['pathsim']}, Python {versions['python']}, "
        f"numpy {versions['numpy']}, numba {versions['numba']}.",
        "", f"**{verdict(found)}**", "", *_shares(found), "", *_explained(found), "",
        "![Published against simulated](calibration.svg)", "",
        "![Simulated curves over published landmarks](survival.svg)", "",
    ]  # fmt: skip
    for trial, rows in found.table.groupby("trial", sort=False):
        lines += [f"## {found.titles.get(str(trial), trial)}", ""]
        lines += ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
        lines += ["| " + " | ".join(cells(row)) + " |" for _, row in rows.iterrows()]
        lines.append("")
    missed = [line.strip() for line in _misses(found)]
    lines += ["## Outside", "", missed[0], "", *(f"- {line}" for line in missed[1:])]
    return "\n".join(lines).rstrip() + "\n"
