"""What is in each file and column that a validation leaves: the README.txt beside them.

Called when such a folder is written. Knows no number.
"""

from __future__ import annotations

from collections.abc import Collection

from pathsim.outcomes.dictionary import listed, of_files

FILES = {
    "README.txt": "this file",
    "targets.csv, .parquet": "a row a published target, beside what was simulated in its own "
    "trial; the first line of the CSV, after #, says what was run and whether the tolerance is met",
    "targets.md": "the same as a page to read",
    "curves.csv": "the simulated curves of each arm, a row a month",
    "calibration.png, .svg": "published against simulated, as a picture",
    "survival.png, .svg": "simulated curves over published landmarks",
    "run.json": "seed, patients, versions of the software: how it was done",
}
"""A file -> what is in it."""

TARGETS = {
    "trial, target, arm": "the file in params/targets, the target's name in it, and the arm",
    "outcome": "what is measured",
    "from": "from when time runs: the trial's own origin, such as randomisation, or a later event",
    "whole": "whether all who are at risk are those for whom time begins",
    "at_days": "at which day, for a landmark; empty otherwise",
    "kind, unit": "share, median or ratio; and its unit",
    "published, low, high": "as published, and its 95 % interval; empty where there is none",
    "interval": "where that is from: 95ci (published), exact (binomial, from how many there were), "
    "assumed, 15 % (of a median or ratio without one), or none",
    "simulated, simulated_low, simulated_high": "as simulated, and its 95 % interval",
    "at_risk, events": "how many of the simulated patients stand behind it, and have the event",
    "distance": "simulated less published, in half-widths of the published interval",
    "inside": "whether the simulated figure lies within the published interval",
    "role": "calibration (the tolerance speaks of it), check, or reported (not judged)",
    "dependence": "fitted (a fit used it), direct (a number of the scenario cites its row of "
    "evidence), or independent",
    "informs": "the fits that use it",
    "source, row, verified": "the key in params/sources.yaml, the row of params/evidence.csv, and "
    "how much of the source was read for it",
    "because": "why it is not judged, or what must be known",
}
"""A column of the targets -> what it is."""

CURVES = {
    "trial, curve, from, arm": "which curve: of what, from when, of which arm",
    "month": "months since then",
    "free": "the share still free of the event",
}
"""A column of the curves -> what it is."""


def validate_readme(present: Collection[str]) -> str:
    """The text of README.txt; `present` are the files in the folder."""
    return "\n\n".join([
        "What is in this folder.",
        listed("FILES", of_files(FILES, present)),
        listed("COLUMNS of targets", TARGETS),
        listed("COLUMNS of curves", CURVES),
    ]) + "\n"  # fmt: skip
