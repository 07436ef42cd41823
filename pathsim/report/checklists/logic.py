"""STRESS-DES 2.1 to 2.4: the base model, how scenarios differ from it, and its algorithms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pathsim.inputs.conditions import When
from pathsim.pathway.overview import interruptions, phases
from pathsim.pathway.pathway import Pathway
from pathsim.pathway.phrases import a_number_of
from pathsim.pathway.service import Poisson, Resource, Score
from pathsim.report.basis import Asked, Basis
from pathsim.report.checklists.item import Answer, points
from pathsim.report.shapes import Drawn, Row, Table, heading, row
from pathsim.study.used import can_give

MOST = 40
"""Fields that differ, told one by one for a scenario."""
OWN = ("strategy.", "name", "title")
"""Where fields begin in which every strategy differs."""
LONG = 90
"""Letters of a value that are shown."""


def with_therapy(asked: Asked, therapy: str) -> Basis:
    """The first model that can give a therapy."""
    return next(b for b in asked.bases if therapy in can_give(b.scenario))


def diagram(asked: Asked) -> Answer:
    if not asked.given:
        return ("No rule gives a therapy: patients arrive and are under supportive care.",)
    return (
        f"The phases of the {a_number_of(len(asked.given), 'therapy', 'therapies')} that these "
        "strategies can give, as they are built from the resolved scenarios. Each box stands for "
        "one or several states; `pathsim show SCENARIO` draws all of them.",
        _drawn(asked),
    )


def _drawn(asked: Asked) -> Drawn:
    from pathsim.figures.overview import Way, overview
    from pathsim.figures.saving import svg_of
    from pathsim.figures.style import new_axes

    ways = []
    for therapy in asked.given:
        pathway = with_therapy(asked, therapy).pathway
        own = [(p.name, p.asks) for p in phases(pathway, therapy) if not p.interrupts]
        ways.append(Way(therapy, own, interruptions(pathway, therapy)))
    axes = overview(new_axes(width=11, height=max(1.6 + 1.2 * len(ways), 4.2)), ways)
    alt = "; ".join(
        f"{way.therapy}: {', then '.join(name.replace('_', ' ') for name, _ in way.phases)}, "
        f"interrupted by {', '.join(way.interrupted_by) or 'nothing'}"
        for way in ways
    )
    says = ("A row a therapy. The strategy's rules choose one; after progression they are asked "
            "again, or supportive care follows. A phase stands once, where it begins; what it "
            "asks the service for stands below it.")  # fmt: skip
    return Drawn("base_model", "The base model", says, f"Flow diagram. {alt}.", svg_of(axes))


def logic(asked: Asked) -> Answer:
    return (
        "A generalised semi-Markov process with shared resources. A state lists the clocks that "
        "run in it, what it holds and what it asks for. On entering the next state what that "
        "lists goes on or starts, and what it does not list stops: so death or progression frees "
        "a bed and leaves a queue by construction. A patient moves when a clock rings or a "
        "request is granted; choices are passed at once, by a draw or by the strategy's rules. "
        "Toxicity and infection are detours: what they interrupt is gone back to. Response is "
        "drawn at the start, acts from then on, and is known to the rules when it is assessed.",
        points(asked.each(lambda b: _counts(b.pathway))),
        "The full text of these rules is docs/law.md, what the pathways leave out "
        "docs/pathways.md; `pathsim show` tells every state, clock and choice of a scenario.",
    )


def _counts(pathway: Pathway) -> str:
    return ", ".join(
        a_number_of(len(found), what)
        for found, what in (
            (pathway.states, "state"), (pathway.choices, "choice"), (pathway.detours, "detour"),
            (pathway.variables, "variable"), (pathway.standing, "standing clock"),
        )
    )  # fmt: skip


# --- how scenarios differ ------------------------------------------------------------------------


def scenarios(asked: Asked) -> Answer:
    if len(asked.bases) == 1:
        return (f"There is one scenario, {asked.base.name}: nothing to differ from. Its rules "
                "stand in the section on strategies.",)  # fmt: skip
    base = asked.base.scenario.document()
    rows: list[Row] = []
    said = []
    for other in asked.bases[1:]:
        every = [*_differences(base, other.scenario.document(), "")]
        ruled = any(path.startswith("strategy.rules") for path, _, _ in every)
        found = [each for each in every if not each[0].startswith(OWN)]
        more = f"and {a_number_of(len(found), 'field')}, below" if found else "and nothing else"
        rules = "its rules (1.3, and the section on strategies)" if ruled else "the same rules"
        said.append(f"{other.name}: {rules}, {more}")
        rows += [heading(other.name), *_rows(found)] if found else []
    head = ("Field", asked.base.name, "Here")
    table = (Table("Fields that differ from the base, beside the rules", head, tuple(rows)),)
    return (
        f"Against the base, {asked.base.name}, the resolved documents compared field by field:",
        points(said),
        *(table if rows else ()),
    )


def _rows(found: list[tuple[str, Any, Any]]) -> Iterator[Row]:
    for path, before, after in found[:MOST]:
        yield row(path, _short(before), _short(after))
    if len(found) > MOST:
        yield row(f"and {len(found) - MOST} more", "", "")


def _differences(before: Any, after: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Path, value there and here, of each leaf that differs; lists entry by entry."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            below = f"{path}.{key}" if path else str(key)
            yield from _differences(before.get(key), after.get(key), below)
    elif isinstance(before, list) and isinstance(after, list):
        for i in range(max(len(before), len(after))):
            mine, others = (each[i] if i < len(each) else None for each in (before, after))
            yield from _differences(mine, others, f"{path}[{i}]")
    elif before != after:
        yield path, before, after


def _short(value: Any) -> str:
    said = "–" if value is None else str(value)
    if isinstance(value, Mapping):
        said = "; ".join(f"{k}: {v}" for k, v in value.items())
    return said if len(said) <= LONG else f"{said[: LONG - 1]}…"


# --- algorithms ----------------------------------------------------------------------------------


def algorithms(asked: Asked) -> Answer:
    return (points(_algorithms(asked)),)


def conditions_of(when: When) -> Iterator[str]:
    """The conditions of a rule, those inside others too."""
    yield from when.asked
    for inner in (*(when.any_of or ()), *([when.negated] if when.negated else [])):
        yield from conditions_of(inner)


def _algorithms(asked: Asked) -> Iterator[str]:
    conditions = dict.fromkeys(
        name
        for b in asked.bases
        for rule in b.scenario.strategy.rules
        for name in conditions_of(rule.when)
        if name not in ("any_of", "negated")
    )
    read = ", ".join(name.replace("_", " ") for name in conditions) or "nothing"
    yield ("Choice of a therapy: the first rule all of whose conditions hold, at referral and "
           f"after each progression. The rules here read: {read}.")  # fmt: skip
    if any("wait" in name for name in conditions):
        yield ("Expected wait: the median time from request to grant over the grants of the last "
               "180 days; with fewer than 5, one more than the queue over the scheduled supply a "
               "day.")  # fmt: skip
    yield ("A clock is a budget, a unit exponential draw, spent at the rate of its hazard times "
           "the patient's ratio; where the next state changes hazard or ratio the rest is spent "
           "at the new rate. Effects multiply hazards, or odds of a choice.")  # fmt: skip
    yield f"Queues: {_orders(asked)}."
    yield f"Arrivals: {_arrivals(asked)}."
    fitted = sum(n.number.kind == "calibrated" for part in asked.evidence for n in part.numbers)
    if fitted:
        yield (f"Calibration: {fitted} numbers were found by simulating the trials behind them, "
               "from randomisation or enrolment, until they met the published landmarks "
               "(weighted least squares with common random numbers; docs/fits.md).")  # fmt: skip
    yield ("Survival is the Kaplan-Meier estimate in each replication; whoever is alive at the "
           "horizon is censored.")  # fmt: skip


def _orders(asked: Asked) -> str:
    by: dict[str, dict[str, None]] = {}
    for resource in (r for b in asked.bases for r in b.service.resources):
        by.setdefault(order(resource), {})[resource.name.replace("_", " ")] = None
    return "; ".join(f"{how} ({', '.join(names)})" for how, names in by.items()) or "none"


def order(resource: Resource) -> str:
    """In which order a queue is served, in words."""
    if isinstance(resource.discipline, Score):
        return "by rank, then the highest score first"
    named = {"first_come": "by rank, then first come, first served",
             "random": "by rank, then drawn at random at each grant"}  # fmt: skip
    return named[resource.discipline]


def _arrivals(asked: Asked) -> str:
    streams = [s for b in asked.bases for s in b.service.streams if s.name == "patients"]
    kinds = {type(s.arrivals).__name__ for s in streams}
    if kinds == {"Poisson"}:
        steps = [s for s in streams if isinstance(s.arrivals, Poisson)
                 and isinstance(s.arrivals.rate, tuple) and len(s.arrivals.rate) > 1]  # fmt: skip
        return ("a Poisson process whose rate changes in steps: unit exponential draws are put "
               "through the inverse of the expected number" if steps else
               "a Poisson process, each gap its patient's own draw")  # fmt: skip
    return "at the times that the scenario gives, without chance"
