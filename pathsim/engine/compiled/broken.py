"""What breaks the law while a model runs: a code in the compiled run, then the same error as ever.

`broken` notes the first thing that is wrong. It does not leave the function that calls it: what is
under way goes on to its end with a value in place of the missing one, then the run stops, and
`error_of` says it as the SimPy engine does.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.engine.compiled.parts import jitted
from pathsim.errors import PathwayError
from pathsim.pathway import problems
from pathsim.pathway.pathway import RETURN
from pathsim.pathway.tables import NONE

if TYPE_CHECKING:
    from pathsim.engine.compiled.live import Live

NOT_SET, SLOPE_NOT_SET, NOWHERE, TOO_MUCH, NO_END = range(1, 6)


@jitted
def broken(run, problem, s, what, level):
    """The first thing that is wrong is kept."""
    if run.problem == 0:
        run.problem, run.patient, run.what, run.level = problem, s, what, level


def error_of(live: Live) -> PathwayError:
    """What went wrong, in words."""
    tables = live.tables
    problem, s, what, level = (live.get(n) for n in ("problem", "patient", "what", "level"))
    patient, day = live.arrays["patients"][s], live.get("now")
    number, pathway = int(patient["number"]), tables.pathways[patient["pathway"]]
    top = live.arrays["levels_of"][s * (tables.depth + 1) + max(int(patient["depth"]), 0)]
    state = tables.name(tables.states[top["state"]]["word"])
    if problem == NOT_SET:
        clock = tables.clocks[what]
        name = tables.names[pathway["first_name"] + clock["name"]]["word"]
        moment = tables.variables[pathway["first_variable"] + clock["since"]]["word"]
        return problems.not_set(tables.name(name), tables.name(moment), number, day)
    if problem == SLOPE_NOT_SET:
        moment = tables.variables[pathway["first_variable"] + what]["word"]
        return problems.slope_not_set(tables.name(moment), day)
    if problem == NOWHERE:
        return problems.nowhere(tables.name(what), target_word(live, level), number, day)
    if problem == TOO_MUCH:
        resource = tables.name(tables.resources[what]["word"])
        held = int(live.arrays["held"][s * live.get("most_resources") + what])
        return problems.too_much(state, level, resource, held, number, day)
    return problems.no_end(state, number, day)


def target_word(live: Live, target: int) -> str:
    """A target's name, `leave:` apart; NONE is a way back where there is none."""
    from pathsim.pathway.tabulate import GO_BACK

    if target == NONE:
        return RETURN
    row = live.tables.targets[target]
    if row["word"] >= 0:
        return live.tables.name(row["word"])
    return next(word for word, kind in GO_BACK.items() if kind == row["kind"])
