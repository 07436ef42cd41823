"""SOURCE_DATE_EPOCH: what is made again bears its moment, and says nothing of how long it took."""

import pytest

from pathsim.errors import InputError
from pathsim.study.execute import Carried
from pathsim.study.folders import EPOCH, how, now, run_id


def test_the_moment_is_that_of_the_variable_and_names_the_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(EPOCH, "86400")
    assert now().isoformat() == "1970-01-02T00:00:00+00:00"
    assert run_id(now(), "abcdefghij") == "19700102-000000-abcdefgh"


def test_what_is_dated_tells_no_duration_and_nothing_of_the_store(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(EPOCH, raising=False)
    went = how(Carried(), now(), now(), "simpy")
    always = {"started", "versions", "system"}
    assert {*always, "finished", "jobs", "seconds_of_work"} == set(went)
    monkeypatch.setenv(EPOCH, "86400")
    assert set(how(Carried(), now(), now(), "simpy")) == always


@pytest.mark.parametrize("said", ["today", "1e5", "9" * 30])
def test_what_is_no_number_of_seconds_is_told(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(EPOCH, said)
    with pytest.raises(InputError, match="no whole number of seconds") as error:
        now()
    assert error.value.problems[0].file == EPOCH
