"""Files of targets: the example in the documentation, lists that must agree, intervals."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from pathsim.inputs.target_outcomes import OUTCOMES, Outcome
from pathsim.inputs.targets import Target, load_trial
from pathsim.outcomes.followed import BEFORE, SIGNS
from pathsim.study.trial import check_arms

PAGE = Path(__file__).parents[2] / "docs" / "targets.md"


def test_the_example_in_the_documentation_is_sound(tmp_path: Path) -> None:
    example = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "my_cohort.yaml"
    path.write_text(example, encoding="utf-8")
    trial = load_trial(path)
    check_arms(trial)
    assert [t.interval.kind for t in trial.targets if t.interval] == [
        "exact", "exact", "95ci", "15 %",
    ]  # fmt: skip


def test_the_list_of_outcomes_is_one_list() -> None:
    assert get_args(Outcome) == tuple(OUTCOMES)
    assert set(SIGNS) <= set(OUTCOMES)
    assert {"manufacturing_failure", "out_of_specification"} <= set(BEFORE)


def test_every_outcome_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [outcome for outcome in OUTCOMES if f"`{outcome}`" not in page] == []


@pytest.mark.parametrize("said", ["all", {}])
def test_all_is_no_condition(said: object) -> None:
    published = {"value": 5, "unit": "%", "source": "s", "where": "w", "kind": "trial",
                 "verified": "no"}  # fmt: skip
    found = Target.model_validate({"name": "t", "arm": "a", "outcome": "crs", "of": said, "n": 9,
                                   "published": published, "role": "check"})  # fmt: skip
    assert found.of.model_dump(exclude_none=True) == {"features": {}}
