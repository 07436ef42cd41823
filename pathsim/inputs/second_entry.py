"""A therapy or population entered a second time, by someone who has not seen the first.

`params/second_entry/NAME.yaml` holds what was entered, by the path of the number; `settled.yaml`
beside it says how each disagreement was settled. Called by `study.second_entry`, which prints the
blank form and compares. Knows no other file of the catalogue.
"""

from typing import Literal, Self

from pydantic import Field, RootModel, model_validator

from pathsim.inputs.evidence import Kind, Real, Row, Written
from pathsim.inputs.forms import Sentence
from pathsim.units import dimension

SETTLED = "settled"
"""The name, without ending, of the file in which disagreements are settled."""


class Entry(Written):
    """One number as entered the second time; without a value it could not be found.

    `source` is a key of sources.yaml or a citation, `row` an id of evidence.csv; one of them is
    enough. The note gives the arithmetic of what was derived, or says why there is no value.
    """

    value: Real | None = None
    unit: str
    row: Row | None = None
    source: str | None = None
    kind: Kind | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _defensible(self) -> Self:
        dimension(self.unit)
        if self.value is None:
            return self
        if self.kind is None:
            raise ValueError("a value without a kind; write trial, cohort, label or another")
        if self.kind == "assumption" and not self.note:
            raise ValueError("an assumption without a note; say why this value")
        if self.kind != "assumption" and not (self.row or self.source):
            raise ValueError("a value without row or source; write one of them")
        return self

    @property
    def blank(self) -> bool:
        """Whether the line is as it was printed."""
        return self.value is None and not self.note


class SecondEntry(RootModel[dict[str, Entry]]):
    """One file of `params/second_entry/`: what was entered, by path."""


class Settlement(Written):
    """How one disagreement was settled: which entry is kept, and why.

    `neither` means that the first was corrected to a third value; the second stays as written.
    """

    keep: Literal["first", "second", "neither"]
    because: Sentence


class Settled(RootModel[dict[str, dict[str, Settlement]]]):
    """`params/second_entry/settled.yaml`: settlements by therapy or population, then by path."""

    root: dict[str, dict[str, Settlement]] = Field(default_factory=dict)
