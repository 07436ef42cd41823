"""What the page cannot say, and what each of that could change.

Limits of pathsim, of its evidence, of the model as these strategies use it, and of this very run.
What can be counted is counted from the result; what does not apply to it is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pathsim.report.basis import Basis, asked
from pathsim.report.limits_of_run import Limit, of_run
from pathsim.report.shapes import Row, Table, heading, row
from pathsim.study.kept import Result, Study
from pathsim.study.used import can_give
from pathsim.units import DAYS_PER_YEAR

TITLE, TEMPLATE = "What this page cannot say", "limits.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows: there are always limits."""
    groups = {
        "What pathsim is": _of_pathsim(),
        "The evidence": _of_evidence(result),
        "The model": _of_model(result),
        "This run": of_run(result),
    }
    rows = [each for name, found in groups.items() for each in _rows(name, list(found))]
    table = Table("Limits, and what each could change", ("Limit", "What it could change"),
                  tuple(rows))  # fmt: skip
    return {"limits": table, "misses": _misses(result)}


def _rows(name: str, limits: list[Limit]) -> Iterator[Row]:
    if limits:
        yield heading(name)
    for limit in limits:
        yield row(limit.what, limit.could)


# --- pathsim -------------------------------------------------------------------------------------


def _of_pathsim() -> Iterator[Limit]:
    yield Limit(
        "pathsim is for planning, research and teaching. It is no medical device.",
        "Nothing here is advice on a patient: means hide whom a strategy helps and whom it harms.",
    )
    yield Limit(
        "Costs and quality of life are not valued; there is no price and no utility in the model.",
        "A strategy that looks better in days or survival may not be worth its cost.",
    )


# --- the evidence --------------------------------------------------------------------------------


def _of_evidence(result: Result) -> Iterator[Limit]:
    models = asked(result)
    if models is not None:
        found = models.evidence
        therapies = [part.name for part in found if part.part.kind == "therapies"]
        share = 100 * found.open / found.count
        yield Limit(
            f"{share:.0f} % of the {found.count} numbers used are unverified or assumed.",
            "Any outcome. Which number is the weakest, the section on evidence says.",
        )
        if len(therapies) > 1:
            yield Limit(
                f"The {len(therapies)} therapies ({', '.join(therapies)}) were not all tried "
                "against each other: their numbers come from different trials and cohorts, whose "
                "patients differ in more than the model adjusts for.",
                "Differences between strategies, their sign included. No interval here holds it.",
            )
    yield _intervals(result)
    yield _validated(result)


def _intervals(result: Result) -> Limit:
    """What intervals are over."""
    drawn = [each.name for each in result.studies if each.has("uncertainty")]
    if drawn:
        return Limit(
            f"Intervals of the run hold chance alone; those of {', '.join(drawn)} also hold what "
            "is not known of the numbers, as far as their ranges tell.",
            "Ranges that are guesses make intervals that are guesses.",
        )
    return Limit(
        "Intervals hold chance in the simulation alone: more replications make them narrower, "
        "and the evidence no better.",
        "How sure one may be is less than they look; `pathsim sweep` with a study of kind "
        "uncertainty tells by how much.",
    )


def _validated(result: Result) -> Limit:
    found = _validation(result)
    if found is None:
        return Limit(
            "No validation is among the results shown here, so how far the model is off from "
            "published trials is not on this page.",
            "Any outcome of patients; `pathsim validate` simulates every published target, and "
            "its folder can be named for this page.",
        )
    study, table = found
    judged = table[table["role"] != "reported"]
    out = judged[~judged["inside"].astype(bool)]
    checks = judged[judged["role"] == "check"]
    missed = len(checks) - checks["inside"].astype(bool).sum()
    return Limit(
        f"Of {len(judged)} published figures that the model was set beside ({study.name}), "
        f"{len(out)} {'lies' if len(out) == 1 else 'lie'} outside what was published; of the "
        f"{len(checks)} that no fit was made to meet, {missed} {'does' if missed == 1 else 'do'}. "
        "They are listed below.",
        "Outcomes of the therapies concerned, in the direction of the miss.",
    )


