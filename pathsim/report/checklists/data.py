"""STRESS-DES 3, data: sources, what was done to them, inputs, assumptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pathsim.pathway.centre import UNLIMITED
from pathsim.pathway.overview import phases
from pathsim.pathway.phrases import a_number_of
from pathsim.pathway.service import Every, Resource
from pathsim.report.basis import Asked
from pathsim.report.checklists.components import families
from pathsim.report.checklists.item import Answer, points
from pathsim.report.checklists.logic import with_therapy
from pathsim.study.evidence import KINDS
from pathsim.study.told import UNPUBLISHED

DIMENSIONS = {
    "time": "times", "probability": "shares", "rate": "rates", "ratio": "odds and hazard ratios",
    "count": "counts", "frequency": "visits", "shape": "shapes of laws",
    "concentration": "levels in blood", "dose": "doses",
}  # fmt: skip
"""What a number measures -> what several are called."""


def _numbers(asked: Asked) -> list:  # type: ignore[type-arg]
    return [each.number for part in asked.evidence for each in part.numbers]


def sources(asked: Asked) -> Answer:
    numbers = _numbers(asked)
    published = {n.source for n in numbers if n.kind not in UNPUBLISHED}
    kinds = Counter(n.kind for n in numbers)
    read = Counter(n.verified for n in numbers)
    shares = ", ".join(f"{kinds[k]} {k}" for k in KINDS if kinds[k])
    how = ", ".join(f"{read[k]} {'not read' if k == 'no' else k}"
                    for k in ("full text", "abstract", "secondary", "no") if read[k])  # fmt: skip
    tables = dict.fromkeys(b.scenario.background.about.title for b in asked.bases)
    return (
        f"{len(numbers)} numbers of {a_number_of(len(published), 'published source')} ({shares}); "
        f"read in: {how}. Each stands in the section on evidence with its value, range, kind and "
        "source, and the patients or the place there; the list of sources has the DOIs.",
        f"Deaths of other causes: {'; '.join(tables)}.",
        "pathsim reads no data of single patients. What a scenario takes from an audit or from "
        "experts is cited as a source like any other.",
    )


def preprocessing(asked: Asked) -> Answer:
    return (points(_done(asked)),)


def _done(asked: Asked) -> Iterator[str]:
    each = _numbers(asked)
    derived = sum((n.note or "").startswith("derived") for n in each)
    recalled = sum((n.note or "").startswith("recalled") or n.verified == "no"
                   for n in each if n.kind != "assumption")  # fmt: skip
    calibrated = [n for n in each if n.kind == "calibrated"]
    yield (f"{derived} of {len(each)} numbers were derived from what was published; the note of "
           "each says how.")  # fmt: skip
    yield f"{recalled} were recalled or rest on what was recalled, and not read in their source."
    if calibrated:
        records = dict.fromkeys(n.where.partition(",")[0] for n in calibrated)
        yield (f"{len(calibrated)} were fitted by simulating trials; the records are "
               f"{', '.join(records)}.")  # fmt: skip
    yield "Times are counted in days, rates a day, shares as fractions; conversions are exact."
    curves = dict.fromkeys(b.scenario.curves for b in asked.bases)
    if any(curve != "as_fitted" for curve in curves):
        yield f"Laws of progression were put into another family: {', '.join(curves)}."


def inputs(asked: Asked) -> Answer:
    each = _numbers(asked)
    by = Counter(n.measures for n in each)
    many = ", ".join(f"{n} {DIMENSIONS.get(kind, kind)}" for kind, n in by.most_common())
    spread = sum(n.spread is not None for n in each)
    laws = Counter(
        family
        for therapy in asked.given
        for phase in phases(with_therapy(asked, therapy).pathway, therapy)
        for clock in {c.name: c for s in phase.states for c in s.clocks}.values()
        for family in families(clock)
    )
    by_family = ", ".join(f"{name} {n}" for name, n in laws.most_common()) or "none"
    return (
        f"{len(each)} numbers: {many}; {spread} have a range. Values, ranges and units stand in "
        "the section on evidence, all of them with their paths in scenario.yaml beside the "
        "results.",
        f"Families of laws of time, by how many clocks: {by_family}. Laws of progression were "
        "chosen for their tails by fit and plausibility (docs/curves.md); medians without a "
        "published distribution have a lognormal of assumed width.",
        points(_moving(asked)),
        _varied(asked),
    )


def _moving(asked: Asked) -> Iterator[str]:
    """What depends on time, and what goes together."""
    steps = dict.fromkeys(r.name.replace("_", " ") for b in asked.bases
                          for r in b.service.resources if _changes(r))  # fmt: skip
    launches = dict.fromkeys(f"{name} from {launch.start}" for b in asked.bases
                             for name, launch in b.scenario.launches.items())  # fmt: skip
    yield f"Capacity that changes with time: {', '.join(steps) or 'none'}."
    yield f"Therapies that come later: {', '.join(launches) or 'none'}."
    for how in dict.fromkeys(b.scenario.dependence for b in asked.bases):
        yield ("Correlation: features of a patient by odds ratios on each other; progression, "
               "death and infection by shared features" + (
                   " and two hidden ones (frailty, tempo)." if how == "as_assumed" else
                   "; the hidden ones are switched off."))  # fmt: skip


def _changes(resource: Resource) -> bool:
    given = resource.places
    if isinstance(resource.allotments, Every):
        given = resource.allotments.amount
    return isinstance(given, tuple) and len(given) > 1


def _varied(asked: Asked) -> str:
    studies = ", ".join(study.name for study in asked.studies)
    return (f"Values tried in {studies}: study.yaml and design.csv in its folder." if studies else
            "Nothing was varied but what distinguishes the strategies.")  # fmt: skip


def assumptions(asked: Asked) -> Answer:
    each = _numbers(asked)
    assumed = sum(n.kind == "assumption" for n in each)
    return (
        f"{assumed} of {len(each)} numbers are assumptions, each with a range and a reason "
        "(section on evidence).",
        points(_structural(asked)),
    )


def _structural(asked: Asked) -> Iterator[str]:
    for b in asked.bases[:1]:
        yield f"Who comes: {b.scenario.accrual.because}"
        yield f"How therapies are given unless a rule says: {b.scenario.support.because}"
    yield ("Dependence between progression, death and infection: "
           + {"as_assumed": "through features and two hidden ones, their sizes guessed.",
              "none": "through known features alone."}[asked.base.scenario.dependence])  # fmt: skip
    if asked.base.scenario.access == "settled":
        yield "Authorisation and work-up are over at the decision, as in a trial."
    free = dict.fromkeys(r.name.replace("_", " ") for b in asked.bases
                         for r in b.service.resources if r.places == UNLIMITED)  # fmt: skip
    if free:
        yield f"Without limit: {', '.join(free)}."
    yield ("Capacities and other users: the reason given for each stands under evidence, stated "
           f"with a reason ({asked.base.scenario.centre.centre}).")  # fmt: skip
    yield "What the structure leaves out: the section on limits, and docs/pathways.md."
