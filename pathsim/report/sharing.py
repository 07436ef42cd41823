"""What strategies share and what they do not: patients, pace, centre, and how things are given.

Called by the section `strategies`. Compares resolved documents; of what differs in ways that have
no words here, it says that it differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pathsim.inputs.scenario import Scenario
from pathsim.pathway.describe import arrivals_words, resource_parts
from pathsim.report.shapes import Row, Table
from pathsim.study.how_given import lasting, usually_given
from pathsim.study.kept import Strategy
from pathsim.study.plan import OTHER_USERS
from pathsim.study.rule_words import resource_told

Strategies = Mapping[str, Strategy]
TOLD: Mapping[str, tuple[str, Callable[[Strategy], str]]] = {
    "strategy": ("Rules", lambda s: s.built.scenario.strategy.title),
    "population": ("Patients", lambda s: s.built.scenario.population.title),
    "accrual": ("How they come", lambda s: s.model.accrual),
    "horizon": ("Time simulated", lambda s: lasting(s.model.horizon)),
    "start_date": ("From", lambda s: str(s.built.scenario.start_date)),
    "region": ("Region", lambda s: s.built.scenario.region),
    "centre": ("Centre", lambda s: s.built.scenario.centre.title),
    "support": (
        "How things are given", lambda s: usually_given(s.built.scenario.support) or "as usual"
    ),
    "launches": ("To be had later", lambda s: _launches(s.built.scenario)),
    "therapies": ("Therapies there are", lambda s: ", ".join(s.built.scenario.therapies)),
    "day_0": ("On day 0", lambda s: s.model.day_0),
}  # fmt: skip
"""A part of a scenario -> its heading, and how it is told."""
ALIKE = ("population", "accrual", "horizon", "start_date", "region", "centre", "day_0")
"""What is said of all strategies where it is the same."""
UNTOLD = ("name", "title", "extends", "run")
"""Fields that no patient feels."""
AS_FIRST = "the same"
"""What is as under the first strategy."""
OTHER = {"background": "background mortality", "supportive": "supportive care",
         "best_supportive_care": "best supportive care", "history": "history of the patients",
         "dependence": "dependence between events", "curves": "family of the curves",
         "access": "ways of access"}  # fmt: skip


def differing(strategies: Strategies) -> tuple[dict[str, str], Table | None]:
    """What all share, heading -> words, and a table of what differs; None where nothing does."""
    parts = {name: _parts(each) for name, each in strategies.items()}
    fields = list(dict.fromkeys(field for each in parts.values() for field in each))
    apart = [f for f in fields if len({repr(each.get(f)) for each in parts.values()}) > 1]
    alike = {TOLD[f][0]: _one(TOLD[f][1], strategies) for f in ALIKE if f not in apart}
    if not apart:
        return alike, None
    columns = {TOLD[f][0]: {name: TOLD[f][1](each) for name, each in strategies.items()}
               for f in apart if f in TOLD}  # fmt: skip
    columns["Service"] = _of_service(strategies)
    told = {what: each for what, each in columns.items() if len({*each.values()}) > 1}
    base = next(iter(strategies))
    rows = [Row((name, *(each[name] if name == base or each[name] != each[base] else AS_FIRST
                         for each in told.values()))) for name in strategies]  # fmt: skip
    known = {*told, "Centre"} if "Service" in told else {*told}
    quiet = [_named(f) for f in apart if f not in TOLD or TOLD[f][0] not in known]
    note = f"They differ in details, too: {', '.join(quiet)}." if quiet else ""
    head = ("Strategy", *told)
    return alike, Table("What differs between the strategies", head, tuple(rows), note=note)


def _of_service(strategies: Strategies) -> dict[str, str]:
    """Strategy -> the resources that are not the same under all, with how many there are."""
    lines = {name: [f"{row.cells[0]}: {row.cells[1]}" for row in _resources(each)]
             for name, each in strategies.items()}  # fmt: skip
    shared = set[str]().union(*lines.values()).intersection(*lines.values())
    return {name: "; ".join(line for line in mine if line not in shared) or "as the others"
            for name, mine in lines.items()}  # fmt: skip


def same_patients(strategies: Strategies) -> list[str]:
    """The strategies for the same patients as the first, seen for the same time."""
    each = {name: _cohort(one) for name, one in strategies.items()}
    first = next(iter(each.values()))
    return [name for name, cohort in each.items() if cohort == first]


def _cohort(strategy: Strategy) -> tuple[object, ...]:
    """Who comes, how many, what they die of besides, and how long they are looked at."""
    scenario, model = strategy.built.scenario, strategy.model
    return (scenario.population, scenario.history, scenario.background, scenario.accrual.patients,
            model.horizon, model.warm_up)  # fmt: skip


def _parts(strategy: Strategy) -> dict[str, object]:
    """The scenario's parts as they are written, and whom the service holds on day 0."""
    document = strategy.built.scenario.document()
    return {f: part for f, part in document.items() if f not in UNTOLD} | {
        "day_0": strategy.model.day_0
    }


def _one(tell: Callable[[Strategy], str], strategies: Strategies) -> str:
    return tell(next(iter(strategies.values())))


def _named(field: str) -> str:
    return OTHER.get(field) or (TOLD[field][0].lower() if field in TOLD else field)


def _launches(scenario: Scenario) -> str:
    each = (f"{name} from {launch.start}" for name, launch in scenario.launches.items())
    return ", ".join(each) or "nothing"


# --- the service ---------------------------------------------------------------------------------


def served(strategies: Strategies) -> list[Table]:
    """The resources with how many there are, a table for all strategies that have the same."""
    alike: dict[tuple[Row, ...], list[str]] = {}
    for name, each in strategies.items():
        alike.setdefault(tuple(_resources(each)), []).append(name)
    head = ("Resource", "How many", "Given out", "Others who use it")
    whose = "The service" if len(alike) == 1 else "The service under {}"
    return [
        Table(whose.format(", ".join(names)), head, rows, note=_NOTE)
        for rows, names in alike.items()
    ]


_NOTE = (
    "Places are held and given back; slots are used up. A clinic's place is a visit in four weeks: "
    "weekly dosing holds four."
)


def _resources(strategy: Strategy) -> Iterable[Row]:
    others = _others(strategy)
    for resource in strategy.model.service.resources:
        supply, *order = resource_parts(resource)
        supply = supply.removeprefix("places: ")
        told = resource_told(resource.name)
        yield Row((told, supply, "; ".join(order), "; ".join(others.get(resource.name, ["-"]))))


def _others(strategy: Strategy) -> dict[str, list[str]]:
    """Resource -> the other users of it, and how they come."""
    streams = {stream.name: stream for stream in strategy.model.service.streams}
    found: dict[str, list[str]] = {}
    for users in strategy.built.scenario.centre.other_users:
        come = arrivals_words(streams[f"{OTHER_USERS}{users.name}"])
        found.setdefault(users.resource, []).append(f"{users.name.replace('-', ' ')}, {come}")
    return found
