"""The names that the pathways of therapies share: variables, clocks, places, ends of life.

The templates write these, outcomes and stories show them; one place, so that they are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathsim.pathway.pathway import Marks, State

# --- where a life in the model ends ---
OTHER_CAUSES = "died of other causes"
OF_MYELOMA = "died of myeloma"
OF_TREATMENT = "died of treatment"
OF_INFECTION = "died of infection"
OF_CANCER = "died of second cancer"

_DEATHS = {
    OTHER_CAUSES: "background_death",
    OF_MYELOMA: "relapse_death",
    OF_TREATMENT: "excess_death",
    OF_INFECTION: "infection_death",
    OF_CANCER: "second_cancer",
}


def deaths() -> list[State]:
    """The terminal states, one a cause."""
    return [
        State(name, ends=True, marks=Marks(phase="dead", treated=False, tags=("dead", tag)))
        for name, tag in _DEATHS.items()
    ]


# --- between therapies ---
STRATEGY = "strategy"
FURTHER_LINE = "further line"
BETWEEN = "between lines"
PROGRESSED = "progressed"
SUPPORTIVE = "supportive care"
SUPPORTIVE_AFTER = "supportive care after progression"

# --- what a patient carries, beyond the features of the population ---
BIRTH = "birth"
REFERRAL = "referral"
RELAPSE = "relapse"
PRIOR_LINES = "prior lines"
LINE = "line"
LINES_HERE = "lines here"
LAST_THERAPY = "last therapy"
LAST_RESPONSE = "last response"
LAST_LASTED = "last lasted"
STOPPED = "stopped in response"
BRIDGING_RESPONSE = "bridging response"
INFECTED = "had serious infection"
WASHOUT = "washout days"
HOLD = "days without bispecific"
BISPECIFIC = "bispecific"
ALKYLATOR = "alkylator"
EARLIER_BISPECIFIC = "target of earlier bispecific"
RECENT = {BISPECIFIC: "recent bispecific", ALKYLATOR: "recent alkylator"}
NOT_TESTED = "not_tested"
NO_THERAPY = "none"
NOT_ASSESSED = "not_assessed"

# --- the strategy's options for the therapy under way ---
BRIDGING = "bridging"
SITE = "site"
PROPHYLAXIS = "tocilizumab prophylaxis"
IVIG = "ivig"
FIXED = "fixed duration"
PREVENTION = "infection prophylaxis"
DEXAMETHASONE = "dexamethasone by lymphocytes"
FEWER = "rule for fewer doses"
STEP_UP_AGAIN = "gap for a full step-up"
HOLD_DOSES = "doses held back for infection"
ON_TOXICITY = "answer to toxicity"

IVIG_POLICIES = ("primary", "low_igg", "after_infection", "triggered", "none")
RESPONSES = ("cr", "vgpr", "pr", "none")

# --- clocks of the disease that all therapies share ---
DEATH_WAITING = "death while waiting"
DEATH_BETWEEN = "death between lines"
PROGRESSION_WAITING = "progression while waiting"
LOSS_OF_FITNESS = "loss of fitness"
BACKGROUND = "background death"

# --- resources ---
CHAIR = "apheresis_chair"
CELL_BED = "cell_therapy_bed"
WARD = "ward_bed"
ICU = "icu_bed"
STEP_UP_BED = "step_up_bed"
CLINIC = "clinic"
PLACES = (CHAIR, CELL_BED, WARD, ICU, STEP_UP_BED, CLINIC)


def slots(therapy: str) -> str:
    """The name of a product's manufacturing slots."""
    return f"slots/{therapy}"


def last(what: str) -> str:
    """The moment of the last exposure to a therapy or target."""
    return f"last {what}"


def before(target: str) -> str:
    """Exposure to a target before the therapy under way: never, recent or past."""
    return f"{target} before"


def ended(target: str) -> str:
    """How the last therapy against a target ended: never, progression or response."""
    return f"{target} ended"


def ended_before(target: str) -> str:
    """How therapy against a target had ended before the therapy under way."""
    return f"{target} ended before"


def antigen(target: str) -> str:
    """Whether the disease carries a target, hidden: present or lost."""
    return f"{target} antigen"


def antigen_found(target: str) -> str:
    """What the last test for a target found: not_tested, present or lost."""
    return f"{target} antigen found"


def chance(rule: str, part: Sequence[str | int] = ()) -> str:
    """Whether a rule's share has the patient in it; `part` is where in the rule it stands."""
    return " ".join(("chance of", rule, *(str(step).replace("_", " ") for step in part)))


def refractory(what: str) -> str:
    """Whether the disease progressed on a therapy or target."""
    return f"refractory to {what}"


def given(therapy: str) -> str:
    """How many times a therapy was started here."""
    return f"times given {therapy}"


def gave_up(therapy: str) -> str:
    """Whether the plan for this therapy was given up in this line."""
    return f"gave up {therapy}"


def start(therapy: str) -> str:
    """The moment of infusion or first dose of the therapy's last course."""
    return f"start of {therapy}"


def stepped(therapy: str) -> str:
    """The moment when the last step-up began."""
    return f"{therapy} step-up since"


def response(therapy: str) -> str:
    """Best response to the therapy, drawn at its start, hidden."""
    return f"{therapy} response"


def assessed(therapy: str) -> str:
    """The response to the therapy as known from its assessment on."""
    return f"{therapy} assessed"


def best_response(therapy: str) -> str:
    """The choice that tells the log which response was found at the assessment."""
    return f"{therapy} best response"


def bridging_found(therapy: str) -> str:
    """The choice that tells the log which response bridging brought."""
    return f"{therapy}: response to bridging"


def responded(therapy: str) -> str:
    """The moment when a response to the therapy was first known."""
    return f"{therapy} responded"


def low_igg(therapy: str) -> str:
    """Whether low IgG will come on this therapy and be found; hidden."""
    return f"{therapy} low IgG"


def unanswered(therapy: str) -> str:
    """Whether a serious infection has not yet been considered for immunoglobulin."""
    return f"{therapy} infection unanswered"


def peak(therapy: str) -> str:
    """Whether lymphocytes peak high after infusion, hidden."""
    return f"{therapy} lymphocyte peak"


def measured_peak(therapy: str) -> str:
    """The peak of lymphocytes as measured."""
    return f"{therapy} lymphocytes as measured"


def dexamethasone(therapy: str) -> str:
    """Whether dexamethasone was given for a high peak of lymphocytes."""
    return f"{therapy} dexamethasone given"


def low_counts(therapy: str) -> str:
    """Whether counts are low, weeks after infusion."""
    return f"{therapy} low counts"


def fewer(therapy: str) -> str:
    """Whether doses were made fewer for a toxicity of the drug itself."""
    return f"{therapy} fewer doses for toxicity"


def delayed(therapy: str) -> str:
    """The moment since which doses are held back."""
    return f"{therapy} doses held back since"
