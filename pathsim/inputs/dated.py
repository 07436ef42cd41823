"""Whether what a scenario dates can be: rates of referral, launches, the warm-up.

Called by `agreement` with parts that are each sound. Knows no file and no pathway.
"""

from collections.abc import Iterator

from pathsim.errors import Problem
from pathsim.inputs.centre import Centre, choose, rising
from pathsim.inputs.document import Document, Where
from pathsim.inputs.quantity import Span
from pathsim.inputs.scenario import Frame
from pathsim.inputs.strategy import Otherwise, Strategy


def dated(
    document: Document,
    frame: Frame,
    centre: Centre | None,
    strategy: Strategy | None,
    names: set[str],
) -> Iterator[Problem]:
    """A problem for each date that the rest of the scenario does not bear out.

    `names` are all therapies that the scenario lists.
    """
    rates = frame.accrual.rate
    if isinstance(rates, tuple) and not rising(rates, frame.start_date):
        cause = "changes are not in order of days"
        yield document.problem(("accrual", "rate"), cause, remedy="reorder them")
    if said := uncounted(frame, frame.run.warm_up):
        yield document.problem(("run", "warm_up"), said[0], remedy=said[1])
    for name in frame.launches:
        where: Where = ("launches", name)
        if name not in names:
            cause = f"the scenario has no therapy '{name}'"
            yield document.problem(where, cause, remedy=choose(name, sorted(names)))
        elif frame.launch_day(name) > 0:
            yield from _too_early(document, name, centre, strategy)


def uncounted(frame: Frame, warm_up: Span) -> tuple[str, str] | None:
    """Cause and remedy where nobody, or nothing, is left to count after a warm-up."""
    if not warm_up.days:
        return None
    if warm_up >= frame.horizon:
        return (f"nothing is left to count after {warm_up}",
                f"write less than the horizon, {frame.horizon}")  # fmt: skip
    if not frame.accrual.paces:
        return ("all patients come at once on day 0, and none after the warm-up",
                "remove it, or let patients come one after another (accrual.process)")  # fmt: skip
    return None


def _too_early(
    document: Document, name: str, centre: Centre | None, strategy: Strategy | None
) -> Iterator[Problem]:
    """A problem for whoever has a therapy before its launch, and for a rule that must give it."""
    if centre is not None and centre.day_0.on.get(name):
        cause = f"patients are on {name} on day 0, before its launch"
        at: Where = ("centre", "day_0", "on", name)
        yield document.problem(at, cause, remedy="remove them, or the launch")
    last = strategy.rules[-1] if strategy is not None else None
    if strategy is not None and isinstance(last, Otherwise) and last.give == name:
        cause = f"{name} cannot be had before its launch, and nothing comes after this rule"
        at = ("strategy", "rules", len(strategy.rules) - 1, "otherwise")
        yield document.problem(at, cause, remedy="let it give something else, or supportive_care")
