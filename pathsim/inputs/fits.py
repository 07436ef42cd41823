"""A fit as a person writes it: which numbers are sought, where they stand, and what is known.

Files of `params/fits/`. Read by `study.fit`, which simulates the trials whose targets name the
fit. Knows no target, no trial and no optimiser.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Kind, Real, Row, Written
from pathsim.inputs.forms import Flag, Slug
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.quantity import Positive

FOLDER = "fits"


def _some(entries: dict[str, "Free"]) -> dict[str, "Free"]:
    if not entries:
        raise ValueError("nothing is sought; name one number or more")
    return entries


class Free(Written):
    """A number that is sought, in the unit in which its file has it.

    `sets` gives its places: files of `params/` (without ending), and the paths in each that all
    hold this number. Before any target is seen it is taken to lie between `low` and `high` with
    95 % probability: its logarithm is normal, or, for a `share`, the logarithm of its odds.
    """

    sets: dict[str, tuple[str, ...]]
    low: Real
    high: Real
    share: Flag = False
    because: str

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not 0 < self.low < self.high:
            raise ValueError(
                f"from {self.low:g} to {self.high:g}; write a low above 0 and below the high"
            )
        if self.share and self.high >= self.whole:
            raise ValueError(f"a share up to {self.high:g}; write a high below {self.whole:g}")
        if not any(self.sets.values()):
            raise ValueError("no place is named; give a file and the paths in it")
        return self

    @property
    def whole(self) -> float:
        """What a share is of: 100 where it is written in percent, otherwise 1."""
        return 100.0 if self.high > 1 else 1.0

    @property
    def centre(self) -> float:
        """The middle of `low` and `high` on the scale that is normal."""
        return (self.scaled(self.low) + self.scaled(self.high)) / 2

    @property
    def sd(self) -> float:
        """The standard deviation before any target is seen, on the scale that is normal."""
        return (self.scaled(self.high) - self.scaled(self.low)) / (2 * 1.959964)

    def scaled(self, value: float) -> float:
        """The number's logarithm, or a share's log odds."""
        return math.log(value / (self.whole - value)) if self.share else math.log(value)

    def at(self, z: float) -> float:
        """The number so many standard deviations from its centre."""
        x = self.centre + self.sd * z
        return self.whole / (1 + math.exp(-x)) if self.share else math.exp(x)

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """(file, path) of each place where it stands."""
        return tuple((file, path) for file, paths in self.sets.items() for path in paths)


class Fit(Written):
    """One file of `params/fits/`. Those named in `after` are fitted first."""

    fit: Slug
    title: str
    about: str
    after: tuple[Slug, ...] = ()
    free: Annotated[dict[str, Free], AfterValidator(_some)]


class Found(Written):
    """A number that a fit found, in its written unit, with its 95 % interval.

    `sd_of_logarithm` is that of the logarithm (of the odds, for a share), `narrowed_to` the same
    as a part of what it was before any target was seen.
    """

    value: Real
    low: Real
    high: Real
    sd_of_logarithm: Real
    narrowed_to: Real


class Met(Written):
    """A target, and what the fitted model gives for it, in the published unit."""

    target: str
    published: Real
    low: Real
    high: Real
    interval: str
    unit: str
    row: Row | None
    simulated: Real
    residual_in_se: Real
    inside: Flag
    kind: Kind
    n: Positive | None = None


class Record(Written):
    """One file of `params/calibrated/`: what a fit found, by which method, and how it is met.

    `correlation` is that of the logarithms, in the order of `numbers`.
    """

    fit: Slug
    title: str
    method: str
    made: str
    pathsim: str
    scipy: str
    seed: int
    patients_in_each_arm: int
    simulations: int
    settled: Flag
    numbers: dict[str, Found]
    correlation: tuple[tuple[Real, ...], ...]
    targets: tuple[Met, ...]


def load_fit(path: Path) -> tuple[Fit, Document]:
    """The fit in a file; raises InputError with all that is wrong."""
    document = read(path)
    fit = validate(document, Fit)
    if fit.fit != path.stem:
        problem = document.problem(("fit",), "not the file's name", remedy=f"write {path.stem}")
        raise InputError(problem)
    return fit, document


def fits() -> dict[str, Fit]:
    """All fits of the catalogue, those that others come after first; raises InputError."""
    problems: list[Problem] = []
    found: dict[str, Fit] = {}
    documents: dict[str, Document] = {}
    for name, path in named(params_dir() / FOLDER).items():
        try:
            found[name], documents[name] = load_fit(path)
        except InputError as error:
            problems += error.problems
    for name, fit in found.items():
        for index, other in enumerate(fit.after):
            if other not in found:
                where: Where = ("after", index)
                problems.append(documents[name].problem(where, f"no fit named '{other}'"))
    if problems:
        raise InputError(problems)
    return _in_order(found, documents)


def _in_order(found: Mapping[str, Fit], documents: Mapping[str, Document]) -> dict[str, Fit]:
    """Each after those that it names; InputError for a circle."""
    ordered: dict[str, Fit] = {}
    while len(ordered) < len(found):
        ready = [n for n, f in found.items() if n not in ordered and set(f.after) <= set(ordered)]
        if not ready:
            left = sorted(set(found) - set(ordered))
            document, said = documents[left[0]], ", ".join(left)
            cause = f"fits wait for each other: {said}"
            raise InputError(document.problem(("after",), cause, remedy="remove an 'after'"))
        ordered |= {name: found[name] for name in ready}
    return ordered
