"""The animation is one page that needs no network, and the same each time."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.study.animate import NobodyError, animate, placed, positions
from pathsim.study.plan import Model
from tests.cli.small_service import small_service


@pytest.fixture(scope="module")
def small() -> Model:
    return Model("small & few", small_service(), 200.0)


def test_every_resource_has_a_queue_and_those_with_few_places_have_places(small: Model) -> None:
    places = placed(small.service.resources)
    assert places == {"bed": 2}
    where = positions(small, places).set_index("event")
    assert {"waiting for: bed", "waiting for: slots", "in: bed", "arrival", "depart"} <= {
        *where.index
    }
    assert "in: slots" not in where.index
    assert not where.duplicated(["x", "y"]).any()


def test_without_vidigi_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "vidigi", None)
    ended = CliRunner().invoke(app, ["animate", "cart_first"])
    assert ended.exit_code == 2
    assert ended.output.split("\n") == [
        "An animation needs vidigi, which is not installed: pip install 'pathsim[animate]'", "",
    ]  # fmt: skip


def test_the_page_stands_by_itself_and_its_log_beside_it(small: Model, tmp_path: Path) -> None:
    pytest.importorskip("vidigi")
    done = animate(small, tmp_path / "a.html", seed=3, days=60)
    text = done.page.read_text(encoding="utf-8")
    assert not re.search(r"<script[^>]+src=|<link|@import", text)
    assert "<h1>small &amp; few: queues and beds</h1>" in text
    assert "Plotly.newPlot" in text
    assert (done.begin, done.days, done.each) == (0, 60, 1)
    events = pd.read_csv(done.log)
    assert events["entity_id"].nunique() == done.patients
    assert events["time"].max() <= 60
    told = (tmp_path / "a.csv.README.txt").read_text(encoding="utf-8")
    assert all(f"  {name}" in told for name in events.columns)
    again = animate(small, tmp_path / "b.html", seed=3, days=60)
    assert again.page.read_text(encoding="utf-8") == text


def test_where_nobody_is_there_that_is_said(tmp_path: Path) -> None:
    pytest.importorskip("vidigi")
    late = Model("late", small_service(patients=1), 2.0)
    with pytest.raises(NobodyError, match="Nobody is there in the first 2 days"):
        animate(late, tmp_path / "a.html", seed=0, days=2)
    assert not [*tmp_path.iterdir()]
