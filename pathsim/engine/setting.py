"""Variables in the SimPy engine: their first values, and how they are set (docs/law.md, section 2).

`reference.py` and `transition.py` say when; nothing here changes where a patient is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathsim.engine.patient import Patient
from pathsim.pathway.chance import Ago
from pathsim.pathway.reading import By, Per, Value
from pathsim.pathway.setting import Now, PlusOne, Set, Test


def draw_variables(patient: Patient) -> None:
    """The initial values, in declared order."""
    for variable in patient.pathway.variables:
        patient.variables[variable.name] = None
    for variable in patient.pathway.variables:
        drawn = initial_value(patient, variable.name, variable.initial)
        patient.variables[variable.name] = drawn


def initial_value(patient: Patient, name: str, initial: Any) -> Value:
    """A constant, a draw, a table's entry, a slope's term, or a moment so long ago."""
    match initial:
        case Ago(days):
            since = initial_value(patient, name, days)
            return None if since is None else patient.now - float(since)
        case By():
            return initial_value(patient, name, initial.read(patient))
        case Per():
            return initial.term(patient)
        case None | str():
            return initial
        case float() | int():
            return float(initial)
        case draw:
            return patient.draw(name, draw)


def set_variables(patient: Patient, sets: Sequence[Set]) -> None:
    """Set variables in the order listed (2)."""
    for s in sets:
        patient.variables[s.variable] = value_to_set(patient, s)


def value_to_set(patient: Patient, s: Set) -> Value:
    """What one `Set` gives its variable now."""
    match s.to:
        case str():
            return s.to
        case float() | int():
            return float(s.to)
        case Now():
            return patient.now
        case PlusOne():
            return float(patient.variables[s.variable]) + 1.0  # type: ignore[arg-type]
        case Test(of, sensitivity, otherwise):
            if patient.uniform(s.variable) < sensitivity:
                return patient.variables[of]
            return patient.variables[s.variable] if otherwise is None else otherwise
        case By() as table:
            entry = table.read(patient)
            if entry is None:
                return patient.variables[s.variable]
            return initial_value(patient, s.variable, entry)
        case draw:
            return patient.draw(s.variable, draw)
