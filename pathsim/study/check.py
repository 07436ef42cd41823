"""Every file that people write, read and checked at once: what `pathsim check` says.

Called by the command line. Each file is checked as what its folder, or its content, says it is; a
scenario is resolved and built as well. All problems are gathered before one InputError tells them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pathsim.errors import InputError, PathwayError, Problem
from pathsim.inputs.agreement import unknown_sources
from pathsim.inputs.assemble import with_bridging
from pathsim.inputs.background import load_background
from pathsim.inputs.centre import Centre, centre_problems
from pathsim.inputs.document import Document, shown
from pathsim.inputs.evidence import Sources, numbers
from pathsim.inputs.fits import Fit, Record
from pathsim.inputs.load import read, read_extended, validate
from pathsim.inputs.places import named, params_dir, scenarios_dir
from pathsim.inputs.population import population_in
from pathsim.inputs.resolve import resolve
from pathsim.inputs.second_entry import SETTLED, SecondEntry, Settled
from pathsim.inputs.stated import Stated, stated
from pathsim.inputs.strategy import Strategy, strategy_problems
from pathsim.inputs.supportive import BestSupportiveCare, SupportiveCareFile
from pathsim.inputs.targets import TOLERANCE, load_tolerance, load_trial
from pathsim.inputs.therapy import Therapy
from pathsim.inputs.therapy_car_t import BridgingOption
from pathsim.pathway.build import build
from pathsim.pathway.phrases import a_number_of
from pathsim.study.asked_outcomes import checked_study
from pathsim.study.trial import check_arms


def _centre(document: Document) -> Centre:
    centre: Centre = validate(document, Centre)
    _refuse(centre_problems(document, (), centre))
    return centre


def _strategy(document: Document) -> Strategy:
    strategy: Strategy = validate(document, Strategy)
    _refuse(strategy_problems(document, (), strategy))
    return strategy


def _targets(path: Path) -> Any:
    """A file of targets with its arms, or the tolerance that stands beside them."""
    if path.stem == TOLERANCE:
        return load_tolerance(path)
    trial = load_trial(path)
    check_arms(trial)
    return trial.file


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise InputError(found)


def _second_entry(document: Document) -> SecondEntry | Settled:
    if document.source.stem == SETTLED:
        return validate(document, Settled)
    return validate(document, SecondEntry)


READERS: dict[str, Callable[[Document], Any]] = {
    "therapies": lambda document: validate(with_bridging(document), Therapy),
    "bridging": lambda document: validate(document, BridgingOption),
    "populations": population_in,
    "centres": _centre,
    "strategies": _strategy,
    "supportive": lambda document: validate(document, SupportiveCareFile),
    "best_supportive_care": lambda document: validate(document, BestSupportiveCare),
    "background": lambda document: load_background(document.source).about,
    "sources": lambda document: validate(document, Sources),
    "fits": lambda document: validate(document, Fit),
    "calibrated": lambda document: validate(document, Record),
    "second_entry": _second_entry,
    "targets": lambda document: _targets(document.source),
    "studies": checked_study,
}
"""Kind of file -> how it is read; the kinds are the folders of `params/`, and `studies`."""

ALONE = ("background", "sources", "fits", "calibrated", "second_entry", "targets", "studies")
"""Kinds of files that extend no other."""
CITING_FREELY = ("second_entry", "targets")
"""Kinds of files that may cite what stands in no list of sources."""

WORDS = {
    "therapies": ("therapy", "therapies"), "bridging": ("way to bridge", "ways to bridge"),
    "populations": ("population", ""),
    "centres": ("centre", ""), "strategies": ("strategy", "strategies"),
    "supportive": ("file of supportive care", "files of supportive care"),
    "best_supportive_care": ("file of best supportive care", "files of best supportive care"),
    "background": ("life table", ""), "sources": ("list of sources", "lists of sources"),
    "fits": ("file of a fit", "files of fits"),
    "calibrated": ("record of a fit", "records of fits"), "scenarios": ("scenario", ""),
    "second_entry": ("second entry", "second entries"),
    "bases": ("base of scenarios", "bases of scenarios"),
    "targets": ("file of targets", "files of targets"), "studies": ("study", "studies"),
}  # fmt: skip
"""Kind of file -> one and several of it."""

SIGNS = {"modality": "therapies", "features": "populations", "resources": "centres",
         "rules": "strategies", "progression_ratio": "bridging", "targets": "targets",
         "study": "studies"}  # fmt: skip
"""A key that only one kind of file has -> the kind."""


@dataclass
class Checked:
    """What was read: how many files of each kind, and how many numbers of each."""

    files: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """Check one file."""
        try:
            kind = kind_of(path)
            if kind == "scenarios":
                self._scenario(path)
            elif kind == "trials":  # checked with the arms that are laid over it
                read(path)
                self.files["bases"] += 1
            else:
                self._part(kind, path)
        except InputError as error:
            self.problems += error.problems
        except PathwayError as error:
            self.problems.append(Problem(str(path), 1, error.where, error.what, error.remedy))

    def summary(self) -> str:
        """What was found in order: files of each kind, and the share of numbers of each kind."""
        files = ", ".join(a_number_of(n, *WORDS[kind]) for kind, n in self.files.items())
        total = self.numbers.total()
        shares = [f"{kind} {100 * n / total:.0f} %" for kind, n in self.numbers.most_common()]
        counted = f"\n{total} numbers: {', '.join(shares)}." if total else ""
        return f"No problem found in {files}.{counted}"

    def _scenario(self, path: Path) -> None:
        whole = read_extended(path, named(scenarios_dir()))
        if "strategy" in whole.data:
            build(resolve(path))
            self.files["scenarios"] += 1
        else:  # it can only be extended, and is checked with what extends it
            self.files["bases"] += 1

    def _part(self, kind: str, path: Path) -> None:
        document = _document(kind, path)
        found = READERS[kind](document)
        if kind not in CITING_FREELY:
            _refuse(unknown_sources(document))
        self.files[kind] += 1
        self.numbers.update(number.kind for _, number in numbers(found))


def _document(kind: str, path: Path) -> Document:
    return read(path) if kind in ALONE else read_extended(path, named(params_dir() / kind))


@dataclass(frozen=True)
class Part:
    """One file of the catalogue, laid over what it extends, and its model."""

    kind: str
    document: Document
    written: Any

    @property
    def own(self) -> list[Stated]:
        """The numbers that do not come from a file of the same kind, which it extends."""
        others = {shown(path) for path in named(self.document.source.parent).values()}
        others -= {self.document.file}
        found = stated(self.written)
        return [each for each in found if self.document.place(each.where)[0] not in others]


def read_part(path: Path) -> Part:
    """A file of the catalogue, or one like it; raises InputError."""
    kind = kind_of(path)
    document = _document(kind, path)
    return Part(kind, document, READERS[kind](document))


def every_file() -> list[Path]:
    """All YAML files of the catalogue and the scenarios, in order of their paths."""
    folders = (params_dir(), scenarios_dir())
    return [path for folder in folders for path in sorted(folder.rglob("*.yaml"))]


def kind_of(path: Path) -> str:
    """What a file is: by its folder in the catalogue, by what it extends, or by a telling key."""
    if path.stem == "sources":
        return "sources"
    if path.parent.name in (*READERS, "trials"):
        return path.parent.name
    data = read(path).data
    for kind in READERS:
        if str(data.get("extends")) in named(params_dir() / kind):
            return kind
    return next((kind for sign, kind in SIGNS.items() if sign in data), "scenarios")


def check(
    paths: Iterable[Path],
    *,
    also: Iterable[Problem] = (),
    progress: Callable[[Path], None] | None = None,
) -> Checked:
    """Check all files; raises InputError with every problem of every file, and those of `also`."""
    checked = Checked()
    for path in paths:
        checked.add(path)
        if progress is not None:
            progress(path)
    checked.problems += also
    _refuse(checked.problems)
    return checked
