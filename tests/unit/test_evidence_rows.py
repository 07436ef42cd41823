"""Every number that cites a row of params/evidence.csv says what the row says."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pathsim.units import to_base

PARAMS = Path(__file__).parents[2] / "params"
UNITS = {
    "percent": "%",
    "day": "days",
    "HR": "ratio",
    "OR": "ratio",
    "RR": "ratio",
    "IRR": "ratio",
    "per patient-year": "per year",
    "per_patient_year": "per year",
    "mg_per_dL": "mg/dL",
}
"""How the table of evidence writes a unit, and how a number does."""

VERIFIED_BY_BASIS = {"found": {"full text", "abstract", "secondary"}, "recalled": {"no"}}


@cache
def rows() -> dict[str, dict[str, str]]:
    with (PARAMS / "evidence.csv").open(newline="", encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def entries(data: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping that has a value and a source, with where it stands."""
    if isinstance(data, dict):
        if {"value", "source"} <= data.keys():
            yield where, data
        for key, item in data.items():
            yield from entries(item, f"{where}.{key}")
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from entries(item, f"{where}[{index}]")


def citing() -> Iterator[tuple[str, dict[str, Any]]]:
    first = [path for path in PARAMS.rglob("*.yaml") if path.parent.name != "second_entry"]
    for path in sorted(first):  # the second entry stays as written; it is compared apart
        data = YAML(typ="safe").load(path)
        found = entries(data, str(path.relative_to(PARAMS)))
        yield from ((where, number) for where, number in found if number.get("row"))


CITING = dict(citing())


def derived(number: dict[str, Any]) -> bool:
    """Reckoned from the row; the note then gives the arithmetic or the reason."""
    return str(number.get("note", "")).lower().startswith("derived:")


@pytest.mark.parametrize("where", CITING)
def test_a_number_has_the_value_and_the_unit_of_its_row(where: str) -> None:
    number = CITING[where]
    row = rows()[number["row"]]
    if derived(number):
        assert len(number["note"]) > len("derived: ") + 8, "say how it was derived"
        return
    published = to_base(float(row["value"]), UNITS.get(row["unit"], row["unit"]))
    assert to_base(number["value"], number["unit"]) == pytest.approx(published, abs=1e-9)


@pytest.mark.parametrize("where", CITING)
def test_a_number_is_no_better_verified_than_its_row(where: str) -> None:
    number = CITING[where]
    basis = rows()[number["row"]]["basis"]
    if basis == "assumed":
        assert number["kind"] == "assumption"
    else:
        assert number["verified"] in VERIFIED_BY_BASIS[basis]


@pytest.mark.parametrize("where", CITING)
def test_a_number_keeps_the_confidence_interval_of_its_row(where: str) -> None:
    number = CITING[where]
    row, spread = rows()[number["row"]], number.get("spread")
    reckoned = derived(number) or where.startswith("populations/")
    if reckoned or not spread or "95CI" not in row["interval_kind"]:
        return
    unit = UNITS.get(row["unit"], row["unit"])
    for end in ("low", "high"):
        assert to_base(spread[end], number["unit"]) == pytest.approx(
            to_base(float(row[end]), unit), abs=1e-9
        )


def test_every_row_kept_is_cited() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PARAMS.rglob("*.yaml"))
    assert set(rows()) - set(re.findall(r"E\d{4}", text)) == set()


def test_every_row_named_in_a_note_is_kept() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PARAMS.rglob("*.yaml"))
    assert set(re.findall(r"\bE\d{4}\b", text)) - set(rows()) == set()
