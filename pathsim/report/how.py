"""How it was run: seed, replications, times, versions, and the command that does it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.report.shapes import Table, row
from pathsim.study.kept import Result

TITLE, TEMPLATE = "How it was run", "how.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """Tables of the run and of the versions; None where nothing was run."""
    if result.base is None:
        return None
    record = result.base.record
    run = [row("Seed", record["seed"]), row("Replications", f"{record['replications']:,}")]
    versions = [row(name, version) for name, version in record["versions"].items()]
    return {
        "run": Table("The run", ("What", "Value"), tuple(run)),
        "versions": Table("Software", ("Package", "Version"), tuple(versions)),
    }
