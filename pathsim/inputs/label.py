"""What the label of a therapy allows, judged for a rule before anything is simulated.

Called by `agreement`. Knows indications and the history that all patients share; no patient.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from pathsim.inputs.efficacy import Indication, TherapyCommon
from pathsim.inputs.scenario import History


@dataclass(frozen=True)
class Circumstances:
    """Where and when a rule is used, and what is known of everyone who comes to it.

    `prior_lines` is the least number of earlier lines that any of them can have.
    """

    region: str
    since: datetime.date
    until: datetime.date
    prior_lines: int
    history: History


def outside_label(therapy: TherapyCommon, here: Circumstances) -> str | None:
    """Why the label does not allow the therapy for all of them; None if it does.

    A therapy without any indication, such as a regimen of old drugs, is not limited.
    """
    if not therapy.indication:
        return None
    in_force = list(_in_force(therapy.indication, here))
    if not in_force:
        return f"{therapy.name} has no label in the {here.region}"
    if in_force[0].since > here.since:
        return f"{therapy.name} has no label in the {here.region} before {in_force[0].since}"
    found = (_lacking(indication, here) for indication in in_force)
    return next((f"the label of {therapy.name} asks for {why}" for why in found if why), None)


def _in_force(indications: Iterable[Indication], here: Circumstances) -> Iterable[Indication]:
    """The region's entries that hold at some time of the rule's use, in order of date."""
    ours = sorted((i for i in indications if i.region == here.region), key=lambda i: i.since)
    begun = [i for i in ours if i.since <= here.since]
    return [*begun[-1:], *(i for i in ours if here.since < i.since < here.until)]


def _lacking(indication: Indication, here: Circumstances) -> str | None:
    """What an indication asks for that not all of the patients have."""
    lines = int(indication.min_prior_lines.base)
    if here.prior_lines < lines:
        return f"{lines} or more earlier lines"
    exposed = {*here.history.exposed_to, *here.history.refractory_to}
    for drugs, having, word in (
        (indication.exposed_to, exposed, "exposure"),
        (indication.refractory_to, {*here.history.refractory_to}, "refractoriness"),
    ):
        if missing := [drug for drug in drugs if drug not in having]:
            return f"{word} to {' and '.join(missing)}, which 'history' does not state"
    return None
