"""From a resolved scenario to a service of the law: the one place where templates are put together.

Studies call `build`. What leads where inside a therapy its template says; here stand the lines
between therapies, what all patients share, and who comes when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.therapy import Therapy
from pathsim.inputs.therapy_bispecific import Bispecific
from pathsim.inputs.therapy_car_t import CarT
from pathsim.pathway import words
from pathsim.pathway.arriving import arrivals
from pathsim.pathway.between import between_lines
from pathsim.pathway.bispecific import bispecific
from pathsim.pathway.bricks import Interruption, Kit, Parts
from pathsim.pathway.car_t import car_t
from pathsim.pathway.centre import other_users, resources
from pathsim.pathway.day_0 import begun_variables, on_day_0
from pathsim.pathway.graph import Reach
from pathsim.pathway.options import fixed_durations, gaps, option_variables, thinnings
from pathsim.pathway.pathway import AGAIN, RETURN, Choice, Clock, Detour, Pathway, Request, State
from pathsim.pathway.patients import patient_variables
from pathsim.pathway.reading import By
from pathsim.pathway.regimen import regimen
from pathsim.pathway.rules import days_asked, share_variables, strategy_choice, washed
from pathsim.pathway.service import Service, Stream

KEPT = 64
"""So many templates are kept."""

_made: dict[int, tuple[Therapy, Kit, Parts]] = {}

PATIENTS = "patients"
"""The name of the stream whose outcomes are asked for."""


@dataclass(frozen=True)
class Built:
    """A service ready to run, with the scenario that it came from."""

    scenario: Scenario
    service: Service
    pathway: Pathway

    @property
    def horizon(self) -> float:
        """Days."""
        return self.scenario.horizon.days

    @property
    def off_label(self) -> frozenset[str]:
        """The names of the rules that go beyond a label."""
        return frozenset(r.name for r in self.scenario.strategy.rules if r.off_label)


def build(scenario: Scenario, *, patients: int | None = None) -> Built:
    """The service of a scenario; `patients` replaces the number that it accrues.

    Raises PathwayError where the parts do not make a lawful model.
    """
    pathway = patient_pathway(scenario)
    car_ts = [t.name for t in scenario.therapies.values() if t.modality == "car_t"]
    accrual = scenario.accrual
    number = accrual.patients if patients is None else patients
    come = arrivals(accrual, number, start=scenario.start_date, horizon=scenario.horizon.days)
    cohort = Stream(pathway, come, PATIENTS, number)
    streams = [cohort, *on_day_0(scenario, pathway), *other_users(scenario.centre)]
    found = resources(scenario.centre, scenario.start_date, car_ts)
    return Built(scenario, Service(streams, found), pathway)


def patient_pathway(scenario: Scenario) -> Pathway:
    """All therapies of a scenario, and the lines between them, as one pathway."""
    washouts, holds = days_asked(scenario)
    tested = scenario.supportive.antigen_test if scenario.support.antigen_test else None
    kit = Kit(
        scenario.population,
        scenario.start_date,
        dependent=scenario.dependence == "as_assumed",
        curves=scenario.curves,
        settled=scenario.access == "settled",
        therapies=tuple(scenario.therapies),
        washouts=washouts,
        holds=holds,
        stopping=fixed_durations(scenario),
        thinning=thinnings(scenario),
        gaps=gaps(scenario),
        supportive=scenario.supportive,
        washed=washed(scenario),
        antigen_test=tested,
    )
    parts = Parts(states=words.deaths(), choices=[strategy_choice(scenario)])
    parts.variables = [
        *patient_variables(scenario.population, dict(scenario.therapies), kit.antigen_test),
        *share_variables(scenario.strategy),
        *option_variables(kit),
        *begun_variables(scenario),
    ]
    parts.standing.append(background_death(scenario))
    parts.add(between_lines(kit, scenario.best_supportive_care))
    for therapy in scenario.therapies.values():
        parts.add(template(kit, therapy))
    return assembled(scenario, parts)


def template(kit: Kit, therapy: Therapy) -> Parts:
    """A therapy's states, by its modality; made once, as variants of a scenario share therapies."""
    kept = _made.get(id(therapy))
    if kept is None or kept[0] is not therapy or kept[1] != kit:
        if len(_made) >= KEPT:
            _made.clear()
        kept = _made[id(therapy)] = therapy, kit, _template(kit, therapy)
    return kept[2]


