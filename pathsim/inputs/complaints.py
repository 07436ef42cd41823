"""What pydantic complains of, in our words and at the line where somebody wrote it.

Called by `load.validate` alone. With `shapes`, the only module that knows how pydantic reports.
"""

import re
from collections import defaultdict
from typing import Any

from pydantic import ValidationError

from pathsim.errors import Problem, cause_and_remedy, did_you_mean
from pathsim.inputs.document import Document, Where, dotted
from pathsim.inputs.document import at as entry_at
from pathsim.inputs.shapes import Complaint, located

Said = tuple[Where, str, str]
"""The entry that is wrong, what is wrong with it, and how to mend it."""

_EXPECTED = {
    "int": ("a whole number", "write a whole number, such as 3"),
    "float": ("a number", "write a number, such as 12.5"),
    "string": ("text", "put it in quotes if it is meant as text"),
    "bool": ("true or false", "write true or false"),
    "dict": ("a mapping", "write 'key: value' lines below it"),
    "list": ("a list", "write a list: [a, b], or lines that start with '- '"),
    "date": ("a date", "write a date, such as 2025-01-31"),
}
_SAME = {
    "model": "dict", "mapping": "dict", "model_attributes": "dict", "dataclass": "dict",
    "tuple": "list", "set": "list", "frozen_set": "list", "iterable": "list",
    "finite_number": "float", "datetime": "date",
}  # fmt: skip
_BOUNDS = {
    "greater_than": ("gt", "above {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "at most {}"),
    "multiple_of": ("multiple_of", "a multiple of {}"),
    "too_short": ("min_length", "at least {} long"),
    "too_long": ("max_length", "at most {} long"),
    "string_too_short": ("min_length", "at least {} characters long"),
    "string_too_long": ("max_length", "at most {} characters long"),
}
_TYPE = re.compile(r"(.+?)_(type|parsing|from_float|from_date\w*|parsing_size)")


def complaints(
    error: ValidationError, document: Document, *, kind: Any, at: Where
) -> list[Problem]:
    """One problem for each thing wrong, at the place where it was written."""
    data = entry_at(document.data, at)
    found = [located(raw, kind, data) for raw in error.errors(include_url=False)]
    rest, misspelt = _misspelt(_nearest_members(found))
    problems = [_problem(document, at, _said(complaint)) for complaint in rest]
    return problems + [_misspelt_problem(document, at, *pair) for pair in misspelt]


def _problem(document: Document, at: Where, said: Said) -> Problem:
    where, cause, remedy = said
    return document.problem((*at, *where), cause, remedy=remedy)


def _nearest_members(found: list[Complaint]) -> list[Complaint]:
    """Of each plain union, only the complaints of the member that the data comes nearest to."""
    unions: dict[Where, dict[str, list[Complaint]]] = defaultdict(lambda: defaultdict(list))
    for complaint in found:
        for where, member in complaint.unions:
            unions[where][member].append(complaint)
    for where, members in sorted(unions.items(), key=lambda item: len(item[0])):
        nearest = min(members.values(), key=lambda theirs: _distance(theirs, where))
        far = {id(c) for theirs in members.values() if theirs is not nearest for c in theirs}
        found = [complaint for complaint in found if id(complaint) not in far]
    return found


def _distance(theirs: list[Complaint], union: Where) -> tuple[bool, int]:
    """How far the data is from a member of a union: another type altogether is farthest."""
    return any(c.where == union and c.kind.endswith("_type") for c in theirs), len(theirs)


def _misspelt(found: list[Complaint]) -> tuple[list[Complaint], list[tuple[Where, str]]]:
    """Sets apart each missing field that stands beside an unknown one spelt almost the same."""
    unknown = {c.where: c for c in found if c.kind == "extra_forbidden"}
    pairs: list[tuple[Where, str]] = []
    paired: set[int] = set()
    for lack in (c for c in found if c.kind == "missing"):
        around, name = lack.where[:-1], str(lack.where[-1])
        near = did_you_mean(name, [str(where[-1]) for where in unknown if where[:-1] == around])
        if near is not None:
            paired |= {id(lack), id(unknown.pop((*around, near)))}
            pairs.append((lack.where, near))
    for union in (c for c in found if c.kind == "union_tag_not_found"):
        name = _discriminator(union)
        if near := did_you_mean(name, union.value if isinstance(union.value, dict) else {}):
            paired.add(id(union))
            pairs.append(((*union.where, name), near))
    return [c for c in found if id(c) not in paired], pairs


def _misspelt_problem(document: Document, at: Where, lacking: Where, near: str) -> Problem:
    """A missing field and the misspelt one beside it: one problem, at the misspelt line."""
    where = (*at, *lacking)
    file, line = document.place((*where[:-1], near))
    cause, remedy = f"missing; found '{near}'", f"did you mean '{where[-1]}'?"
    return Problem(file, line, dotted(where), cause, remedy)


def _said(complaint: Complaint) -> Said:
    """The entry that a complaint is about, what is wrong with it, and how to mend it."""
    where, kind = complaint.where, complaint.kind
    if kind == "missing":
        return where, "missing", f"add '{where[-1]}:'"
    if kind == "extra_forbidden":
        return where, "unknown field", _choose(str(where[-1]), complaint.fields)
    if kind in {"literal_error", "enum"}:
        return where, *_bad_choice(complaint.value, _quoted(complaint.context["expected"]))
    if kind.startswith("union_tag"):
        return _bad_tag(complaint)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        bound = words.format(_number(complaint.context[name]))
        return where, f"{_shown(complaint.value)} is out of range", f"it must be {bound}"
    if typed := _TYPE.fullmatch(kind):
        return where, *_wrong_type(complaint.value, typed[1], complaint.message)
    return where, *_own_words(complaint)


def _own_words(complaint: Complaint) -> tuple[str, str]:
    """What a validator of ours said: "cause; remedy"."""
    error = complaint.context.get("error")
    return cause_and_remedy(error if error is not None else complaint.message)


def _wrong_type(value: Any, name: str, message: str) -> tuple[str, str]:
    if (name := _SAME.get(name, name)) not in _EXPECTED:
        return message, ""
    expected, remedy = _EXPECTED[name]
    if value is None:
        return "has no value", f"write {expected} after the colon"
    if isinstance(value, str) and name in {"int", "float", "bool"}:
        return f"{_shown(value)} is text, not {expected}", remedy
    return f"{_shown(value)} is not {expected}", remedy


def _bad_choice(value: Any, choices: list[str]) -> tuple[str, str]:
    if choices == ["True"]:
        return f"{_shown(value)} is not one of the choices", "write true, or leave it out"
    if value is None:
        return "has no value", f"choose from: {', '.join(choices)}"
    return f"{_shown(value)} is not one of the choices", _choose(str(value), choices)


def _bad_tag(complaint: Complaint) -> Said:
    """The field that says which of several things an entry is, is missing or says another."""
    name = _discriminator(complaint)
    where = (*complaint.where, name)
    if complaint.kind == "union_tag_invalid":
        choices = _quoted(complaint.context["expected_tags"])
        return where, *_bad_choice(complaint.context["tag"], choices)
    return where, "missing", f"add '{name}:' with one of: {', '.join(complaint.tags)}"


def _discriminator(complaint: Complaint) -> str:
    return str(complaint.context["discriminator"]).strip("'")


def _choose(word: str, choices: list[str] | tuple[str, ...]) -> str:
    near = did_you_mean(word, choices)
    listed = f"choose from: {', '.join(choices)}"
    if near is None:
        return listed if choices else "remove it"
    return f"did you mean '{near}'?" + (f" ({listed})" if len(choices) <= 8 else "")


def _quoted(expected: str) -> list[str]:
    """The choices in pydantic's words for them: `'a', 'b' or 'c'`."""
    return re.findall(r"'([^']*)'", expected) or re.split(r", | or ", expected)


def _number(bound: Any) -> str:
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def _shown(value: Any) -> str:
    """A value as it was written, near enough, and never long."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
