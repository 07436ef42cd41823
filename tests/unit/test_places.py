"""The catalogue and the scenarios are found in a checkout and in an installed package."""

from pathlib import Path

import pytest

from pathsim.inputs import places

ROOT = Path(__file__).parents[2]


def test_in_a_checkout_the_catalogue_stands_beside_the_package() -> None:
    assert places.params_dir() == ROOT / "params"


def test_in_an_installed_package_they_are_copies_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "params").mkdir()  # some other folder of that name beside the package
    monkeypatch.setattr(places, "_PACKAGE", tmp_path / "pathsim")
    assert places.params_dir() == tmp_path / "pathsim" / "_data" / "params"
    assert places.scenarios_dir() == tmp_path / "pathsim" / "_data" / "scenarios"


def test_the_files_of_a_folder_go_by_their_names(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "notes.txt"):
        (tmp_path / name).touch()
    assert places.named(tmp_path) == {"a": tmp_path / "a.yaml", "b": tmp_path / "b.yaml"}
    assert places.named(tmp_path / "none") == {}