def _template(kit: Kit, therapy: Therapy) -> Parts:
    if isinstance(therapy, CarT):
        return car_t(kit, therapy)
    if isinstance(therapy, Bispecific):
        return bispecific(kit, therapy)
    return regimen(kit, therapy)


def background_death(scenario: Scenario) -> Clock:
    """Death as age and sex bring it: a standing clock from arrival to the end."""
    table = scenario.background.table
    return Clock(
        words.BACKGROUND,
        By("sex", levels={"female": table.law("female"), "male": table.law("male")}),
        words.OTHER_CAUSES,
        since=words.BIRTH,
        note=f"{table.about.source} ({table.about.kind})",
    )


def assembled(scenario: Scenario, parts: Parts) -> Pathway:
    """The pathway of all parts, ranks given to its requests, detours settled."""
    states = [ranked(scenario, state) for state in parts.states]
    return Pathway(
        scenario.name,
        words.STRATEGY,
        states,
        parts.choices,
        settled(states, parts.choices, parts.detours),
        parts.variables,
        parts.standing,
    )


def settled(
    states: Sequence[State], choices: Sequence[Choice], interruptions: Sequence[Interruption]
) -> list[Detour]:
    """What interruptions do to each clock that they may inherit.

    Progression ends it. What would start another detour pauses unless that may nest, and so do
    the ends of other detours. All else goes on beneath and moves what is returned to.
    """
    bare = [Detour(i.name, i.enters) for i in interruptions]
    things: list[State | Choice | Detour] = [*states, *choices, *bare]
    reach = Reach({thing.name: thing for thing in things})
    detours, clocks = {d.name for d in bare}, [c for s in states for c in s.clocks]
    back = {c.name for c in clocks if not reach.names(c.enters).isdisjoint((RETURN, AGAIN))}
    onward = [c for c in clocks if reach.names(c.enters).isdisjoint((RETURN, AGAIN))]
    starting = [c for c in onward if not reach.names(c.enters).isdisjoint(detours)]
    others = {c.name for c in onward if reach.names(c.enters).isdisjoint(detours)}
    names = {c.name for c in clocks}
    progressions = {name for name in names if name.endswith(" progression")}

    def one(interruption: Interruption) -> Detour:
        nesting = [c for c in starting if c.name in interruption.open_to]
        living = {c.name for c in nesting if not all(s.ends for s in reach.states(c.enters))}
        pauses = names.intersection(interruption.pauses) | back
        pauses |= {c.name for c in starting if c.name not in interruption.open_to}
        return Detour(
            interruption.name,
            interruption.enters,
            ends=sorted((others | {c.name for c in nesting}) & progressions),
            moves=sorted((others | living) - progressions - pauses),
            pauses=sorted(pauses),
        )

    return [one(interruption) for interruption in interruptions]


def ranked(scenario: Scenario, state: State) -> State:
    """The state with the centre's order of priority on its requests."""
    if not state.requests:
        return state
    return replace(state, requests=[with_rank(scenario, state, r) for r in state.requests])


def with_rank(scenario: Scenario, state: State, request: Request) -> Request:
    spec = scenario.centre.resources.get(request.resource)
    if spec is None:
        return request
    by_phase = {"infection": "infection", "toxicity": "crs"}
    by_resource = {words.CELL_BED: "infusion", words.STEP_UP_BED: "step_up"}
    reason = by_phase.get(state.marks.phase or "") or by_resource.get(request.resource)
    return request if reason is None else replace(request, rank=spec.rank(reason))  # type: ignore[arg-type]
