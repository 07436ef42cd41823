"""The studies that come with pathsim: sound, small, and each with its schema on top."""

from pathlib import Path

import pytest

from pathsim.engine.simulate import SIMPY
from pathsim.inputs.places import named, scenarios_dir
from pathsim.study.check import check
from pathsim.study.designs.kinds import has_sets
from pathsim.study.studies import study_asked
from pathsim.study.sweep import plan_of

STUDIES = named(scenarios_dir() / "studies")


def kind_repeats(kind: str) -> int:
    """How many of the first twenty sets may be like another."""
    return 5 if kind == "sobol_indices" else 0


@pytest.mark.parametrize("path", STUDIES.values(), ids=STUDIES)
def test_a_shipped_study_is_named_like_its_file_and_names_its_schema(path: Path) -> None:
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=../../schemas/study.json"
    assert f"study: {path.stem}" in rest


@pytest.mark.parametrize("path", STUDIES.values(), ids=STUDIES)
def test_a_shipped_study_is_sound(path: Path) -> None:
    assert check([path]).files == {"studies": 1}


@pytest.mark.parametrize("path", STUDIES.values(), ids=STUDIES)
def test_a_shipped_sweep_has_sets_that_change_something_and_is_small(path: Path) -> None:
    loaded = study_asked(path)
    if not has_sets(loaded.study):
        pytest.skip("not a study of sets: see tests of its own kind")
    plan = plan_of(loaded, engine=SIMPY)
    first, some = loaded.scenarios[0].name, range(min(len(plan.design), 20))
    unlike = {repr(plan.design.changes(k, first)) for k in some}
    few = kind_repeats(loaded.study.design.kind)  # a step from 3 to 3 slots changes nothing
    assert len(some) - few <= len(unlike) > 1
    assert plan.runs * (loaded.study.patients or 480) <= 1_000_000
