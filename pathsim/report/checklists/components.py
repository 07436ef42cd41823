"""STRESS-DES 2.5: entities, activities, resources, queues, entry and exit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathsim.inputs.population import Counts, Exposure, Feature, Latent, Levels, TruncatedNormal
from pathsim.inputs.wording import VARIABLES as NAMES
from pathsim.laws import Law, PiecewiseExponential
from pathsim.pathway.describe import WEEKDAYS, arrivals_words, resource_parts
from pathsim.pathway.overview import Phase, phases
from pathsim.pathway.pathway import Clock, Pathway
from pathsim.pathway.phrases import a_number_of
from pathsim.pathway.service import Resource, Stream
from pathsim.report.basis import Asked, Basis
from pathsim.report.checklists.item import Answer, Folded, points
from pathsim.report.checklists.logic import conditions_of, order, with_therapy
from pathsim.report.shapes import Row, Table, heading, row
from pathsim.study.plan import OTHER_USERS
from pathsim.study.told import quantity

LAWS = {
    "Exponential": "exponential", "Weibull": "Weibull", "Gompertz": "Gompertz",
    "LogLogistic": "log-logistic", "LogNormal": "lognormal", "CuredMixture": "cured mixture",
    "PiecewiseExponential": "piecewise exponential", "Constant": "constant",
    "Empirical": "empirical", "Manufacturing": "shifted lognormal",
}  # fmt: skip
"""A law's class -> what it is called."""


def law_name(law: Law) -> str:
    return LAWS.get(type(law).__name__, type(law).__name__)


# --- entities ------------------------------------------------------------------------------------


def entities(asked: Asked) -> Answer:
    features = asked.base.scenario.population.features
    hidden = [name for name, each in features.items() if isinstance(each, Latent)]
    rest = len({v.name for v in asked.base.pathway.variables} - {*features})
    rows = tuple(row(NAMES.get(name, _plain(name)), "hidden" if name in hidden else "known",
                     _values(each)) for name, each in features.items())  # fmt: skip
    return (
        "Patients, whose outcomes are asked for, and the other users of the same beds and chairs, "
        "who only take their places:",
        points(_streams(asked)),
        f"A patient carries {a_number_of(len(features), 'feature')} drawn at arrival"
        + (f", {len(hidden)} of them hidden from the rules" if hidden else "")
        + f", and {a_number_of(rest, 'variable')} that record the history and what befalls them.",
        Folded(
            "The features",
            Table("Features of a patient", ("Feature", "To the rules", "Values and shares"), rows),
        ),
    )


def _streams(asked: Asked) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for b in asked.bases:
        for stream in b.service.streams:
            told.setdefault(_stream(stream), []).append(b.name)
    for said, names in told.items():
        yield said if len(names) == len(asked.bases) else f"{said} ({', '.join(names)})"


def _stream(stream: Stream) -> str:
    number = "" if stream.patients is None else f"{stream.patients}, "
    return f"{stream.name.removeprefix(OTHER_USERS)}: {number}{arrivals_words(stream)}"


def _values(feature: Feature) -> str:
    """What a feature may be, and how often: shares at the centre of their effects."""
    match feature:
        case Levels() | Exposure():
            shares = feature.shares
            return ", ".join(f"{level} {100 * p:.3g} %" for level, p in shares.items())
        case TruncatedNormal():
            ends = f"between {quantity(feature.low)} and {quantity(feature.high)}"
            return f"normal, {quantity(feature.mean)} (sd {quantity(feature.sd)}), {ends}"
        case Counts():
            return ", ".join(f"{c.count}: {100 * c.share.base:.3g} %" for c in feature.counts)
        case _:
            return "standard normal"


# --- activities ----------------------------------------------------------------------------------


def activities(asked: Asked) -> Answer:
    rows: list[Row] = []
    for therapy in asked.given:
        pathway = with_therapy(asked, therapy).pathway
        rows += [heading(therapy), *(_activity(p, therapy) for p in phases(pathway, therapy))]
    between = {c.name: c for b in asked.bases for s in b.pathway.states
               if s.marks.phase in ("between_lines", "supportive_care") and s.marks.therapy is None
               for c in s.clocks}  # fmt: skip
    standing = {c.name: c for b in asked.bases for c in _standing(b.pathway, asked.given)}
    rows += [
        heading("between therapies, and through every state"),
        row("after progression, supportive care", "–", "–", clocks_words(between.values(), "")),
        row("standing clocks", "–", "–", clocks_words(standing.values(), "")),
    ]
    return (
        "What a patient is in: phases of a therapy, each one or several states. A patient leaves a "
        "phase when one of its clocks rings, or what it asks for is granted; the first decides. "
        "Every clock is given with the family of its law; the parameters stand in the section on "
        "evidence.",
        Folded(
            f"The phases of {a_number_of(len(asked.given), 'therapy', 'therapies')}, with their "
            "laws of time",
            Table(
                "Activities",
                ("Phase", "States", "Asks for; holds", "Clocks, by the family of their law"),
                tuple(rows),
            ),
        ),
    )


def _standing(pathway: Pathway, given: Iterable[str]) -> Iterator[Clock]:
    started = {name for s in pathway.states if s.marks.therapy in [*given] for name in s.starts}
    every = {name for s in pathway.states for name in s.starts}
    yield from (c for c in pathway.standing if c.name in started or c.name not in every)


