"""What a promise of a study file means: its limit in the unit that its outcome is measured in.

Called where a study is checked and where it is carried out; knows the names and units of outcomes
by what it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathsim.errors import Problem, cause_and_remedy, did_you_mean
from pathsim.inputs.document import Document
from pathsim.inputs.study_designs import Measured
from pathsim.inputs.study_size import PromiseSpec, Size
from pathsim.study.sizing.judging import Promise
from pathsim.units import UNITS, to_base


def promise_problems(
    document: Document, design: Size, known: Mapping[str, str]
) -> Iterator[Problem]:
    """Promises of outcomes that there are not, or with limits that say nothing; name -> unit."""
    for k, spec in enumerate(design.promises):
        where = ("design", "promises", k)
        if spec.outcome not in known:
            near = did_you_mean(spec.outcome, known)
            remedy = f"did you mean '{near}'?" if near else _offered(known)
            cause = f"no outcome '{spec.outcome}'"
            yield document.problem((*where, "outcome"), cause, remedy=remedy)
            continue
        try:
            promise_of(spec, known[spec.outcome])
        except ValueError as error:
            cause, remedy = cause_and_remedy(error)
            side = "at_most" if spec.at_most is not None else "at_least"
            yield document.problem((*where, side), cause, remedy=remedy)


def promise_of(spec: PromiseSpec, unit: str) -> Promise:
    """The promise with its limit in the outcome's unit.

    Raises ValueError, with a remedy, where the limit has another unit, or is always or never kept.
    """
    limit, at_most = _in_unit(spec.limit, unit), spec.at_most is not None
    least, most = 0.0, 100.0 if unit.startswith("%") else float("inf")
    if limit < least or limit > most:
        between = f"{least:g} to {most:g} %" if most == 100 else "0 or more"
        raise ValueError(f"{limit:g} is no value that {spec.outcome} can have; write {between}")
    if limit == (most if at_most else least):
        raise ValueError("any capacity keeps this; write a stricter limit")
    return Promise(spec.outcome, limit, at_most, unit)


def _in_unit(limit: Measured, unit: str) -> float:
    number, written = limit
    if written is None or written == unit or (written == "%" and unit.startswith("%")):
        return float(number)
    own = unit if unit in UNITS else None
    if own is None or UNITS[written][0] != UNITS[own][0] or unit.startswith("%"):
        raise ValueError(f"this is measured in {unit}, not in {written}; write the limit so")
    return to_base(number, written) / to_base(1.0, own)


def _offered(known: Mapping[str, str]) -> str:
    some = ", ".join(f"'{name}'" for name in list(known)[-3:])
    return f"write one as the tables of a run have it, such as {some}"
