"""How a therapy is given, in words: the options of a rule, and those of a scenario's `support`.

Called by `rule_words`. Knows the written options alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from pathsim.inputs.quantity import Span
from pathsim.inputs.scenario import Support
from pathsim.inputs.strategy import Options, Stopping, Thinning
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

WORDS: Mapping[str, Mapping[object, str]] = {
    "bridging": {"default": "usual bridging", "none": "no bridging"},
    "site": {"inpatient": "in a bed", "outpatient": "as an outpatient"},
    "tocilizumab_prophylaxis": {True: "tocilizumab beforehand", False: "no tocilizumab beforehand"},
    "infection_prophylaxis": {True: "infections prevented", False: "no prevention of infection"},
    "ivig": {
        "primary": "immunoglobulin from month 1-2",
        "low_igg": "immunoglobulin if IgG is low",
        "after_infection": "immunoglobulin after a severe infection",
        "triggered": "immunoglobulin if IgG is low or after a severe infection",
        "none": "no immunoglobulin",
    },
    "dexamethasone_by_lymphocytes": {
        True: "dexamethasone if lymphocytes peak high",
        False: "no dexamethasone by lymphocytes",
    },
    "fixed_duration": {True: "for a fixed duration", False: "until progression"},
    "fewer_doses": {"label": "fewer doses as the label says", "never": "never fewer doses"},
    "hold_doses": {
        True: "doses held back in infection and low counts",
        False: "doses never held back",
    },
    "on_toxicity": {
        "as_practised": "toxicity answered as practised",
        "go_on": "on through toxicity",
        "fewer_doses": "fewer doses for toxicity",
        "fewer_doses_then_stop": "fewer doses for toxicity, then stop",
        "stop": "stop for toxicity",
    },
}
TIMES = {
    "hold_before_apheresis": "{} without a bispecific before cells",
    "washout": "{} of washout",
    "step_up_again_after": "step-up again after a gap of {}",
}


def how_given(options: Options) -> str:
    """The options that are given, in words; empty where none is."""
    return "; ".join(phrase(name, getattr(options, name)) for name in options.said)


def usually_given(support: Support) -> str:
    """What a scenario's `support` says other than the usual; empty where it says nothing."""
    usual = Support()
    names = [n for n in Options.model_fields if getattr(support, n) != getattr(usual, n)]
    return "; ".join(phrase(name, getattr(support, name)) for name in names)


def phrase(name: str, asked: object) -> str:
    """One option in words."""
    if isinstance(asked, Stopping):
        return f"stopped {when(asked)}"
    if isinstance(asked, Thinning):
        held = f", held for {lasting(asked.sustained.days)}" if asked.sustained.days else ""
        return f"fewer doses {when(asked)}{held}"
    if isinstance(asked, Span):
        return TIMES[name].format(lasting(asked.days))
    return WORDS[name].get(asked, f"{name.replace('_', ' ')} {asked}")


def when(plan: Stopping | Thinning) -> str:
    """From when on, with which response."""
    if plan.response == "any":
        return f"after {lasting(plan.after.days)}"
    word = "CR" if plan.response == "cr" else f"{plan.response.upper()} or better"
    return f"after {lasting(plan.after.days)} with {word}"


def lasting(days: float) -> str:
    """A stretch of time in years or months where these are whole, in days otherwise."""
    for unit, length in (("year", DAYS_PER_YEAR), ("month", DAYS_PER_MONTH)):
        many = days / length
        if many >= 1 and abs(many - round(many)) < 1e-9:
            return f"{round(many)} {unit}{'' if round(many) == 1 else 's'}"
    return f"{days:g} day{'' if days == 1 else 's'}"
