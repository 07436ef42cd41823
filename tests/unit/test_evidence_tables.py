"""The catalogue as tables: every number once, with its place; shares; sources; BibTeX."""

import re
from pathlib import Path

import pandas as pd
import pytest

from pathsim.inputs.evidence import Source, numbers
from pathsim.inputs.places import params_dir, scenarios_dir
from pathsim.inputs.resolve import resolve
from pathsim.study.bibtex import bibtex, escaped
from pathsim.study.evidence import COLUMNS, TABLES, Catalogue, catalogue, keep
from pathsim.study.informing import Informing, Target

CILTA_CEL = params_dir() / "therapies" / "cilta-cel.yaml"
CART_FIRST = scenarios_dir() / "cart_first.yaml"


def test_a_number_is_found_in_the_line_that_the_table_names() -> None:
    table = catalogue([CART_FIRST]).numbers
    lines = {file: Path(file).read_text(encoding="utf-8").splitlines() for file in set(table.file)}
    for file, line, source in zip(table["file"], table["line"], table["source"], strict=True):
        written = lines[file][int(line) - 1]
        assert f"source: {source}" in written or "{value" not in written
    assert (table.path == "crs.any").sum() == 4  # one for each therapy that has CRS


def test_a_scenario_has_every_number_of_its_document_once() -> None:
    scenario = resolve("cart_first")
    assert len(catalogue([CART_FIRST]).numbers) == sum(1 for _ in numbers(scenario))


def test_shares_add_up_and_count_the_unverified_and_the_assumed_together() -> None:
    found = catalogue([CILTA_CEL])
    (row,) = found.shares.to_dict("records")
    kinds = ("trial", "cohort", "label", "calibrated", "expert", "assumption")
    assert sum(row[kind] for kind in kinds) == pytest.approx(100)
    told = found.numbers
    either = (told.verified == "no") | (told.kind == "assumption")
    assert row["unverified_or_assumed"] == pytest.approx(100 * either.mean())
    assert row["unverified_or_assumed"] > row["assumption"]


def test_two_scenarios_count_a_shared_therapy_once() -> None:
    found = catalogue([CART_FIRST, CILTA_CEL])
    assert [part.name for part in found.parts].count("cilta-cel") == 1


def test_a_calibrated_number_names_its_fit_and_what_the_fit_was_made_to_meet() -> None:
    found = catalogue([CILTA_CEL])
    fitted_one = next(each for each in found.parts[0].numbers if each.number.kind == "calibrated")
    place = ("therapies/cilta-cel", fitted_one.position)
    published = {"value": 60, "unit": "%", "source": "cartitude4-nejm-2023"}
    target = Target("trial", "pfs", "progression_free_survival", "check", published, ("lines",))
    other = Target("trial", "os", "overall_survival", "check", {}, ())
    informing = Informing({place: ("lines",)}, (target, other))
    fitted = Catalogue(found.parts, found.sources, informing)
    rows = fitted.numbers.set_index("path")
    row = rows.loc[fitted_one.path]
    assert (row.kind, row.fits, row.targets) == ("calibrated", "lines", "trial: pfs")
    assert rows.loc["crs.any"].targets == ""
    assert list(fitted.tables()["targets"].target) == ["pfs"]


def test_the_sources_of_targets_are_cited_with_those_of_numbers() -> None:
    found = catalogue([params_dir() / "supportive" / "supportive-care.yaml"])
    assert set(found.cited) == {each.number.source for each in found.parts[0].numbers}
    scenario = catalogue([CART_FIRST])
    assert "ssa-period-life-table-2023" in scenario.cited


def test_the_tables_are_kept_with_words_for_every_column(tmp_path: Path) -> None:
    found = catalogue([CILTA_CEL])
    keep(found, tmp_path)
    said = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for name, table in found.tables().items():
        assert f"{name}.csv, .parquet" in said
        assert len(pd.read_parquet(tmp_path / f"{name}.parquet")) == len(table)
        assert list(pd.read_csv(tmp_path / f"{name}.csv").columns) == list(table.columns)
    words = re.findall(r"^  (\S.*)$", said.split("COLUMNS")[1], flags=re.MULTILINE)
    assert words == list(COLUMNS)
    assert set(found.tables()) <= set(TABLES)


# --- BibTeX --------------------------------------------------------------------------------------


def test_what_latex_would_not_take_as_text_is_escaped() -> None:
    assert escaped("J&J: 50 % of #1_a {x} ~ ^ \\ $") == (
        r"J\&J: 50 \% of \#1\_a \{x\} \textasciitilde{} \textasciicircum{} \textbackslash{} \$"
    )


def test_an_entry_has_key_title_year_and_address() -> None:
    source = Source.model_validate(
        {"citation": "Smith & Doe 2021, Blood 1:2", "doi": "10.1/a_b", "read": "abstract"}
    )
    assert bibtex({"smith-2021": source}) == (
        "@misc{smith-2021,\n  title = {{Smith \\& Doe 2021, Blood 1:2}},\n  year = {2021},\n"
        "  doi = {10.1/a_b},\n  note = {Read: abstract}\n}\n"
    )


def test_every_publication_that_a_scenario_uses_is_cited_and_nothing_else() -> None:
    found = catalogue([CART_FIRST])
    keys = set(re.findall(r"^@misc\{(.+),$", bibtex(found.cited), flags=re.MULTILINE))
    ours = {key for key, source in found.cited.items() if "of this project" in source.citation}
    assert "assumption" in ours
    assert keys == set(found.cited) - ours
