"""STRESS-DES 1, objectives: why the model was made, what it gives, what was tried with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pathsim.outcomes.dictionary import OUTCOMES
from pathsim.pathway.phrases import a_number_of
from pathsim.report.basis import Asked, design_of, kind_of
from pathsim.report.checklists.item import Answer, Folded, points
from pathsim.report.shapes import Table, row
from pathsim.study.kept import Study


def purpose(asked: Asked) -> Answer:
    return (
        "To see what an order of therapies gives patients with relapsed or refractory myeloma, "
        "and what it costs the service whose slots, beds and chairs they share. The question of "
        "each scenario:",
        points(f"{b.name}: {b.scenario.title} ({b.scenario.strategy.title})" for b in asked.bases),
        f"Patients: {asked.base.scenario.population.title}. Service: "
        f"{asked.base.scenario.centre.title}. Region {asked.base.scenario.region}; day 0 is "
        f"{asked.base.scenario.start_date}.",
    )


def outputs(asked: Asked) -> Answer:
    table = asked.result.outcomes
    if not len(table):
        files = ", ".join(study.name for study in asked.studies)
        return (f"The outcomes of {files} stand in its tables; README.txt in its folder tells "
                "each of them.",)  # fmt: skip
    names = list(dict.fromkeys(table["outcome"]))
    rows = tuple(
        row(said, many, told)
        for said, shape, told in _shapes()
        if (many := sum(shape.search(name) is not None for name in names))
    )
    over = ", ".join(dict.fromkeys(table["interval"].dropna().astype(str)))
    return (
        f"{len(names)} outcomes, made from the event log after each replication has ended. A mean "
        "is over replications of what each replication has; its 95 % interval is Student's t, "
        f"clipped to what can be, over: {over}. Differences are taken patient by patient under "
        "the same luck, where the patients are the same under both.",
        Folded(
            f"How each of the {len(names)} outcomes is defined",
            Table("Outcomes", ("Outcome", "Rows", "Definition"), rows),
        ),
    )


def _shapes() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Each outcome of the dictionary, with what finds it among the names of a table."""
    for said, told in OUTCOMES.items():
        first = said.split(" / ")[0]
        shape = re.sub(r"\b[A-Z]{3,}\b|\bN\b", "~", first)
        yield (
            said,
            re.compile(re.escape(shape).replace(re.escape("~"), ".+").replace("~", ".+")),
            told,
        )


def aims(asked: Asked) -> Answer:
    many = len(asked.bases)
    compared = (
        f"Scenario analysis: {a_number_of(many, 'strategy', 'strategies')} compared; "
        f"{asked.base.name} is the base."
        if many > 1
        else f"Scenario analysis: one strategy, {asked.base.name}; nothing is compared."
    )
    rules = points(
        f"{b.name}: {'; '.join(f'{r.name} gives {r.give}' for r in b.scenario.strategy.rules)}"
        for b in asked.bases
    )
    designs = [_design(study) for study in asked.studies if design_of(study)]
    designed = ("Design of experiments: " + " ".join(designs) if designs else
                "No design of experiments is among these results: nothing but the strategy was "
                "varied.")  # fmt: skip
    sized = [study.name for study in asked.studies if kind_of(study) == "size"]
    best = (f"Optimisation: {', '.join(sized)} looked for the least capacities that keep their "
            "promises; every candidate and its bound stands in its tables." if sized else
            "No optimisation is among these results.")  # fmt: skip
    return compared, rules, designed, best


def _design(study: Study) -> str:
    asked = design_of(study)
    design = asked.get("design", {})
    fields = [str(each.get("path", each)) if isinstance(each, dict) else str(each)
              for each in (design.get("vary") or []) if each]  # fmt: skip
    of = f" of {', '.join(fields)}" if fields and not isinstance(design.get("vary"), str) else ""
    sets = study.record.get("sets")
    tried = f", {sets} sets of values" if sets else ""
    return f"{study.name} ({kind_of(study).replace('_', ' ')}{tried}{of}): {asked.get('title', '')}"
