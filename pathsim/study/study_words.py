"""A study in words: what is varied over what, in how many sets and jobs, and how long it may take.

Called by `pathsim sweep` and `pathsim size` before they begin, and by `pathsim show`.
"""

from __future__ import annotations

from pathlib import Path

from pathsim.errors import InputError, Problem
from pathsim.inputs.resolve import resolve
from pathsim.inputs.vary import Field, field_of, paths
from pathsim.pathway.phrases import a_number_of
from pathsim.study.beside import processors
from pathsim.study.design import Factor
from pathsim.study.designs.kinds import has_sets
from pathsim.study.effort import SECONDS, arrivals
from pathsim.study.glance import value_told
from pathsim.study.size import Sizing, sizing_of
from pathsim.study.sizing.lattice import Axis
from pathsim.study.sizing.words import limit
from pathsim.study.studies import study_asked
from pathsim.study.sweep import Plan, plan_of

PARTS = ("mapping", "law", "list")
"""Kinds of field that are made of others, and are not told by one value."""
WORDS = ("title", "because", "basis", "note", "name")
"""Fields that only tell."""
SHOWN = 12
"""So many factors are told one by one."""
KINDS = {
    "grid": "every combination",
    "one_way": "one field at a time",
    "latin_hypercube": "a Latin hypercube",
    "sobol_sequence": "a Sobol sequence",
    "uncertainty": "all drawn anew",
    "sobol_indices": "for Sobol's indices",
    "morris": "for Morris's effects",
}
"""Kind of design -> what it is called; others go by their own name."""


def words_of(path: Path) -> list[str]:
    """A study from its file; raises InputError."""
    loaded = study_asked(path)
    if has_sets(loaded.study):
        return study_words(plan_of(loaded))
    return [*size_words(sizing_of(loaded)), f"Carry it out: pathsim size {path}"]


def size_words(sizing: Sizing) -> list[str]:
    """What is looked for, among how many capacities, and how sure to be."""
    study, rule, lattice = sizing.study, sizing.rule, sizing.lattice
    people = "" if study.patients is None else f" of {a_number_of(study.patients, 'patient')}"
    promised = "; ".join(f"{p.outcome}, {limit(p)}" for p in sizing.promises)
    among = ", ".join(_between(axis) for axis in lattice.axes)
    size = a_number_of(lattice.size, "capacity", "capacities")
    return [
        f"{study.study}: {study.title}",
        f"In {sizing.scenario.name}: {among}; {size}.",
        f"Promised: {promised}; confidence {100 * rule.confidence:g} %.",
        f"Each capacity that is looked at has {rule.told}{people}; how many are looked at, the "
        "search itself shows.",
    ]


def _between(axis: Axis) -> str:
    """The range of a capacity: `4 to 12 cell therapy beds in steps of 2`."""
    values = axis.values
    if len(values) == 1:
        return axis.words(values[0])
    step = values[1] - values[0]
    steps = f" in steps of {step:g}" if step != 1 and len(values) > 2 else ""
    if not axis.many:
        return f"{axis.words(values[0])} to {values[-1]:g}{steps}"
    return f"{values[0]:g} to {axis.words(values[-1])}{steps}"


def field_words(path: Path, part: str) -> list[str]:
    """The fields of a scenario that a study can change whose path has this in it: one a line, with
    what stands there now and the spread of a number; InputError where there is none."""
    scenario = resolve(path)
    found = [field_of(scenario, each) for each in paths(scenario) if part.lower() in each.lower()]
    kept = [f for f in found if f.kind not in PARTS and f.path.split(".")[-1] not in WORDS]
    if not kept:
        remedy = "ask for less of it, such as 'bed', or for '.'"
        raise InputError(
            Problem(scenario.name, 1, "", f"no field has '{part}' in its path", remedy)
        )
    return [_field_words(field) for field in kept]


def _field_words(field: Field) -> str:
    value = f"{field.value:.6g}" if isinstance(field.value, float) else str(field.value)
    value = "not set" if field.value is None else value
    unit = f" {field.unit}" if field.unit else ""
    spread = f" ({field.low:g} to {field.high:g})" if field.low is not None else ""
    return f"{field.path}: {value}{unit}{spread}"


def plan_words(plan: Plan) -> list[str]:
    """In a line or two: sets, scenarios, structures and runs; and what is left out."""
    study, design = plan.study, plan.design
    kind = KINDS.get(design.kind, design.kind.replace("_", " "))
    fields = a_number_of(len(design.factors), "field")
    parts = [
        f"{a_number_of(len(design), 'set')} of {fields}, {kind},",
        a_number_of(len(plan.scenarios), "scenario"),
        a_number_of(len(study.every_structure), "structure"),
        a_number_of(study.replications, "replication"),
    ]
    people = "" if study.patients is None else f" of {a_number_of(study.patients, 'patient')}"
    runs = a_number_of(plan.runs, "run")
    return [f"{study.title} {' x '.join(parts)}: {runs}{people}.", *design.left_out]


def study_words(plan: Plan) -> list[str]:
    """All that is worth knowing of a study before it is run."""
    study, factors = plan.study, plan.design.factors
    lines = [study.study.upper(), *plan_words(plan), ""]
    lines.append("SCENARIOS: " + ", ".join(scenario.name for scenario in plan.scenarios))
    if study.structures:
        lines.append("STRUCTURES: " + ", ".join(study.every_structure))
    lines += ["", "FIELDS"]
    lines += [f"  {_factor_words(plan, place, f)}" for place, f in enumerate(factors[:SHOWN])]
    if len(factors) > SHOWN:
        lines.append(f"  ... and {len(factors) - SHOWN} more")
    return [*lines, "", f"{a_number_of(len(plan.jobs), 'job')}, {_time(plan)}."]


def _factor_words(plan: Plan, place: int, factor: Factor) -> str:
    """A factor with its unit, its values or their range in the sets, and its path."""
    if plan.design.wide:
        return f"{factor.name}: now {value_told(factor, factor.base)} {factor.unit}; {factor.path}"
    values = {value_told(factor, row[place]): row[place] for row in plan.design.sets[:1000]}
    values.pop("as it is", None)
    told = ", ".join(values) if len(values) <= 6 else _range(factor, list(values.values()))
    unit = f" {factor.unit}" if factor.unit else ""
    own = value_told(factor, factor.base)
    return f"{factor.name}: {told}{unit} (now {own}); {factor.path}"


def _range(factor: Factor, values: list[float]) -> str:
    if factor.kind not in ("whole", "number"):
        return f"{len(values)} values"
    return f"{value_told(factor, min(values))} to {value_told(factor, max(values))}"


def _time(plan: Plan) -> str:
    """A guess of how long it takes on this machine."""
    seconds = sum(
        SECONDS[plan.engine] * arrivals(model) for model in plan.models
    ) * len(plan.design) * len(plan.study.every_structure) * plan.study.replications  # fmt: skip
    minutes = seconds / processors() / 60
    guess = "under a minute" if minutes < 1 else f"about {minutes:.0f} minutes"
    if minutes >= 100:
        guess = f"about {minutes / 60:.0f} hours"
    return f"{guess} on the {processors()} processors of this machine"
