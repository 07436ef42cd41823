"""The rules of a strategy in words: for whom, what is given, how, and why.

Called by `showing` and by the report. Knows what people wrote: neither the law nor a pathway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pathsim.inputs.conditions import TARGETS, Calendar, Given, Since, When
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.strategy import SUPPORTIVE_CARE, Otherwise, Rule
from pathsim.outcomes.days import plainly
from pathsim.study.how_given import how_given, lasting

LEVELS: Mapping[str, Mapping[str, str]] = {
    "sex": {"female": "women", "male": "men"},
    "fitness": {"fit": "fit", "intermediate": "of intermediate fitness", "frail": "frail"},
    "risk": {"standard": "standard risk", "high": "high risk"},
    "emd": {"no": "no extramedullary disease", "yes": "extramedullary disease"},
    "functional_high_risk": {"no": "no functional high risk", "yes": "functional high risk"},
    "burden": {"low": "low tumour burden", "high": "high tumour burden"},
    "renal": {"normal": "normal kidneys", "impaired": "impaired kidneys"},
    "refractory": {
        "triple": "triple-refractory",
        "penta": "penta-refractory",
        "less": "less than triple-refractory",
    },
    "distance": {"near": "living near", "far": "living far away"},
    "caregiver": {"no": "no caregiver", "yes": "a caregiver at home"},
    "centre_type": {"academic": "from an academic centre", "community": "from a community centre"},
    "last_response": {
        "cr": "CR",
        "vgpr": "VGPR",
        "pr": "PR",
        "none": "no response",
        "not_assessed": "not assessed",
    },
}
"""A feature -> a level -> how it is told."""
GIVEN_UP = "A therapy whose plan was given up in a line is not planned again in that line."
"""What holds for every rule."""


@dataclass(frozen=True)
class RuleTold:
    """One rule: `when` lists what must all hold (empty: always), `gives` is the therapy's name."""

    name: str
    when: tuple[str, ...]
    gives: str
    title: str
    how: str
    because: str
    off_label: bool

    @property
    def condition(self) -> str:
        """What must hold, in one line."""
        return ", ".join(self.when) if self.when else "everybody else"


def rules_told(scenario: Scenario) -> tuple[RuleTold, ...]:
    """The rules of a scenario's strategy, in their order."""
    return tuple(_rule(scenario, rule) for rule in scenario.strategy.rules)


def _rule(scenario: Scenario, rule: Rule | Otherwise) -> RuleTold:
    supportive = rule.give == SUPPORTIVE_CARE
    name = SUPPORTIVE_CARE.replace("_", " ") if supportive else rule.give
    title = name if supportive else scenario.therapies[rule.give].title
    when = conditions_told(rule.when)
    if launch := scenario.launches.get(rule.give):
        when = (*when, f"from {launch.start} on")
    return RuleTold(rule.name, when, name, title, how_given(rule.options), rule.because,
                    rule.off_label)  # fmt: skip


# --- conditions ----------------------------------------------------------------------------------


def conditions_told(when: When) -> tuple[str, ...]:
    """Each thing that must hold, in words; none where nothing is asked."""
    return tuple(words for name, asked in when.asked.items() for words in _asked(name, asked))


def _asked(name: str, asked: object) -> Iterator[str]:
    """What is asked under one field; a field may ask several things."""
    tell = _TELLERS.get(name)
    if tell is not None:
        several = isinstance(asked, tuple) and name not in _AT_ONCE
        yield from (tell(one) for one in (asked if several else (asked,)))  # type: ignore[attr-defined]
    else:
        yield " or ".join(LEVELS[name].get(level, level) for level in asked)  # type: ignore[attr-defined]


def _all(when: When) -> str:
    return " and ".join(conditions_told(when))


def whole_numbers(bounds: tuple[float, float]) -> str:
    """`2 or more`, `fewer than 3`, `2 to 4`, for a count within bounds, the upper not included."""
    low, high = bounds
    if high == float("inf"):
        return f"{low:g} or more"
    if low <= 0:
        return f"fewer than {high:g}"
    return f"{low:g}" if low == high - 1 else f"{low:g} to {high - 1:g}"


