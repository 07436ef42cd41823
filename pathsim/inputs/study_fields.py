"""What a study's changes mean to its scenarios: every field is found, every value is tried.

`loaded` makes a study of a document, with its scenarios, and raises an InputError with all that is
wrong. Each value is tried by itself; the lows together and the highs together are resolved in full,
since that asks whether the parts of a scenario still agree. Called by `study.asked_outcomes`, which
adds what only a simulation tells. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pathsim.errors import InputError, Problem, cause_and_remedy, did_you_mean
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import numbers
from pathsim.inputs.load import validate
from pathsim.inputs.paths import is_below
from pathsim.inputs.places import BASES
from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study, disagreements, scenario_path
from pathsim.inputs.study_designs import OneWay, Sampled, Varied
from pathsim.inputs.study_size import capacity_problems
from pathsim.inputs.vary import Field, field_of, varied, whole

INSTEAD = {
    "run.seed": "'seed:' of the study",
    "run.replications": "'replications:' of the study",
    "accrual.patients": "'patients:' of the study, or leave that out",
    "name": "other scenarios",
    "title": "other scenarios",
}
"""A field that a sweep of it would not change, or not alone -> what does."""


@dataclass(frozen=True)
class Loaded:
    """A study with its scenarios, resolved, in the order in which it names them."""

    study: Study
    scenarios: tuple[Scenario, ...]
    document: Document


Also = Callable[[Loaded], Iterable[Problem]]


def loaded(document: Document, *, also: Also | None = None) -> Loaded:
    """The study in a document with its scenarios; InputError with everything wrong in any of them.

    `also` says what else is wrong.
    """
    study: Study = validate(document, Study)
    problems = list(disagreements(document, study))
    scenarios = list(_resolved(document, study, problems))
    found = Loaded(study, tuple(scenarios), document)
    if scenarios:
        alone = [
            *_same_name(document, study, scenarios),
            *_each_alone(document, study, scenarios),
        ]
        problems += alone or (() if problems else _together(document, study, scenarios))
        problems += also(found) if also is not None else ()
    if problems:
        raise InputError(problems)
    return found


def _resolved(document: Document, study: Study, problems: list[Problem]) -> Iterator[Scenario]:
    """The scenarios that are sound; what is wrong with the others is noted."""
    for name in study.scenarios:
        path = scenario_path(document, name)
        try:
            if path is not None and name not in BASES:
                yield resolve(path)
        except InputError as error:
            problems += error.problems


def _same_name(
    document: Document, study: Study, scenarios: Sequence[Scenario]
) -> Iterator[Problem]:
    """Different files of one name; where one stands twice, `disagreements` has told."""
    names = [scenario.name for scenario in scenarios]
    for k, name in enumerate(names):
        if name in names[:k] and len(names) == len(set(study.scenarios)):
            cause = f"two scenarios are named {name}"
            yield document.problem(("scenarios", k), cause, remedy="rename one of the files")


def _each_alone(
    document: Document, study: Study, scenarios: Sequence[Scenario]
) -> Iterator[Problem]:
    for below, field in study.design.fields():
        where = ("design", *below)
        if field.path in INSTEAD and (field.path != "accrual.patients" or study.patients):
            cause = f"{field.path} is not what a sweep changes"
            remedy = f"use {INSTEAD[field.path]}"
            yield document.problem((*where, "path"), cause, remedy=remedy)
        elif wrong := list(capacity_problems(document, where, field, scenarios)):
            yield from wrong
        else:
            yield from _tried(document, where, field, scenarios)
            if isinstance(study.design, OneWay | Sampled) and not field.tried:
                yield from _own_ends(document, where, field.path, scenarios[0])
    yield from _meant(document, study, scenarios)
    for k, structure in enumerate(study.structures):
        for path, value in structure.set.items():
            where = ("structures", k, "set", path)
            yield from _set(document, where, {path: value}, scenarios, scenarios)


def _meant(document: Document, study: Study, scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """Beginnings of paths below which no scenario has a number with a spread."""
    heads = getattr(study.design, "of", None) or ()
    if not heads:
        return
    known = {path for s in scenarios for path, n in numbers(s) if n.spread is not None}
    listed = isinstance(document.data["design"]["of"], list)
    for k, head in enumerate(heads):
        if not any(is_below(path, head) for path in known):
            near = did_you_mean(head, {part for path in known for part in _heads(path)})
            remedy = f"did you mean '{near}'?" if near else "write the beginning of a path"
            cause = f"no number with a spread below {head}"
            where: Where = ("design", "of", k) if listed else ("design", "of")
            yield document.problem(where, cause, remedy=remedy)


def _heads(path: str) -> Iterator[str]:
    """Every beginning of a path."""
    words = path.split(".")
    yield from (".".join(words[:k]) for k in range(1, len(words) + 1))


def _tried(
    document: Document, where: Where, field: Varied, scenarios: Sequence[Scenario]
) -> Iterator[Problem]:
    """Whether all scenarios have a field, and it can take every value that is written."""
    errors, having = dict[str, Exception](), list[Scenario]()
    for scenario in scenarios:
        try:
            known = field_of(scenario, field.path)
        except InputError as error:
            errors[scenario.name] = error
            continue
        having.append(scenario)
        if not field.tried and scenario is scenarios[0]:
            yield from _spread(document, where, field, known)
    yield from _told(document, (*where, "path"), errors, scenarios)
    for at, value in _values(field):
        yield from _set(document, (*where, *at), {field.path: value}, having, scenarios)


def _spread(document: Document, where: Where, field: Varied, known: Field) -> Iterator[Problem]:
    """Whether a number that is varied over its own spread has one, with a logarithm if need be."""
    if known.low is None or known.high is None or known.low >= known.high:
        cause = f"{field.path} has no spread to be varied over"
        remedy = "write low and high" if known.measured else "list its values"
        yield document.problem(where, cause, remedy=remedy)
    elif field.scale == "log" and known.low <= 0:
        cause = f"the spread of {field.path} begins at {known.low:g}, which has no logarithm"
        yield document.problem(where, cause, remedy="write 'scale: linear', or low and high")


def _own_ends(document: Document, where: Where, path: str, scenario: Scenario) -> Iterator[Problem]:
    """Whether a number may be at the ends of its own spread, that of the first scenario."""
    try:
        known = field_of(scenario, path)
    except InputError:  # told before
        return
    if known.low is None or known.high is None or known.low >= known.high:
        return
    for end in (known.low, known.high):
        try:
            varied(scenario, {path: end})
        except InputError as error:
            cause = f"at {end:g}, an end of its spread, {_cause(error)[0]}"
            yield document.problem(where, cause, remedy="write low and high")


def _values(field: Varied) -> Iterator[tuple[Where, Any]]:
    """Each value that is written, and its entry."""
    if field.values is not None:
        yield from ((("values", k), value) for k, value in enumerate(field.values))
    else:
        yield from (((name,), end) for name, end in field.ends.items() if end is not None)


def _set(
    document: Document,
    where: Where,
    changes: Mapping[str, Any],
    having: Sequence[Scenario],
    scenarios: Sequence[Scenario],
) -> Iterator[Problem]:
    """Whether the scenarios that have these fields can be changed so."""
    errors: dict[str, Exception] = {}
    for scenario in having:
        try:
            varied(scenario, changes)
        except (InputError, ValueError) as error:
            errors[scenario.name] = error
    yield from _told(document, where, errors, scenarios)


def _together(document: Document, study: Study, scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """Whether each scenario is still sound as a whole at the ends of all ranges."""
    for structure, settings in study.every_structure.items():
        for end in (0, -1):
            if found := list(_at_an_end(document, study, scenarios, structure, settings, end)):
                yield from found
                return


def _at_an_end(
    document: Document,
    study: Study,
    scenarios: Sequence[Scenario],
    structure: str,
    settings: Mapping[str, Any],
    end: int,
) -> Iterator[Problem]:
    """The fields by which the parts of a scenario disagree, at the first or last of their values.

    Where it is no single one the design is told, unless it changes one field at a time.
    """
    fields = {("design", *below): f for below, f in study.design.fields() if f.tried}
    each = {where: {field.path: field.tried[end]} for where, field in fields.items()}
    every = {path: value for one in each.values() for path, value in one.items()}
    if not (every or settings):
        return
    wrong = [
        (scenario, error)
        for scenario in scenarios
        if (error := _unsound(scenario, {**every, **settings}))
    ]
    names = [each.name for each in study.structures]
    other: Where = ("structures", names.index(structure)) if settings else ("design",)
    alone = dict[Where, dict[str, Exception]]()
    for scenario, error in wrong:
        if settings and (of_settings := _unsound(scenario, settings)):
            alone.setdefault(other, {})[scenario.name] = of_settings
            continue
        for where, change in each.items():
            if of_change := _unsound(scenario, {**change, **settings}):
                alone.setdefault(where, {})[scenario.name] = of_change
        if not alone and study.design.combined:
            alone[other] = {scenario.name: error}
    for where, errors in alone.items():
        yield from _told(document, where, errors, scenarios)


def _unsound(scenario: Scenario, changes: Mapping[str, Any]) -> Exception | None:
    """What is wrong with a scenario that is changed so; None if nothing is."""
    try:
        whole(scenario, changes)
    except (InputError, ValueError) as error:
        return error
    return None


def _told(
    document: Document,
    where: Where,
    errors: Mapping[str, Exception],
    scenarios: Sequence[Scenario],
) -> Iterator[Problem]:
    """What the scenarios say of a change, at its line of the study; in which, if not in all."""
    said: dict[tuple[str, str], list[str]] = {}
    for name, error in errors.items():
        said.setdefault(_cause(error), []).append(name)
    for (cause, remedy), names in said.items():
        told = f" (in {', '.join(names)})" if len(names) < len(scenarios) else ""
        yield document.problem(where, f"{cause}{told}", remedy=remedy)


def _cause(error: Exception) -> tuple[str, str]:
    if isinstance(error, InputError):
        return error.problems[0].cause, error.problems[0].remedy
    return cause_and_remedy(error)
