"""What a target may ask for: a closed list of outcomes, each in words.

Read by `targets`, which checks that one is asked for sensibly, and by `outcomes.endpoints`,
which measures them. Knows no target.
"""

from typing import Literal

EVENT_FREE: dict[str, str] = {
    "progression_free_survival": "neither progressed nor dead",
    "overall_survival": "alive",
    "duration_of_response": "of those who responded, neither progressed nor dead",
    "time_to_next_treatment": "alive, and on no further line of treatment",
    "free_of_relapse": "not progressed; deaths are censored",
}
"""Shares that are free of an event at a time, or the median time until it."""

SHARES: dict[str, str] = {
    "started": "infused, or given the first dose",
    "died": "dead",
    "died_before_start": "dead before the therapy on trial, with no other one begun",
    "progressed_or_died_before_start": "the same, or progressed while it was awaited",
    "non_relapse_death": "dead after the start with no progression since",
    "overall_response": "partial response or better, as assessed",
    "vgpr_or_better": "very good partial response or better, as assessed",
    "complete_response": "complete response, as assessed",
    "bridged": "bridged",
    "bridging_response": "of the bridged, partial response or better to bridging",
    "crs": "CRS of any grade",
    "crs_grade3": "CRS of grade 3 or more",
    "icans": "ICANS of any grade",
    "icans_grade3": "ICANS of grade 3 or more",
    "iec_hs": "IEC-HS",
    "delayed_neurotoxicity": "delayed neurotoxicity",
    "cranial_nerve_palsy": "cranial nerve palsy",
    "enterocolitis": "enterocolitis",
    "second_cancer": "a second cancer",
    "icu": "in intensive care",
    "serious_infection": "a first infection of grade 3 or more on the therapy",
    "low_igg": "IgG found low",
    "ivig": "immunoglobulin given",
    "fewer_doses": "moved to a rarer rhythm of doses",
    "manufacturing_failure": "a first product that could not be made",
    "out_of_specification": "a product outside its specification",
    "crossover": "given the therapy named in `therapy`",
}
"""Shares to whom something has happened by a time, or ever."""

DELAYS: dict[str, str] = {
    "apheresis_to_infusion": "from the first apheresis to the start",
    "decision_to_start": "from the decision for the therapy to its start",
    "start_to_first_serious_infection": "from the start to the first serious infection, if any",
    "start_to_low_igg": "from the start to low IgG, if any",
}
"""Median times between two things, of those who have both (the second by `at`, if it is given)."""

COMPARISONS: dict[str, str] = {"hazard_ratio": "the arm's hazard over that of the arm `against`"}

OUTCOMES: dict[str, str] = {**EVENT_FREE, **SHARES, **DELAYS, **COMPARISONS}
"""Every outcome that a target may ask for, in words."""

Outcome = Literal[
    "progression_free_survival", "overall_survival", "duration_of_response",
    "time_to_next_treatment", "free_of_relapse",
    "started", "died", "died_before_start", "progressed_or_died_before_start",
    "non_relapse_death", "overall_response", "vgpr_or_better", "complete_response", "bridged",
    "bridging_response", "crs", "crs_grade3", "icans", "icans_grade3", "iec_hs",
    "delayed_neurotoxicity", "cranial_nerve_palsy", "enterocolitis", "second_cancer", "icu",
    "serious_infection", "low_igg", "ivig", "fewer_doses", "manufacturing_failure",
    "out_of_specification", "crossover",
    "apheresis_to_infusion", "decision_to_start", "start_to_first_serious_infection",
    "start_to_low_igg",
    "hazard_ratio",
]  # fmt: skip
