"""From a scenario's name to the scenario: every part loaded, checked, and in agreement.

Called by the command line and by studies. `resolve(name).document()` is the one explicit document
that says everything; dumped to a file and resolved, it gives the same document again.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator

from pathsim.errors import InputError, Problem
from pathsim.inputs.agreement import Parts, disagreements, unknown_sources
from pathsim.inputs.assemble import UNREADABLE, assembled, put_together
from pathsim.inputs.centre import Centre, centre_problems
from pathsim.inputs.document import Document, Where, at
from pathsim.inputs.load import validate
from pathsim.inputs.plain import digest, dump
from pathsim.inputs.population import Population, population_in
from pathsim.inputs.scenario import Frame, Mortality, Scenario
from pathsim.inputs.strategy import Strategy, strategy_problems
from pathsim.inputs.supportive import BestSupportiveCare, SupportiveCareFile
from pathsim.inputs.therapy import Therapy

__all__ = ["digest", "dump", "resolve", "resolve_document"]

Part = TypeVar("Part")


def _some(therapies: dict[str, Any]) -> dict[str, Any]:
    if not therapies:
        raise ValueError("no therapy; name one or more")
    return therapies


AtLeastOne = Annotated[dict[str, Any], AfterValidator(_some)]


def resolve(name: str | Path) -> Scenario:
    """The scenario of this name, or in this file; raises InputError with all that is wrong.

    A name is one of those in `scenarios/`. Problems of all files are told at once.
    """
    return _agreed(*assembled(name))


def resolve_document(
    document: Document, bases: Mapping[str, Path], *, sources: Collection[str] = ()
) -> Scenario:
    """The scenario in a document that has been read; raises InputError with all that is wrong.

    It may extend one of the bases, by name, and cite sources beyond those of the catalogue.
    """
    return _agreed(*put_together(document, bases), sources)


def _agreed(whole: Document, problems: list[Problem], sources: Collection[str] = ()) -> Scenario:
    reading = _Reading(whole, problems)
    parts = reading.parts()
    beside = {
        "background": reading.background(),
        "supportive": reading.one(SupportiveCareFile, ("supportive",)),
        "best_supportive_care": reading.one(BestSupportiveCare, ("best_supportive_care",)),
    }
    problems += disagreements(whole, parts, _names(whole))
    problems += unknown_sources(whole, sources)
    if problems:
        raise InputError(_each_once(problems))
    return _joined(parts, beside)


def _joined(parts: Parts, beside: Mapping[str, Any]) -> Scenario:
    """The scenario of parts that have been checked, and are not checked again."""
    fields = {key: getattr(parts.frame, key) for key in Frame.model_fields}
    for key in ("population", "centre", "strategy"):
        fields[key] = getattr(parts, key)
    fields |= {"therapies": dict(parts.therapies), **beside}
    return Scenario.model_construct(**fields)


class _Reading:
    """Reads part after part; what is wrong with one does not hide what is wrong with another."""

    def __init__(self, whole: Document, problems: list[Problem]) -> None:
        self.whole, self.problems = whole, problems

    def parts(self) -> Parts:
        frame = self.one(Frame, ())
        strategy = self.one(Strategy, ("strategy",))
        centre = self.one(Centre, ("centre",))
        if strategy is not None:
            self.problems += strategy_problems(
                self.whole, ("strategy",), strategy, frame.launches if frame is not None else ()
            )
        if centre is not None:
            self.problems += centre_problems(self.whole, ("centre",), centre)
        return Parts(frame, self.population(), self.therapies(), centre, strategy)

    def one(self, kind: Any, where: Where) -> Any:
        """The part at an entry; None, and what is wrong with it noted, if it is not sound."""
        if at(self.whole.data, where) is UNREADABLE:
            return None
        return self.tried(lambda: validate(self.whole, kind, where))

    def population(self) -> Population | None:
        """The population, with its own checks of features against each other."""
        if not isinstance(at(self.whole.data, ("population",)), dict):
            self.one(Population, ("population",))
            return None
        return self.tried(lambda: population_in(self.whole, ("population",)))

    def background(self) -> Mortality | None:
        """The life table; where there is none the population that should name it is unsound."""
        written = "background" in self.whole.data
        found: Mortality | None = self.one(Mortality, ("background",)) if written else None
        return found

    def therapies(self) -> Mapping[str, Therapy]:
        self.one(AtLeastOne, ("therapies",))
        found = {name: self.one(Therapy, ("therapies", name)) for name in _names(self.whole)}
        return {name: therapy for name, therapy in found.items() if therapy is not None}

    def tried(self, step: Callable[[], Part]) -> Part | None:
        try:
            return step()
        except InputError as error:
            self.problems.extend(error.problems)
            return None


def _names(whole: Document) -> list[str]:
    therapies = whole.data.get("therapies")
    return list(therapies) if isinstance(therapies, dict) else []


def _each_once(problems: list[Problem]) -> list[Problem]:
    """The problems, each once, though it may have been met on two ways."""
    seen = {(p.file, p.line, p.cause): p for p in sorted(problems, reverse=True)}
    return list(seen.values())
