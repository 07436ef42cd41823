"""STRESS-DES 4, experimentation: how a run begins, how long it is, how chance is dealt with."""

from __future__ import annotations

from pathsim.outcomes.labels import listed
from pathsim.pathway.phrases import a_number_of
from pathsim.report.basis import Asked, Basis
from pathsim.report.checklists.item import Answer, points
from pathsim.report.sharing import same_patients
from pathsim.units import DAYS_PER_YEAR


def initialisation(asked: Asked) -> Answer:
    return (
        "A terminating simulation: each replication ends at the horizon, whoever is still there.",
        points(asked.each(_begins)),
    )


def _begins(b: Basis) -> str:
    day_0 = b.scenario.centre.day_0
    if b.model.warm_up:
        warm = (f"a warm-up of {b.model.warm_up:g} days is not counted; `pathsim warm-up` shows "
                "how long the service takes to fill")  # fmt: skip
    else:
        warm = "no warm-up"
    ours = ("none of our patients is under care" if day_0.empty else
            f"our patients under care are placed by a draw each ({_placed(day_0)})")  # fmt: skip
    return f"{warm}; on day 0 {b.model.day_0}, and {ours}. How many is fixed; their course is drawn"


def _placed(day_0: object) -> str:
    waiting, on = getattr(day_0, "waiting", 0), getattr(day_0, "on", {})
    parts = [f"{waiting} waiting"] if waiting else []
    return ", ".join([*parts, *(f"{n} on {name}" for name, n in on.items())])


def run_length(asked: Asked) -> Answer:
    return (
        points(
            asked.each(
                lambda b: (
                    f"{b.model.horizon:g} days ({b.model.horizon / DAYS_PER_YEAR:.1f} years) "
                    f"from {b.scenario.start_date}; {b.model.accrual}"
                )
            )
        ),
        "The unit of time is the day, a real number; events have no grid.",
    )


def estimation(asked: Asked) -> Answer:
    n, seed = asked.recorded("replications"), asked.recorded("seed")
    patients = asked.recorded("patients")
    precision = asked.result.precision
    if precision:
        first, most = precision["first_replications"], precision["most_replications"]
        why = (f"Their number was settled in two stages: {first} first, then as many as the "
               f"intervals that were asked for need, at most {most} (after Stein). Where more "
               "came, intervals of what was asked for are the wider of two stages.")  # fmt: skip
    else:
        why = ("Their number was given; whether intervals are narrow enough is seen in the table "
               "of outcomes.")  # fmt: skip
    paired = (
        f"The {a_number_of(len(asked.bases), 'strategy', 'strategies')} share all random numbers "
        "(common random numbers), and differences are paired by patient, or by replication where "
        "an outcome is not one of all patients. Where two strategies treat patients alike this "
        f"makes chance in a difference small.{_other_patients(asked)}"
        if len(asked.bases) > 1
        else "There is one strategy, so nothing is paired."
    )
    return (
        f"Independent replications: {n}, with {patients} patients in each, seed {seed}. {why} "
        "Intervals are Student's t over replications at 95 %; with one replication a mean over "
        "patients has an interval over patients, and a share Wilson's.",
        paired,
        _uncertain(asked),
    )


def _other_patients(asked: Asked) -> str:
    """Whose patients are not those of the first strategy, so that pairs are of two people."""
    strategies = asked.result.strategies
    same = same_patients(strategies) if strategies else []
    others = [name for name in strategies if name not in same]
    if not others:
        return ""
    return (f" {listed(others)}: other patients, or another time, so that a pair has the same luck "
            "and is not the same person.")  # fmt: skip


def _uncertain(asked: Asked) -> str:
    studies = [s.name for s in asked.studied("uncertainty")]
    if studies:
        return (f"What is not known of the numbers is drawn apart from chance in "
                f"{', '.join(studies)}.")  # fmt: skip
    return "What is not known of the numbers is not in these intervals."
