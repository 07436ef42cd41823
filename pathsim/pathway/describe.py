"""A pathway or a whole service in words: what people read to judge a model.

Called by `pathsim show` and by anyone with a model in Python. Reads the law's nouns and the build
checks; knows no file and no therapy but the names that states carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pathsim.laws import Constant
from pathsim.pathway import phrases
from pathsim.pathway.amounts import Step
from pathsim.pathway.centre import UNLIMITED
from pathsim.pathway.check_service import pathways
from pathsim.pathway.checks import deathless, warnings_of
from pathsim.pathway.grouping import groups, owners
from pathsim.pathway.pathway import Choice, Clock, Detour, Pathway, State, Variable
from pathsim.pathway.phrases import a_number_of
from pathsim.pathway.service import At, Every, Poisson, Resource, Score, Service, Stream
from pathsim.units import DAYS_PER_MONTH

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def describe(model: Service | Pathway) -> str:
    """The model in words, a section for resources, each therapy's states, choices and variables."""
    lines = _service(model) if isinstance(model, Service) else _pathway(model)
    return "\n".join(lines) + "\n"


def describe_group(pathway: Pathway, group: str) -> str:
    """What one therapy has to itself, in words; see `grouping.owners`."""
    here = {name for name, its in owners(pathway).items() if its == group}
    return "\n".join(_group(pathway, group, here))


def _service(service: Service) -> Iterator[str]:
    for stream in service.streams:
        yield _stream(stream)
    if service.resources:
        yield from ("", "RESOURCES")
        yield from (f"  {resource_words(r)}" for r in service.resources)
    if found := warnings_of(service):
        yield from ("", "WARNINGS", *(f"  {w}" for w in found))
    for pathway in pathways(service):
        yield ""
        yield from _pathway(pathway)


def _stream(stream: Stream) -> str:
    number = "patients" if stream.patients is None else a_number_of(stream.patients, "patient")
    entered = f", entering {stream.enters}" if stream.enters else ""
    sets = "; ".join(phrases.setting(s) for s in stream.sets)
    return (
        f"Stream '{stream.name}': {number}, {arrivals_words(stream)}, on pathway "
        f"'{stream.pathway.name}'{entered}{'; ' + sets if sets else ''}."
    )


def arrivals_words(stream: Stream) -> str:
    """How the patients of a stream come."""
    match stream.arrivals:
        case At(times) if set(times) <= {0.0}:
            return "all present on day 0"
        case At(times):
            return f"arriving on {a_number_of(len(times), 'given day')}"
        case Poisson(rate) if isinstance(rate, float | int):
            return f"arriving at random, {phrases.number(DAYS_PER_MONTH * rate)} a month"
        case Poisson(rates):
            return f"arriving at random, {_rates_words(rates)}"  # type: ignore[arg-type]
        case steady:
            return f"arriving one every {a_number_of_days(steady.interval)}"


MANY_RATES = 4
"""Rates from here on are told by the first and the last."""


def _rates_words(rates: Sequence[tuple[float, float]]) -> str:
    """Rates a month, and from which day on."""
    monthly = [(phrases.number(day), phrases.number(DAYS_PER_MONTH * rate)) for day, rate in rates]
    (_, first), *others = monthly
    if len(monthly) < MANY_RATES:
        return ", ".join([f"{first} a month", *(f"{n} from day {day} on" for day, n in others)])
    day, last = others[-1]
    return f"{first} a month at first and {last} from day {day} on, in {len(rates)} steps"


def a_number_of_days(days: float) -> str:
    return f"{phrases.number(days)} day{'' if days == 1 else 's'}"


# --- resources ---------------------------------------------------------------------------------


def resource_words(resource: Resource) -> str:
    """A resource by name: what there is of it, and in which order it is given out."""
    return f"{resource.name}: {'; '.join(resource_parts(resource))}"


def resource_parts(resource: Resource) -> list[str]:
    """What there is of a resource, in which order it is given out, and what else holds for it."""
    parts = [_supply(resource), _order(resource)]
    if resource.allotments is not None:
        carried = "" if resource.carry is None else f", at most {resource.carry} carried over"
        parts.append(f"used up when granted{carried}")
    if resource.until:
        parts.append(f"kept until '{resource.until}', given back if that is not reached")
    if resource.skip:
        parts.append("a smaller request may pass a larger one that does not fit")
    if resource.closed:
        parts.append(f"closed on {', '.join(WEEKDAYS[d] for d in resource.closed)}")
    return parts


def _supply(resource: Resource) -> str:
    if resource.places is not None:
        if resource.places == UNLIMITED:
            return "without limit"
        if isinstance(resource.places, int):
            return a_number_of(resource.places, "place")
        return f"places: {_steps(resource.places)}"
    match resource.allotments:
        case Every(period, amount):
            much = str(amount) if isinstance(amount, int) else _steps(amount)
            often = "month" if period == DAYS_PER_MONTH else a_number_of_days(period)
            return f"{much} every {often}"
        case releases:
            return a_number_of(len(list(releases or ())), "release")


def _steps(steps: Iterable[Step]) -> str:
    """Amounts with the day from which each holds; one that always holds by itself."""
    each = list(steps)
    if len(each) == 1 and each[0][0] <= 0.0:
        return str(each[0][1])
    return ", ".join(f"{amount} from day {phrases.number(day)}" for day, amount in each)


