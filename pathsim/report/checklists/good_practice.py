"""ISPOR-SMDM good practice: what the task forces ask of a model, as far as a run can answer.

Sources, and what was read of each. The generic checklist of Zhang, Lhachimi and Rogowski (Value
Health 2020; 23: 506), which was made from the task forces' reports for discrete-event simulation:
its 18 items, in a published copy. Karnon 2012 (DES, task force 4), Briggs 2012 (parameters and
uncertainty, 6) and Eddy 2012 (transparency and validation, 7): their abstracts; the numbered
recommendations in the papers were not read. All wording is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathsim.report.basis import Asked, kind_of
from pathsim.report.checklists.item import Checked

MET, PARTLY, NOT = "answered", "partly", "not by a run"
ONE_WAY, DRAWN = ("one_way", "morris", "sobol_indices"), ("uncertainty", "latin_hypercube", "sobol")

READ = (
    "Zhang, Lhachimi and Rogowski, Value Health 2020; 23: 506 (doi 10.1016/j.jval.2020.01.005): 18 "
    "items made from the task forces' reports; all items read, in a published copy",
    "Karnon and others, Med Decis Making 2012; 32: 701 (doi 10.1177/0272989X12455462), "
    "discrete-event simulation: abstract read; the items K name the stages that it covers, with "
    "points recalled",
    "Briggs and others, Med Decis Making 2012; 32: 722 (doi 10.1177/0272989X12458348), parameters "
    "and uncertainty: abstract read",
    "Eddy and others, Med Decis Making 2012; 32: 733 (doi 10.1177/0272989X12454579), transparency "
    "and validation: abstract read",
)
"""What the items rest on, and how much of it was read."""


@dataclass(frozen=True)
class Shown:
    """What of a result bears on the items."""

    sensitivity: str
    uncertainty: str
    validation: str
    structures: str


def shown(asked: Asked) -> Shown:
    """Names of the studies beside the run, by what they show; empty where there is none."""

    def named(*kinds: str) -> str:
        return ", ".join(study.name for study in asked.studies if kind_of(study) in kinds)

    structures = ", ".join(s.name for s in asked.studies if len(s.record.get("structures", ())) > 1)
    return Shown(named(*ONE_WAY), named(*DRAWN), named("validate"), structures)


def checked(asked: Asked) -> dict[str, tuple[Checked, ...]]:
    """Each list with its items answered, in order."""
    found = shown(asked)
    return {
        "Z: reporting checklist for discrete-event simulation in health care (Zhang 2020)": tuple(
            _zhang(asked, found)
        ),
        "K: discrete-event simulation (Karnon 2012)": tuple(_karnon(asked, found)),
        "B: parameters and uncertainty (Briggs 2012)": tuple(_briggs(asked, found)),
        "E: transparency and validation (Eddy 2012)": tuple(_eddy(asked, found)),
    }


def _sensitivity(found: Shown) -> tuple[str, str]:
    if found.sensitivity:
        return MET, f"Studies: {found.sensitivity}"
    return NOT, "No sensitivity study is among these results; `pathsim sweep` makes one"


def _uncertainty(found: Shown) -> tuple[str, str]:
    if found.uncertainty:
        return MET, f"Studies: {found.uncertainty}"
    return PARTLY, (
        "Each number has its range (Evidence); they are not carried through to the outcomes here"
    )


def _external(found: Shown) -> tuple[str, str]:
    if found.validation:
        return MET, f"{found.validation}: targets simulated and published; misses under Limits"
    return PARTLY, (
        "Efficacy is fitted to trials (STRESS 3.2); no validation is among these results"
    )


def _zhang(asked: Asked, found: Shown) -> Iterator[Checked]:
    base, given = asked.base.scenario, ", ".join(asked.given) or "none"
    horizon = f"{asked.base.model.horizon:g} days"
    many = len(asked.bases)
    used = asked.evidence
    open_ = 100 * used.open / max(used.count, 1)
    yield Checked("Z1", "Decision problem", MET, f"STRESS 1.1: {base.title}")
    yield Checked(
        "Z2", "Setting or health condition", MET, f"{base.population.title}; {base.centre.title}"
    )
    yield Checked("Z3", "Structure of the model", MET, "STRESS 2.1 to 2.5, drawn and in words")
    yield Checked("Z4", "Time horizon", MET, f"STRESS 4.2: {horizon}")
    yield Checked(
        "Z5",
        "Strategies compared",
        MET if many > 1 else PARTLY,
        f"Strategies; STRESS 1.3: {asked.names}; therapies: {given}",
    )
    yield Checked("Z6", "Target population", MET, "STRESS 2.5.1, with the share of each feature")
    yield Checked("Z7", "Data sources", MET, f"Evidence: {used.count} numbers with their sources")
    yield Checked("Z8", "Parameters", MET, "Evidence, every number; scenario.yaml")
    yield Checked("Z9", "Uncertainty of parameters", *_uncertainty(found))
    yield Checked("Z10", "Sensitivity analyses", *_sensitivity(found))
    yield Checked(
        "Z11",
        "Face validity, by outsiders",
        NOT,
        "People must judge it; `pathsim show` and `trace` give them what to read",
    )
    yield Checked(
        "Z12",
        "Cross validation with other models",
        NOT,
        "Another model of the same question is needed",
    )
    yield Checked("Z13", "External validation", *_external(found))
    yield Checked("Z14", "Predictive validation", NOT, "The years that are simulated are to come")
    yield Checked(
        "Z15",
        "Generalisability",
        PARTLY,
        f"Holds for {base.region} and this centre; population, centre and rules are "
        "files that another service replaces",
    )
    yield Checked("Z16", "Stakeholders involved", NOT, "The authors of a study must say")
    yield Checked("Z17", "Funding", NOT, "The authors of a study must say")
    yield Checked(
        "Z18", "Limitations", MET, f"Limits; {open_:.0f} % of the numbers unverified or assumed"
    )


def _karnon(asked: Asked, found: Shown) -> Iterator[Checked]:
    shared = len(asked.base.service.resources)
    yield Checked(
        "K1",
        "Structural development: why this kind of model",
        MET,
        f"Patients share {shared} resources, and waiting changes what they come to; a "
        "cohort model has neither",
    )
    yield Checked(
        "K2",
        "Structural development: other structures tried",
        MET if found.structures else PARTLY,
        f"Studies: {found.structures}"
        if found.structures
        else "Families of curves and dependence can be changed (`curves`, `dependence`); "
        "here they were not",
    )
    yield Checked(
        "K3",
        "Parameter estimation: times to events, competing and correlated",
        MET,
        "STRESS 3.2, 3.3: laws fitted by simulated trials, competing clocks, hidden "
        "features that tie them",
    )
    yield Checked(
        "K4",
        "Implementation: software, random numbers, less chance in differences",
        MET,
        f"STRESS 5.1 to 5.3: engine {asked.recorded('engine')}, common random numbers, "
        f"seed {asked.recorded('seed')}",
    )
    yield Checked(
        "K5",
        "Analysis: enough patients and replications, warm-up",
        MET,
        f"STRESS 4.1, 4.3: {asked.recorded('replications')} replications; intervals "
        "with every mean",
    )
    yield Checked(
        "K6",
        "Reporting: general structure drawn, detail at hand, animation",
        MET,
        "STRESS 2.1; `pathsim show` for the detail, `pathsim animate` for an animation",
    )


def _briggs(asked: Asked, found: Shown) -> Iterator[Checked]:
    n = asked.recorded("replications")
    yield Checked(
        "B1",
        "Chance between patients told apart",
        MET,
        f"Intervals over {n} replications hold chance alone, and say so",
    )
    yield Checked(
        "B2",
        "Heterogeneity told apart",
        MET,
        f"{len(asked.base.scenario.population.features)} features of a patient (STRESS 2.5.1)",
    )
    yield Checked(
        "B3",
        "Estimate and uncertainty of a parameter from one process",
        PARTLY,
        "So for fitted numbers; others have the published or an assumed range",
    )
    yield Checked("B4", "One-way sensitivity analysis", *_sensitivity(found))
    yield Checked("B5", "Probabilistic analysis", *_uncertainty(found))
    yield Checked(
        "B6",
        "Structural uncertainty",
        MET if found.structures else PARTLY,
        f"Studies: {found.structures}"
        if found.structures
        else f"Stated (Limits); curves {asked.base.scenario.curves}, dependence "
        f"{asked.base.scenario.dependence}".replace("_", " "),
    )
    yield Checked(
        "B7",
        "Decision uncertainty: acceptability curves, value of information",
        NOT,
        "Costs and utilities are not valued",
    )


def _eddy(asked: Asked, found: Shown) -> Iterator[Checked]:
    yield Checked(
        "E1",
        "A description for anyone: purpose, structure, inputs, results, limits",
        MET,
        "This page, but for funding, which the authors of a study must add",
    )
    yield Checked(
        "E2",
        "Technical documentation from which it can be built again",
        MET,
        f"docs/law.md, scenario.yaml, seed {asked.recorded('seed')}; the code is open (STRESS 6.1)",
    )
    yield Checked("E3", "Face validity", NOT, "As Z11")
    yield Checked(
        "E4",
        "Verification",
        PARTLY,
        "Two engines give the same events; tests set them beside closed forms. They run "
        "with the project, not with this run; `pathsim verify` does it for a scenario",
    )
    yield Checked("E5", "Cross validity", NOT, "As Z12")
    yield Checked(
        "E6", "External validity, sources that fits have seen told apart", *_external(found)
    )
    yield Checked("E7", "Predictive validity", NOT, "As Z14")
