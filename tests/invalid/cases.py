"""The invalid files beside this one: what each is read as, and what it must be told.

A case is one file, wrong in one way, in the folder of its kind. The comments on top say what is
wrong and, after `says:`, the line that the reader is to see, word for word, as printed from the
top of the project. A file that can hold no comment has them in a `.says` file beside it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pathsim.errors import InputError
from pathsim.inputs.assemble import with_bridging
from pathsim.inputs.background import load_background
from pathsim.inputs.centre import Centre, centre_problems
from pathsim.inputs.document import Document
from pathsim.inputs.evidence import Sources
from pathsim.inputs.fits import load_fit
from pathsim.inputs.load import read, read_extended, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.population import population_in
from pathsim.inputs.resolve import resolve
from pathsim.inputs.second_entry import SecondEntry
from pathsim.inputs.supportive import SupportiveCareFile
from pathsim.inputs.targets import load_trial
from pathsim.inputs.therapy import TherapyFile
from pathsim.study.asked_outcomes import checked_study

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def _changed(path: Path, folder: str) -> Document:
    """A change to one file of the catalogue, laid over it."""
    return read_extended(path, named(params_dir() / folder))


def _centre(path: Path) -> Centre:
    document = _changed(path, "centres")
    centre: Centre = validate(document, Centre)
    if problems := list(centre_problems(document, (), centre)):
        raise InputError(problems)
    return centre


READERS: dict[str, Callable[[Path], Any]] = {
    "yaml": resolve,
    "extends": resolve,
    "number": lambda path: validate(_changed(path, "supportive"), SupportiveCareFile),
    "law": lambda path: validate(with_bridging(_changed(path, "therapies")), TherapyFile),
    "therapy": lambda path: validate(with_bridging(_changed(path, "therapies")), TherapyFile),
    "population": lambda path: population_in(_changed(path, "populations")),
    "life_table": load_background,
    "background": resolve,
    "centre": _centre,
    "strategy": resolve,
    "scenario": resolve,
    "targets": load_trial,
    "sources": lambda path: validate(read(path), Sources),
    "fit": load_fit,
    "second_entry": lambda path: validate(read(path), SecondEntry),
    "study": lambda path: checked_study(read(path)),
}
"""Kind of case, which is its folder -> how its files are read."""


def cases() -> list[Path]:
    """Every case, by the path of its YAML file, which need not be there."""
    files = {path.with_suffix(".yaml") for path in HERE.glob("*/*.says")} | {*HERE.glob("*/*.yaml")}
    return sorted(files)


def name_of(path: Path) -> str:
    """A case's name in the report of a test: kind/name."""
    return f"{path.parent.name}/{path.stem}"


def expected(path: Path) -> list[str]:
    """The lines that the reader is to see, in order."""
    beside = path.with_suffix(".says")
    top = beside if beside.is_file() else path
    lines = top.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.removeprefix("# says: ") for line in lines if line.startswith("# says: ")]