def _order(resource: Resource) -> str:
    if isinstance(resource.discipline, Score):
        terms = [phrases.factor(t) for t in resource.discipline.terms]
        if resource.discipline.per_day_waited:
            terms.append(f"{phrases.number(resource.discipline.per_day_waited)} a day waited")
        return f"highest score first ({'; '.join(terms)})"
    return {"first_come": "first come, first served", "random": "drawn at random"}[
        resource.discipline
    ]


# --- one pathway -------------------------------------------------------------------------------


def _pathway(pathway: Pathway) -> Iterator[str]:
    counts = ", ".join(
        a_number_of(len(found), thing)
        for found, thing in (
            (pathway.states, "state"), (pathway.choices, "choice"), (pathway.detours, "detour"),
            (pathway.variables, "variable"), (pathway.standing, "standing clock"),
        )
    )  # fmt: skip
    yield f"PATHWAY '{pathway.name}': {counts}. Patients start at '{pathway.start}'."
    owner = owners(pathway)
    for group in groups(pathway):
        yield from _group(pathway, group, {name for name, its in owner.items() if its == group})
    standing = map(phrases.clock, pathway.standing)
    yield from _section("STANDING CLOCKS: they run through every state", standing)
    known = [_variable(v) for v in pathway.variables if v.known]
    hidden = [_variable(v) for v in pathway.variables if not v.known]
    yield from _section("VARIABLES that are known: rules may read them", known)
    yield from _section("VARIABLES that are hidden: only hazards and chances read them", hidden)
    yield from ("", _deathless(pathway))


def _group(pathway: Pathway, group: str, here: set[str]) -> Iterator[str]:
    """What one therapy has to itself, or what lies between therapies."""
    yield from ("", group.upper())
    told: list[tuple[Clock, str]] = []
    for state in pathway.states:
        if state.name in here:
            yield from _state(state, told)
    choices = [_choice(c) for c in pathway.choices if c.name in here]
    yield from _section(f"{group.upper()}, choices: passed at once", choices)
    detours = [_detour(d) for d in pathway.detours if d.name in here]
    yield from _section(f"{group.upper()}, detours: what is interrupted is gone back to", detours)


def _section(title: str, found: Iterable[list[str]]) -> Iterator[str]:
    blocks = list(found)
    if blocks:
        yield from ("", title)
    for first, *rest in blocks:
        yield f"  {first}"
        yield from (f"      {line}" for line in rest)


def _state(state: State, told: list[tuple[Clock, str]]) -> Iterator[str]:
    """A state in lines; a clock already told is not told again."""
    yield f"  {state.name}{_marks(state)}"
    if state.words:
        yield f"      {state.words}"
    for request in state.requests:
        yield f"    - {phrases.request(request)}"
    if state.holds:
        yield f"    - holds {', '.join(f'{n} of {name}' for name, n in state.holds.items())}"
    for clock in state.clocks:
        first, *rest = _clock(clock, state.name, told)
        yield f"    - {first}"
        yield from (f"        {line}" for line in rest)
    for line in _on_entry(state):
        yield f"    - {line}"


def _clock(clock: Clock, here: str, told: list[tuple[Clock, str]]) -> list[str]:
    for same, where in told:
        if same == clock:
            return [f"{clock.name}: as in '{where}'"]
    told.append((clock, here))
    return phrases.clock(clock)


def _marks(state: State) -> str:
    marks = state.marks
    treated = {True: "on treatment", False: "off treatment", None: None}[marks.treated]
    said = [word for word in (marks.phase, marks.setting, treated) if word]
    if state.ends:
        said.append("ends here")
    return f"  [{', '.join(said)}]" if said else ""


def _on_entry(state: State) -> Iterator[str]:
    if state.sets:
        yield f"on entry sets {'; '.join(phrases.setting(s) for s in state.sets)}"
    if state.starts:
        yield f"starts {', '.join(state.starts)}"
    if state.stops:
        yield f"stops {', '.join(state.stops)}"
    if state.marks.uses:
        yield f"uses {_amounts(state.marks.uses.items())}"
    if state.marks.per_day:
        yield f"uses each day {_amounts(state.marks.per_day.items())}"


def _amounts(items: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{phrases.number(n)} {name}" for name, n in items)


def _choice(choice: Choice) -> list[str]:
    if choice.options:
        ways = [line for o in choice.options for line in phrases.option(o)]
        return [f"{choice.name}, by a draw", *ways]
    ways = [line for r in choice.rules for line in phrases.rule(r)]
    return [f"{choice.name}, by the first rule that holds", *ways]


def _detour(detour: Detour) -> list[str]:
    said = {"ends it": detour.ends, "go on beneath it": detour.moves, "stand still": detour.pauses}
    lines = [f"{what}: {', '.join(names)}" for what, names in said.items() if names]
    return [f"{detour.name} → {detour.enters}", *lines]


def _variable(variable: Variable) -> list[str]:
    kind = f"one of {', '.join(variable.levels)}" if variable.levels else f"a {variable.kind}"
    return [f"{variable.name}: {kind}, at first {phrases.draw(variable.initial)}"]


def _deathless(pathway: Pathway) -> str:
    if not any("dead" in s.marks.tags for s in pathway.states):
        return "No state of this pathway is marked as death."
    found = [s.name for s in deathless(pathway) if not _at_once(s)]
    if not found:
        return "There is no stay in which nobody can die."
    return f"Nobody can die in: {', '.join(found)}."


def _at_once(state: State) -> bool:
    """Whether a clock of the state rings at once, so that nobody stays."""
    return any(law == Constant(0.0) for c in state.clocks for law in c.laws)
