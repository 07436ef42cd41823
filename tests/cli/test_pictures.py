"""Figures drawn here or in a process beside this one: all are there, and a failure leaves none."""

import multiprocessing
import os
import time
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest

from pathsim.study import pictures
from pathsim.study.beside import Beside, asked_of, processors
from pathsim.study.pictures import Picture, drawing, pictures_of
from pathsim.study.plan import Model
from pathsim.study.run import Ran, keep, run
from tests.cli.small_service import small_service

beside = pytest.mark.skipif(
    processors() == 1 or multiprocessing.get_start_method() != "fork",
    reason="no process is begun beside this one here",
)


@pytest.fixture(scope="module")
def ran() -> Ran:
    return run(Model("small", small_service(), 500.0), seed=3)


@pytest.fixture(scope="module")
def drawn(ran: Ran) -> list[Picture]:
    return list(pictures_of({"small": ran.model}, {"small": ran.measured}))


class Promised(Future[Any]):
    """Not begun, and done as soon as it is waited for."""

    def result(self, timeout: float | None = None) -> Any:
        return None


class Slow:
    """A hand that begins nothing before it is waited for."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given.append((fn, args))
        return Promised()


def names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.svg")}


def test_without_a_hand_all_are_drawn_here(drawn: list[Picture], tmp_path: Path) -> None:
    with drawing(drawn, tmp_path):
        assert names(tmp_path) == set()
    assert names(tmp_path) == {picture.name for picture in drawn}


@beside
def test_a_process_beside_draws_the_same_bytes(drawn: list[Picture], tmp_path: Path) -> None:
    with drawing(drawn, tmp_path / "here"):
        pass
    with Beside() as hand, drawing(drawn, tmp_path / "beside", hand=hand):
        assert hand is not None
    assert names(tmp_path / "beside") == {picture.name for picture in drawn}
    for path in (tmp_path / "here").glob("*.svg"):
        assert path.read_bytes() == (tmp_path / "beside" / path.name).read_bytes()


def test_what_the_hand_has_not_begun_is_drawn_here_while_it_saves_time(
    drawn: list[Picture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WORTH", 1)
    pictures._finish(tuple(drawn), tmp_path, pictures._sent(tuple(drawn), tmp_path, Slow()))
    assert names(tmp_path) == {picture.name for picture in drawn[1:]}


def test_tables_too_large_to_send_are_drawn_here(
    drawn: list[Picture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST", 1)
    hand = Slow()
    with drawing(drawn[:1], tmp_path, hand=hand):
        pass
    assert hand.given == []
    assert names(tmp_path) == {drawn[0].name}


@beside
def test_a_failure_while_others_draw_leaves_nothing(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathsim.study.folders.write_table", full)
    with pytest.raises(OSError, match="No space"), Beside() as hand:
        keep(ran, tmp_path, hand=hand)
    assert list((tmp_path / "small").iterdir()) == []


@beside
def test_what_goes_wrong_in_the_other_process_is_raised_here(tmp_path: Path, ran: Ran) -> None:
    wrong = Picture("wrong", "style.no_such_figure", ({"small": ran.measured},), "patients", "", "")
    with pytest.raises(AttributeError, match="no_such_figure"), Beside() as hand:  # noqa: SIM117
        with drawing([wrong], tmp_path, hand=hand):
            pass


@beside
@pytest.mark.parametrize("before", [True, False])
def test_what_a_lost_hand_was_to_draw_is_drawn_here(
    drawn: list[Picture], tmp_path: Path, *, before: bool
) -> None:
    with Beside() as hand:
        assert hand is not None
        lost = hand.submit(os._exit, 1)
        if before:
            wait([lost])
        with drawing(drawn, tmp_path, hand=hand):
            pass
    assert names(tmp_path) == {picture.name for picture in drawn}


@beside
def test_what_a_lost_hand_was_asked_for_is_done_here() -> None:
    with Beside() as hand:
        assert hand is not None
        first = asked_of(hand, int, "1")
        assert first() == 1
        hand.submit(os._exit, 1)
        later = [asked_of(hand, int, str(number)) for number in range(5)]
        assert [each() for each in later] == [0, 1, 2, 3, 4]


@beside
def test_an_error_ends_the_process_beside_at_once() -> None:
    def interrupted() -> None:
        with Beside() as hand:
            assert hand is not None
            hand.submit(time.sleep, 60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    for process in multiprocessing.active_children():
        process.join(5)
    assert multiprocessing.active_children() == []
