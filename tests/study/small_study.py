"""Studies written for a test, of a scenario that is run in no time."""

from pathlib import Path

from pathsim.study.studies import study_asked
from pathsim.study.sweep import Plan, plan_of

SCENARIO = """\
title: A year of a few patients?
extends: {base}
horizon: 1 year
accrual: {{patients: 15, process: poisson, rate: 8 per month, because: A test.}}
"""

GRID = """\
replications: 2
design:
  kind: grid
  vary:
    - {path: centre.resources.cell_therapy_bed.places, name: beds, values: [5, 10]}
    - {path: accrual.rate, name: referrals, values: [12 per month]}
"""


def written(text: str, *, scenarios: str = "few_a.yaml") -> Path:
    """A study file in the current directory, beside two small scenarios."""
    Path("few_a.yaml").write_text(SCENARIO.format(base="cart_first"), encoding="utf-8")
    Path("few_b.yaml").write_text(SCENARIO.format(base="bispecific_first"), encoding="utf-8")
    head = f"study: small\ntitle: A small study?\nscenarios: {scenarios}\n"
    Path("small.yaml").write_text(head + text, encoding="utf-8")
    return Path("small.yaml")


def plan(text: str = GRID, *, scenarios: str = "few_a.yaml") -> Plan:
    """The plan of such a study."""
    return plan_of(study_asked(written(text, scenarios=scenarios)))