def _validation(result: Result) -> tuple[Study, pd.DataFrame] | None:
    for study in result.studies:
        if study.kind == "validate":
            return study, study.table("targets")
    return None


def _misses(result: Result) -> Table | None:
    """Each published figure that the model misses, as it was read from the validation."""
    from pathsim.study.validated import cells

    found = _validation(result)
    if found is None:
        return None
    table = found[1]
    out = table[(table["role"] != "reported") & ~table["inside"].astype(bool)]
    rows = [
        row(f"{each['trial']}: {cells(each)[0]}", cells(each)[1], cells(each)[3], cells(each)[4],
            "fitted to it" if each["role"] == "calibration" else "not seen by a fit")
        for _, each in out.iterrows()
    ]  # fmt: skip
    head = ("Trial and figure", "Published (interval)", "Simulated", "Off, in half-widths", "Role")
    return Table("Published figures that the model misses", head, tuple(rows)) if rows else None


# --- the model -----------------------------------------------------------------------------------


def _of_model(result: Result) -> Iterator[Limit]:
    models = asked(result)
    if models is None:
        return
    strategies = models.bases
    scenarios = [each.built.scenario for each in strategies]
    if any(s.dependence == "as_assumed" for s in scenarios):
        yield Limit(
            "Progression, death and infection depend on each other through a patient's features "
            "and two hidden ones (frailty, tempo) whose sizes are assumed.",
            "Later lines above all, and how outcomes spread; `dependence: none` shows what rests "
            "on the hidden ones.",
        )
    else:
        yield Limit(
            "Progression, death and infection depend on each other through a patient's known "
            "features alone: the hidden ones are switched off.",
            "Patients with short remissions do not tend to have short ones again; later lines "
            "look better than they may be.",
        )
    yield _extrapolated(strategies)
    given: set[str] = {scenario.therapies[name].modality
             for scenario in scenarios for name in can_give(scenario)}  # fmt: skip
    yield Limit(
        "Authorisation and work-up are delays, not queues; staff, theatres, laboratories and "
        "manufacturers have no capacity of their own.",
        "Waits are too short where these are what is scarce.",
    )
    yield Limit(
        "Risk, extramedullary disease, renal function and refractoriness stay as drawn at "
        "referral; burden rises before a therapy and does not fall again.",
        "Who is fit for which therapy in later lines.",
    )
    yield Limit(
        "Days in hospital are those of a therapy, of its toxicities and of infections. Between "
        "lines and in supportive care patients are at home: admissions for myeloma itself, and "
        "care at the end of life, are not counted.",
        "Days in hospital are too few under every strategy, most where patients die early.",
    )
    yield from _of_modalities(given)


def _extrapolated(strategies: Sequence[Basis]) -> Limit:
    families = {each.built.scenario.curves for each in strategies}
    said = ("as each was fitted" if families == {"as_fitted"}
            else f"of the family {', '.join(sorted(families))}")  # fmt: skip
    years = max(each.model.horizon for each in strategies) / DAYS_PER_YEAR
    return Limit(
        f"Laws of progression ({said}) are carried to {years:.1f} years; what lies beyond the "
        "follow-up of the trials is extrapolation.",
        "Survival late in the run, most of all after CAR T; `curves` puts another family in their "
        "place.",
    )


def _of_modalities(given: set[str]) -> Iterator[Limit]:
    """What is left out of the kinds of therapy that these strategies give."""
    if "car_t" in given:
        yield Limit(
            "CAR T: a patient who waits for a bed after lymphodepletion is not prepared again, and "
            "a second attempt at manufacture fails by one share whatever was given before.",
            "Losses before infusion where beds are short.",
        )
    if "bispecific" in given:
        yield Limit(
            "Bispecifics: a later step-up has no CRS or ICANS, and after stopping no serious "
            "infection of the drug is counted.",
            "Bed days and infections of those who start again or stop are too few.",
        )
    if "regimen" in given:
        yield Limit(
            "Standard regimens are averages of what is given in practice, not single drugs.",
            "What a particular drug does after these therapies.",
        )
