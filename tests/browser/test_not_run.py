"""Where there is no browser the tests are reported as not run, and fail where they must run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.browsers import found

CHECKS = Path(__file__).with_name("test_checks.py")


def without_browser(*, ci: str) -> tuple[int, str]:
    """Exit code and words of the tests of the checks, where PATHSIM_BROWSER names no program."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", str(CHECKS), "-ra", "-p", "no:cacheprovider"],
        cwd=CHECKS.parents[2], env={**os.environ, "CI": ci, "PATHSIM_BROWSER": "no-such-program"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout


def test_without_a_browser_no_test_is_passed_and_one_sentence_says_so() -> None:
    code, said = without_browser(ci="")
    assert code == 0
    assert " passed" not in said
    assert "NOT RUN" in said
    assert "which is no program: install Chromium" in said


def test_in_ci_no_browser_is_a_failure() -> None:
    code, said = without_browser(ci="true")
    assert code == 1
    assert " passed" not in said
    assert " skipped" not in said


def test_a_browser_that_is_named_is_the_one_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHSIM_BROWSER", sys.executable)
    assert found() == sys.executable
