"""The page on strategies says each rule in its words, and shows what the pairs are made of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.rules.pairs import PAIRS
from tests.rules.test_rules import CASES, RULES

PAGE = (Path(__file__).parents[2] / "docs" / "strategies.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d+)\. (.+?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def parsed(text: str) -> Any:
    return YAML(typ="safe").load(text)


def files(rule: int) -> list[dict[str, Any]]:
    """What is written in the files of a rule's pair."""
    names = {f"{case.pair}/{file}" for case in CASES if case.rule == rule
             for file in (case.file, "without")}  # fmt: skip
    return [parsed((PAIRS / f"{name}.yaml").read_text(encoding="utf-8")) for name in sorted(names)]


def has(whole: Any, part: Any) -> bool:
    """Whether a document says all that the part says."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and has(whole[key], value) for key, value in part.items())
    return bool(whole == part)


def stated(snippet: Any, document: dict[str, Any]) -> bool:
    """Whether a document has the rules of a snippet, in their order, or the entries of one."""
    if isinstance(snippet, dict):
        return has(document, snippet)
    rules = document.get("strategy", {}).get("rules", [])
    found = [rules.index(rule) for rule in snippet if rule in rules]
    return len(found) == len(snippet) and found == sorted(found)


def test_the_page_has_every_rule_in_its_own_words() -> None:
    assert {int(n): text.splitlines()[0] for n, text in SECTIONS.items()} == RULES


@pytest.mark.parametrize("rule", RULES)
def test_what_the_page_shows_stands_in_a_pair_that_is_run(rule: int) -> None:
    snippets = [parsed(s) for s in re.findall(r"```yaml\n(.+?)```", SECTIONS[str(rule)], re.DOTALL)]
    assert snippets
    for snippet in snippets:
        assert any(stated(snippet, document) for document in files(rule)), snippet
