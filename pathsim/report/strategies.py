"""The strategies: what differs between them, their rules in words and drawn, and the service.

The words of rules are those of `pathsim show` (`study.rule_words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathsim.figures.strategy import Rung
from pathsim.figures.style import paints
from pathsim.inputs.strategy import SUPPORTIVE_CARE
from pathsim.outcomes.folds import therapies_of
from pathsim.report.shapes import Drawn, Row, Table, drawn
from pathsim.report.sharing import differing, served
from pathsim.study.how_given import usually_given
from pathsim.study.kept import Result, Strategy
from pathsim.study.pictures import Picture
from pathsim.study.rule_words import GIVEN_UP, RuleTold, rules_told

TITLE, TEMPLATE = "The strategies", "strategies.html"
MODALITIES = {"car_t": "CAR T cells", "bispecific": "bispecific antibody", "regimen": "regimen"}
READ = (
    "Every patient comes in at the top, at referral and again at each relapse, and goes down until "
    "a rule holds; then what stands beside it is given."
)


@dataclass(frozen=True)
class Shown:
    """One strategy: its title, what holds for all its rules, the rules, and their drawing."""

    name: str
    title: str
    usually: str
    rules: Table
    figure: Drawn


def content(result: Result) -> Mapping[str, Any] | None:
    """What is alike, what differs, each strategy, the therapies, and the service."""
    if not result.strategies:
        return None
    paint = paints(therapies_of(result.measured.values()))
    alike, differs = differing(result.strategies)
    return {
        "alike": alike,
        "differs": differs,
        "read": f"{READ} {GIVEN_UP}",
        "strategies": [_shown(each, paint) for each in result.strategies.values()],
        "therapies": _therapies(result),
        "services": served(result.strategies),
        "names": list(result.strategies),
    }


def _shown(strategy: Strategy, paint: Mapping[str, str]) -> Shown:
    scenario = strategy.built.scenario
    rules = rules_told(scenario)
    usual = usually_given(scenario.support)
    return Shown(
        strategy.name,
        scenario.strategy.title,
        f"Unless a rule says otherwise: {usual}." if usual else "",
        _rules(strategy.name, rules),
        drawn(_ladder(strategy.name, scenario.strategy.title, rules, paint)),
    )


def _rules(name: str, rules: tuple[RuleTold, ...]) -> Table:
    """The rules in words, with their reasons."""
    rows = [
        Row((f"Rule {number}: {rule.name.replace('_', ' ')}", rule.condition, _given(rule),
             rule.because))
        for number, rule in enumerate(rules, start=1)
    ]  # fmt: skip
    return Table(f"The rules of {name}", ("Rule", "For whom", "Given", "Why"), tuple(rows))


def _given(rule: RuleTold) -> str:
    """What is given and how; what is beyond a label says so."""
    how = f"; {rule.how}" if rule.how else ""
    return f"{rule.title}{how}{' (OFF LABEL)' if rule.off_label else ''}"


def _ladder(
    name: str, title: str, rules: tuple[RuleTold, ...], paint: Mapping[str, str]
) -> Picture:
    rungs = tuple(
        Rung(rule.name, rule.condition, rule.title, rule.how, rule.off_label,
             paint.get(rule.gives))
        for rule in rules
    )  # fmt: skip
    return Picture(f"strategy_{name}", "strategy.ladder", (rungs,), "strategies",
                   "The rules, drawn", "", {"title": f"{name}: {title}"})  # fmt: skip


# --- therapies -----------------------------------------------------------------------------------


def _therapies(result: Result) -> Table:
    """The therapies that some rule gives: what they are, against what, and under which strategy."""
    rows: dict[str, Row] = {}
    gives = {name: _gives(each) for name, each in result.strategies.items()}
    for each in result.strategies.values():
        for name, therapy in each.built.scenario.therapies.items():
            by = [strategy for strategy, given in gives.items() if name in given]
            if by and name not in rows:
                modality = MODALITIES[therapy.modality]
                targets = " and ".join(therapy.targets) or "-"
                under = "all" if len(by) == len(gives) else ", ".join(by)
                rows[name] = Row((name, therapy.title, modality, targets, under))
    head = ("Therapy", "What it is", "Kind", "Target", "Given under")
    return Table("Therapies that the rules can give", head, tuple(rows.values()))


def _gives(strategy: Strategy) -> tuple[str, ...]:
    return tuple(g for g in strategy.built.scenario.strategy.gives if g != SUPPORTIVE_CARE)
