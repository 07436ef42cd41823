"""What breaks the law while a model runs, in words: the same from every engine.

What reads variables and the engines raise what these functions make (docs/law.md names each).
"""

from __future__ import annotations

from pathsim.errors import PathwayError


def not_set(clock: str, moment: str, patient: int, day: float) -> PathwayError:
    """A clock's origin is a moment that is not yet."""
    return PathwayError(
        f"clock '{clock}' counts from '{moment}', which is not yet set",
        f"patient {patient}, day {day:g}",
        "set the moment in a state on the way, or give it an initial value",
    )


def slope_not_set(moment: str, day: float) -> PathwayError:
    """A slope reads a moment that is not yet."""
    return PathwayError(
        f"a slope reads the moment '{moment}', which is not yet set",
        f"day {day:g}",
        "set it on every way there, or read it by a table with 'never'",
    )


def nowhere(cause: str, target: str, patient: int, day: float) -> PathwayError:
    """A way back where there is none, or a grant or an arrival that leads to no state."""
    return PathwayError(
        f"'{cause}' leads to '{target}', but there is nothing to go back to",
        f"patient {patient}, day {day:g}",
        "return only by a clock of a state inside a detour; a grant must enter a state or a "
        "detour, an arrival a state",
    )


def too_much(
    state: str, wanted: int, resource: str, held: int, patient: int, day: float
) -> PathwayError:
    """A state lists more than its patient holds."""
    return PathwayError(
        f"'{state}' lists {wanted} of '{resource}', holding {held}",
        f"patient {patient}, day {day:g}",
        "holdings rise only by a grant, or at arrival where there is room",
    )


def no_end(state: str, patient: int, day: float) -> PathwayError:
    """A patient rings without end in one instant."""
    return PathwayError(
        f"patient {patient} rings without end on day {day:g}",
        state,
        "a clock of this state, or of those it leads to, must take time",
    )