def time_within(bounds: tuple[float, float]) -> str:
    """`6 months or more`, `less than 60 days`, or both, for a time in days."""
    low, high = bounds
    if high == float("inf"):
        return f"{lasting(low)} or more"
    if low <= 0:
        return f"less than {lasting(high)}"
    return f"{lasting(low)} or more but less than {lasting(high)}"


def _age(bounds: tuple[float, float]) -> str:
    low, high = bounds
    if high == float("inf"):
        return f"aged {low:g} or more"
    return f"younger than {high:g}" if low <= 0 else f"aged {low:g} or more but below {high:g}"


def _line(bounds: tuple[float, float]) -> str:
    low, high = bounds
    if high == float("inf"):
        return f"line {low:g} or later"
    if low <= 1:
        return f"before line {high:g}"
    return f"line {whole_numbers(bounds)}"


def _given(given: Given) -> str:
    low, high = given.bounds
    if low <= 0 and high <= 2:
        return f"{given.therapy} {'not given here yet' if high == 1 else 'given here once at most'}"
    times = "time" if low == high - 1 == 1 else "times"
    return f"{given.therapy} given here {whole_numbers(given.bounds)} {times}"


def of(what: str) -> str:
    """A target or a therapy: `therapy against BCMA`, `cilta-cel`."""
    return f"therapy against {what}" if what in TARGETS else what


def resource_told(name: str) -> str:
    """A resource as people call it, of many: `cilta-cel slots`, `step-up beds`."""
    return plainly(name)


def _since(since: Since) -> str:
    named = {"arrival": "referral", "relapse": "the last relapse"}
    return (
        f"{time_within(since.bounds)} since {named.get(since.what) or 'the last ' + of(since.what)}"
    )


def _calendar(dates: Calendar) -> str:
    said = [f"from {dates.start} on" if dates.start else "",
            f"before {dates.before}" if dates.before else ""]  # fmt: skip
    return " and ".join(filter(None, said))


_AT_ONCE = ("last_therapy", "last_response", "any_of")
"""Fields whose list is one condition: any of it."""
_TELLERS: Mapping[str, Callable[..., str]] = {
    "share": lambda share: f"{100 * share:g} % of patients, by chance",
    "age": lambda age: _age(age.bounds),
    "line": lambda line: _line(line.bounds),
    "lines_here": lambda lines: f"{whole_numbers(lines.bounds)} lines given here",
    "exposed": lambda e: f"{'had' if e.ever else 'never had'} {of(e.to)}",
    "refractory_to": lambda r: f"{'' if r.is_ else 'not '}refractory to {of(r.what)}",
    "antigen": lambda a: f"{a.target} {' or '.join(a.found).replace('_', ' ')}",
    "since": _since,
    "last_response": lambda asked: (
        "last response " + " or ".join(LEVELS["last_response"][level] for level in asked)
    ),
    "last_therapy": lambda asked: f"last therapy {' or '.join(asked)}",
    "last_lasted": lambda lasted: f"last line lasted {time_within(lasted.bounds)}",
    "stopped_in_response": lambda yes: f"last therapy {'' if yes else 'not '}stopped in response",
    "given": _given,
    "expected_wait": lambda w: (
        f"expected wait for {resource_told(w.resource)} {time_within(w.bounds)}"
    ),
    "queue": lambda q: f"{whole_numbers(q.bounds)} waiting for {resource_told(q.resource)}",
    "free": lambda f: f"{whole_numbers(f.bounds)} {resource_told(f.resource)} free",
    "calendar": _calendar,
    "any_of": lambda ways: "(" + " or ".join(_all(way) for way in ways) + ")",
    "negated": lambda when: f"not ({_all(when)})",
}
"""A field -> how what it asks is told; those that are not here ask for levels."""
