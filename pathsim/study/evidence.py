"""The catalogue as tables: every number with its source, the share of each kind, the sources.

Called by `pathsim evidence`. Reads files of the catalogue, or a scenario with all that it uses, and
runs nothing. What each column is, `COLUMNS` says; it stands beside the tables as README.txt.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from pathsim.inputs.assemble import assembled
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Kind, Number, Source, Sources
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import params_dir
from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.stated import Stated, stated
from pathsim.study.check import kind_of, read_part
from pathsim.study.informing import Informing, Target, informing
from pathsim.study.plan import shares_by_kind

KINDS: tuple[str, ...] = get_args(Kind)
COLUMNS = {
    "part": "the therapy, population or other file of the catalogue that the number belongs to",
    "file, line": "where the number is written; a scenario may change one of the catalogue's",
    "path": "its place in the file; entries of a list by what they are about",
    "group, words": "what it is, in words",
    "value, unit": "the number as written",
    "low, high, spread_of": "how far it may lie from the value, in the same unit, and what that "
    "is: a 95 % confidence interval (95ci), the range or the middle half (iqr) of patients or "
    "cohorts, or an assumed range",
    "kind": "trial, cohort (practice), label, calibrated (a fit gave it), expert, or assumption",
    "verified": "how much of the source was read for this value: full text, abstract, secondary "
    "(a report, a review), or no (recalled, assumed or reckoned)",
    "unverified_or_assumed": "true where verified is no, or the kind is assumption",
    "source, citation, address": "the key in params/sources.yaml, and what stands there",
    "row": "the row of params/evidence.csv that it rests on, if any",
    "where": "the place in the source, or the patients there",
    "note": "how it was derived, or why it was assumed",
    "fits": "the fits that set it (params/fits)",
    "targets": "the published figures that those fits were made to meet (params/targets)",
}
"""The columns of the table of numbers -> what they are."""

TABLES = {
    "numbers": "every number, a row each",
    "shares": "for each part: how many numbers, the share of each kind in %, and of those that are "
    "unverified or assumed, counted together",
    "sources": "every source that is cited: key, citation, address, how much of it was read, how "
    "many numbers cite it, and whether targets do",
    "targets": "every published figure that these numbers were fitted to, and the fits that use it",
}
"""A table -> what is in it."""

OTHERS = {
    "shares": {
        "part": "the therapy, population or other part",
        "kind": "what it is: therapies, populations, ...",
        "numbers": "how many numbers it has",
        "trial, cohort, label, calibrated, expert, assumption": "the share of each kind, in %",
        "unverified_or_assumed": "the share of those, in %",
    },
    "sources": {
        "source": "the key in params/sources.yaml",
        "citation, address": "what stands there, and where it is found",
        "read": "how much of it was read",
        "numbers": "how many of the numbers cite it",
        "targets": "whether a target cites it",
    },
    "targets": {
        "file, target": "the file in params/targets, and the target's name there",
        "outcome": "what is measured",
        "role": "calibration, check or reported",
        "value, unit": "as published",
        "source, row": "the key in params/sources.yaml; the row of params/evidence.csv",
        "informs": "the fits that use it",
    },
}
"""A table other than that of numbers -> its columns -> what they are."""


@dataclass(frozen=True)
class Part:
    """A therapy, a population or another part, as one file or one scenario has it."""

    name: str
    kind: str
    written: Any
    document: Document
    at: Where = ()

    @cached_property
    def numbers(self) -> list[Stated]:
        return list(stated(self.written))

    @property
    def file(self) -> str:
        """Its place in `params/`, without ending: `therapies/cilta-cel`."""
        return f"{self.kind}/{self.name}"

    def place(self, number: Stated) -> tuple[str, int]:
        """File and line of a number."""
        return self.document.place((*self.at, *number.where))


def unverified(number: Number) -> bool:
    """Whether nobody has read it in a source, for whatever reason."""
    return number.verified == "no" or number.kind == "assumption"


def parts_of(path: Path) -> list[Part]:
    """A file of the catalogue as one part, a scenario as all that it uses; raises InputError."""
    if kind_of(path) != "scenarios":
        found = read_part(path)
        return [Part(path.stem, found.kind, found.written, found.document)]
    scenario, (document, _) = resolve(path), assembled(path)
    return parts_in(scenario, document)


def parts_in(scenario: Scenario, document: Document) -> list[Part]:
    """All that a scenario uses, part by part: its therapies, its population and what is beside."""
    therapies = [Part(name, "therapies", therapy, document, ("therapies", name))
                 for name, therapy in scenario.therapies.items()]  # fmt: skip
    beside = {
        "population": ("populations", scenario.population),
        "supportive": ("supportive", scenario.supportive),
        "best_supportive_care": ("best_supportive_care", scenario.best_supportive_care),
        "centre": ("centres", scenario.centre),
        "background": ("background", scenario.background.about),
    }
    return therapies + [
        Part(_name(written, key), kind, written, document,
             (key, "about") if key == "background" else (key,))
        for key, (kind, written) in beside.items()
    ]  # fmt: skip


def _name(written: Any, key: str) -> str:
    """A part's own name; the scenario's word for it where it has none."""
    return str(getattr(written, "name", None) or getattr(written, "centre", key))


@dataclass(frozen=True)
class Catalogue:
    """Parts, and all that is known of where their numbers come from."""

    parts: tuple[Part, ...]
    sources: dict[str, Source]
    informing: Informing

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Every number, a row each; see COLUMNS."""
        rows = [self._row(part, number) for part in self.parts for number in part.numbers]
        return pd.DataFrame(rows, columns=_columns())

    @cached_property
    def shares(self) -> pd.DataFrame:
        """The share of each kind of number by part, in %, and of the unverified or assumed."""
        return pd.DataFrame([_shares(part) for part in self.parts if part.numbers])

    @cached_property
    def targets(self) -> list[Target]:
        """The published figures that any of the numbers was fitted to."""
        fits = {fit for part in self.parts for each in part.numbers
                for fit in self.informing.fits_of(part.file, each)}  # fmt: skip
        return self.informing.targets_of(tuple(sorted(fits)))

    @cached_property
    def cited(self) -> dict[str, Source]:
        """The sources of the numbers, of life tables and of targets, by key, in order of keys."""
        keys = {each.number.source for part in self.parts for each in part.numbers}
        keys |= {part.written.source for part in self.parts if part.kind == "background"}
        keys |= {str(target.published.get("source")) for target in self.targets}
        return {key: self.sources[key] for key in sorted(keys) if key in self.sources}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name; see TABLES."""
        counts = Counter(self.numbers["source"])
        fitted = {str(target.published.get("source")) for target in self.targets}
        sources = [
            {"source": key, "citation": source.citation, "address": address(source),
             "read": source.read, "numbers": counts[key], "targets": key in fitted}
            for key, source in self.cited.items()
        ]  # fmt: skip
        targets = [
            {"file": t.file, "target": t.name, "outcome": t.outcome, "role": t.role,
             "value": t.published.get("value"), "unit": t.published.get("unit"),
             "source": t.published.get("source"), "row": t.published.get("row"),
             "informs": ", ".join(t.informs)}
            for t in self.targets
        ]  # fmt: skip
        tables = {"numbers": self.numbers, "shares": self.shares, "sources": pd.DataFrame(sources)}
        return {**tables, "targets": pd.DataFrame(targets)} if targets else tables

    def _row(self, part: Part, stated: Stated) -> tuple[object, ...]:
        number, source = stated.number, self.sources.get(stated.number.source)
        spread = number.spread
        fits = self.informing.fits_of(part.file, stated) if number.kind == "calibrated" else ()
        return (
            part.name, *part.place(stated), stated.path, stated.heading, stated.words,
            number.value, number.unit,
            *((spread.low, spread.high, spread.of) if spread else (None, None, None)),
            number.kind, number.verified, unverified(number),
            number.source, source.citation if source else "", address(source) if source else "",
            number.row, number.where, number.note,
            ", ".join(fits), "; ".join(t.full_name for t in self.informing.targets_of(fits)),
        )  # fmt: skip


def catalogue(paths: Iterable[Path]) -> Catalogue:
    """What files of the catalogue and scenarios say, each part once; raises InputError."""
    known = validate(read(params_dir() / "sources.yaml"), Sources).root
    parts: dict[tuple[str, str], Part] = {}
    for path in paths:
        for part in parts_of(path):
            parts.setdefault((part.kind, part.name), part)
    return Catalogue(tuple(parts.values()), known, informing())


def address(source: Source) -> str:
    """Where a source can be found; empty for what is no publication."""
    return f"https://doi.org/{source.doi}" if source.doi else source.url or ""


def keep(found: Catalogue, out: Path) -> Path:
    """Write every table as CSV and Parquet, and README.txt that says what they are; the folder."""
    tables = found.tables()
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False)
        table.to_parquet(out / f"{name}.parquet", index=False)
    (out / "README.txt").write_text(dictionary(tables), encoding="utf-8")
    return out


def dictionary(tables: Iterable[str]) -> str:
    """What each table and column is, in words."""
    present = {"README.txt": "this file"}
    present |= {f"{name}.csv, .parquet": TABLES[name] for name in tables}
    present["sources.bib"] = "the sources as BibTeX, where that was asked for"
    lines = ["Where the numbers come from.", "", "TABLES", *_listed(present)]
    for name, columns in {"numbers": COLUMNS, **OTHERS}.items():
        if f"{name}.csv, .parquet" in present:
            lines += ["", f"COLUMNS of {name}", *_listed(columns)]
    return "\n".join(lines) + "\n"


def _listed(told: dict[str, str]) -> list[str]:
    indent = {"initial_indent": "      ", "subsequent_indent": "      "}
    return [line for name, words in told.items()
            for line in (f"  {name}", *textwrap.wrap(words, 96, **indent))]  # type: ignore[arg-type]  # fmt: skip


def _columns() -> list[str]:
    return [name for names in COLUMNS for name in names.split(", ")]


def _shares(part: Part) -> dict[str, object]:
    shares = shares_by_kind(part.written)
    n = len(part.numbers)
    open_ = sum(unverified(each.number) for each in part.numbers)
    return {
        "part": part.name, "kind": part.kind, "numbers": n,
        **{kind: 100 * shares.get(kind, 0.0) for kind in KINDS},
        "unverified_or_assumed": 100 * open_ / n,
    }  # fmt: skip