def _activity(phase: Phase, therapy: str) -> Row:
    clocks = {c.name: c for s in phase.states for c in s.clocks}
    asks = ", ".join(map(_plain, phase.asks))
    holds = ", ".join(map(_plain, phase.holds))
    said = f"asks for {asks}; holds {holds}" if asks and holds else f"asks for {asks}"
    said = said if asks else f"holds {holds}" if holds else "–"
    said = f"asks for and holds {asks}" if asks and asks == holds else said
    name = phase.name.replace("_", " ")
    return row(f"{name} (interrupts)" if phase.interrupts else name, len(phase.states), said or "–",
               clocks_words(clocks.values(), therapy))  # fmt: skip


def clocks_words(clocks: Iterable[Clock], therapy: str) -> str:
    """Clocks by the families of their laws."""
    by: dict[str, list[str]] = {}
    for clock in clocks:
        if found := families(clock):
            name = clock.name.removeprefix(therapy).lstrip(": ")
            by.setdefault(" or ".join(found), []).append(name)
    return "; ".join(f"{family}: {', '.join(names)}" for family, names in by.items()) or "–"


def families(clock: Clock) -> tuple[str, ...]:
    """The families of a clock's laws, each once; a law that never rings has none."""
    return tuple(dict.fromkeys(law_name(law) for law in clock.laws if _rings(law)))


def _rings(law: Law) -> bool:
    return not (isinstance(law, PiecewiseExponential) and not any(law.rates))


def _plain(name: str) -> str:
    return name.replace("_", " ")


# --- resources and queues ------------------------------------------------------------------------


def resources(asked: Asked) -> Answer:
    asking = _asking(asked)
    rows = [row(_plain(r.name) + _of(asked, names), supply(r),
                ", ".join(WEEKDAYS[d] for d in r.closed) or "never",
                "; ".join(asking.get(r.name, ["nobody of ours"])))
            for r, names in _alike(asked)]  # fmt: skip
    if not rows:
        return (f"The service of {asked.names} has no resource: nobody waits for anything.",)
    return (
        "Places are held and given back; slots are used up. What is not listed here is without "
        "limit: it is counted and not queued for.",
        Table(
            "Resources", ("Resource", "How much, from when", "Closed", "Asked for by"), tuple(rows)
        ),
    )


def supply(resource: Resource) -> str:
    """How much there is, by day where it changes, and what becomes of what is granted."""
    first, _, *more = resource_parts(resource)
    return "; ".join(
        [first, *(part for part in more if part.startswith(("used up", "kept until")))]
    )


def _alike(asked: Asked) -> list[tuple[Resource, list[str]]]:
    """Each resource as it is, with the models that have it so."""
    found: list[tuple[Resource, list[str]]] = []
    for b in asked.bases:
        for r in b.service.resources:
            same = next((names for old, names in found if old == r), None)
            if same is None:
                found.append((r, [b.name]))
            else:
                same.append(b.name)
    return found


def _of(asked: Asked, names: list[str]) -> str:
    return "" if len(names) == len(asked.bases) else f" ({', '.join(names)})"


def _asking(asked: Asked) -> dict[str, list[str]]:
    """Resource -> the therapies and phases that ask for it."""
    found: dict[str, list[str]] = {}
    for therapy in asked.given:
        by: dict[str, list[str]] = {}
        for phase in phases(with_therapy(asked, therapy).pathway, therapy):
            for name in phase.asks:
                by.setdefault(name, []).append(phase.name.replace("_", " "))
        for name, its in by.items():
            found.setdefault(name, []).append(f"{therapy} ({', '.join(its)})")
    return found


def queues(asked: Asked) -> Answer:
    ranks = {(b.name, name): spec.ranks for b in asked.bases
             for name, spec in b.scenario.centre.resources.items()}  # fmt: skip
    rows = []
    for r, names in _alike(asked):
        given = ranks.get((names[0], r.name), {})
        said = ", ".join(f"{_plain(str(k))} {v}" for k, v in given.items()) or "all alike"
        rows.append(row(_plain(r.name) + _of(asked, names), order(r), said,
                        "may pass" if r.skip else "waits for room"))  # fmt: skip
    if not rows:
        return (f"The service of {asked.names} has no queue.",)
    return (
        "One queue a resource, without limit to its length. Reneging: a request is withdrawn when "
        "the patient's next state no longer lists it (death, progression, loss of fitness, a plan "
        "given up); one still listed keeps its date and place. Balking: "
        f"{_balking(asked)}. Nobody changes from one queue to another.",
        Table(
            "Queues",
            ("Queue", "Order", "Ranks (1 is first)", "A small request behind a large one"),
            tuple(rows),
        ),
    )


def _balking(asked: Asked) -> str:
    """Which rules turn patients away from a queue."""
    found = [f"{rule.name} of {b.name}" for b in asked.bases for rule in b.scenario.strategy.rules
             if {"expected_wait", "queue", "free"} & {*conditions_of(rule.when)}]  # fmt: skip
    if not found:
        return "none, as no rule here reads a queue, a wait or free places"
    return f"rules that read a queue, a wait or free places ({', '.join(found)})"


# --- entry and exit ------------------------------------------------------------------------------


def entry_and_exit(asked: Asked) -> Answer:
    ends = dict.fromkeys(s.name for b in asked.bases for s in b.pathway.states if s.ends)
    return (
        "In:",
        points(asked.each(lambda b: f"{b.model.accrual}; patients start at '{b.pathway.start}'; on "
                          f"day 0 {b.model.day_0}")),
        f"Out: {a_number_of(len(ends), 'state')} end a life ({', '.join(ends)}). Whoever is there "
        f"at the horizon ({_horizons(asked.bases)}) is censored. Other users leave when their stay "
        "is over.",
    )  # fmt: skip


def _horizons(bases: Iterable[Basis]) -> str:
    return ", ".join(dict.fromkeys(f"{b.model.horizon:g} days" for b in bases))
