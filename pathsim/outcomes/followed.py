"""One row a patient of a simulated trial: when each thing first befell them, counted from arrival.

Made from an engine's tables and the marks, for one therapy whose start counts; read by `endpoints`.
Every time is in days, infinite for never. What is read here stands in the log under names that the
templates give: states with their tags, clocks, choices and options. Knows no target.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pathsim import events
from pathsim.events import Log
from pathsim.inputs.population import FEATURES
from pathsim.outcomes.block import other_users
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import Array, Flags, coded, first_at, last_at, words

STARTS = ("infused", "first_dose")
ENTRIES = (events.ENTER, events.MOVE, events.DETOUR, events.END)
RESPONSES = ("cr", "vgpr", "pr", "none")
BRIDGED = ("vgpr", "pr", "less")


@dataclass(frozen=True)
class Sign:
    """Where the log shows that something befell a patient; `{}` stands for the therapy.

    The name of the clock that rang, or of the choice passed with the option taken, if named.
    """

    cause: str = ""
    choice: str = ""
    option: str = ""


SIGNS: dict[str, Sign] = {
    "crs": Sign("{} CRS onset"),
    "crs_grade3": Sign(choice="{} CRS grade", option="severe"),
    "icans": Sign("{} ICANS onset"),
    "icans_grade3": Sign(choice="{} ICANS grade", option="severe"),
    "iec_hs": Sign("{} IEC-HS onset"),
    "delayed_neurotoxicity": Sign("{} delayed neurotoxicity onset"),
    "cranial_nerve_palsy": Sign("{} cranial nerve palsy onset"),
    "enterocolitis": Sign("{} enterocolitis onset"),
    "second_cancer": Sign("{} second cancer"),
    "serious_infection": Sign("{} infection"),
}
"""What is looked for after the start of the therapy."""

LOW_IGG = Sign("{} low IgG found")

BEFORE: dict[str, Sign] = {
    "manufacturing_failure": Sign(choice="{}: product", option="failed"),
    "out_of_specification": Sign(choice="{}: product", option="out of specification"),
    "second_out_of_specification": Sign(choice="{}: second product", option="out of specification"),
    "progressed_waiting": Sign(choice="{}: after progression while waiting"),
}
"""What is looked for before it."""


def followed(log: Log, marking: Marking, therapy: str) -> pd.DataFrame:
    """A row for each of our patients, in order of replication, patient.

    - `followed`: days from arrival to the last that is known; `death`, `death_cause` (its tag);
    - `start` of the therapy, `decision` (last referral for it before that), `apheresis` (first),
      `bridged`, `bridging_response` (vgpr, pr, less; empty where bridging did not end);
    - `response` (cr, vgpr, pr, none; empty where not assessed), `response_at` (of a partial
      response or better), both of the first course;
    - `progression` (first of all, while waiting included), `relapse` (first after the start),
      `relapse_2` (first after that), `progressed_waiting` (for this therapy, before its start);
    - `next_line`: start of the first line after `start`, or of any for those never started;
      `other_line`: of the first line of another therapy; `first.THERAPY` for all;
    - what SIGNS and BEFORE name, `icu`, `ivig`, `low_igg`, `fewer_doses`: first after the start;
    - the population's features as drawn, under the names that files have.
    """
    seen = _Seen(log, marking, therapy)
    found = {**seen.outcome(), **seen.course(), **seen.befallen()}
    ours = ~other_users(log.patients["stream"])
    table = pd.DataFrame({**found, **_features(log.patients)}, copy=False)
    return table if ours.all() else table[ours].reset_index(drop=True)


def unmodelled(therapy: str, known: Collection[str]) -> list[str]:
    """What can never be seen, for no clock or choice of the pathway is called so."""
    every = {**SIGNS, **BEFORE, "low_igg": LOW_IGG}
    shown = {name: (sign.cause or sign.choice).format(therapy) for name, sign in every.items()}
    return [name for name, sign in shown.items() if sign not in known]


def _features(patients: pd.DataFrame) -> dict[str, Any]:
    known = {name: name.replace("_", " ") for name in FEATURES}
    return {name: patients[title].array for name, title in known.items() if title in patients}


class _Seen:
    """A log by patient: for each the first of some rows, and when that was."""

    def __init__(self, log: Log, marking: Marking, therapy: str) -> None:
        self.marking, self.therapy, table = marking, therapy, log.log
        self.words = {name: words(table[name]) for name in events.WORDS}
        self.time = table["time"].to_numpy()
        arrived = self.named("kind", lambda kind: kind == events.ARRIVE)
        self.where = np.cumsum(arrived) - 1
        self.n = int(arrived.sum())
        self.arrival = self.time[arrived]
        self.entry = self.named("kind", lambda kind: kind in ENTRIES)
        self.started = self.entered(lambda mark: any(t in mark.tags for t in STARTS))
        self.start_row = first_at(self.where, self.of_therapy(self.started), self.n)
        self.start = self.at(self.start_row)

    # --- rows ----------------------------------------------------------------------------------

    def named(self, column: str, meant: Callable[[str], bool]) -> Flags:
        """True where a word of the log is meant."""
        column_words = self.words[column]
        known = [bool(meant(str(word))) for word in column_words.categories]
        found: Flags = np.array([*known, False])[column_words.codes]
        return found

    def entered(self, meant: Callable[[Any], bool]) -> Array:
        """The rows that are entries into states whose mark is meant."""
        states = {mark.state for mark in self.marking.states if meant(mark)}
        return np.flatnonzero(self.named("state", states.__contains__) & self.entry)

    def of_therapy(self, rows: Array) -> Array:
        """Those of these rows whose state belongs to the therapy on trial."""
        own = {m.state for m in self.marking.states if m.therapy == self.therapy}
        return rows[self.named("state", own.__contains__)[rows]]

    def rows(self, sign: Sign) -> Array:
        """The rows that bear a sign."""
        cause, choice = sign.cause.format(self.therapy), sign.choice.format(self.therapy)
        if cause:
            return np.flatnonzero(self.named("cause", cause.__eq__))
        found = self.named("state", choice.__eq__) & self.named("kind", events.CHOICE.__eq__)
        if sign.option:
            found &= self.named("option", sign.option.__eq__)
        return np.flatnonzero(found)

    # --- patients ------------------------------------------------------------------------------

    def at(self, rows: Array) -> Array:
        """Days from arrival to these rows, one a patient; infinite for -1."""
        return np.where(rows >= 0, self.time[rows] - self.arrival, np.inf)

    def first(self, rows: Array, after: Array | None = None) -> Array:
        """The first of these rows of each patient (those after another row, if given)."""
        if after is not None:
            since = after[self.where[rows]]
            rows = rows[(since >= 0) & (rows > since)]
        return first_at(self.where, rows, self.n)

    def word(self, rows: Array, column: str, known: tuple[str, ...]) -> Any:
        """The word at these rows as a categorical of the known ones; missing for -1."""
        column_words = self.words[column]
        place = {word: k for k, word in enumerate(known)}
        codes = np.array([*(place.get(str(w), -1) for w in column_words.categories), -1])
        return coded(np.where(rows >= 0, codes[column_words.codes[rows]], -1), known)

    # --- columns -------------------------------------------------------------------------------

    def outcome(self) -> dict[str, Any]:
        """How it ended, and the progressions on the way."""
        ends = np.append(np.flatnonzero(np.diff(self.where)), len(self.where) - 1)
        tags = {m.state: tuple(t for t in m.tags if t != "dead")
                for m in self.marking.states if "dead" in m.tags}  # fmt: skip
        dead = (self.named("state", tags.__contains__) & self.entry)[ends]
        causes = self.word(np.where(dead, ends, -1), "state", tuple(tags))
        waiting = self.named("cause", lambda c: c == "progression while waiting")
        progressed = np.union1d(
            self.entered(lambda mark: "progression" in mark.tags), np.flatnonzero(waiting)
        )
        relapse = self.first(progressed, self.start_row)
        return {
            "followed": self.time[ends] - self.arrival,
            "death": np.where(dead, self.time[ends] - self.arrival, np.inf),
            "death_cause": causes.rename_categories({s: t[0] for s, t in tags.items() if t}),
            "progression": self.at(self.first(progressed)),
            "relapse": self.at(relapse),
            "relapse_2": self.at(self.first(progressed, relapse)),
        }

    def course(self) -> dict[str, Any]:
        """The way to the start, the response, and the lines after it."""
        referred = self.of_therapy(self.entered(lambda mark: "referred" in mark.tags))
        limit = np.where(self.start_row >= 0, self.start_row, len(self.time))
        decided = last_at(self.where, referred[referred < limit[self.where[referred]]], self.n)
        apheresis = self.of_therapy(self.entered(lambda mark: mark.phase == "apheresis"))
        bridged = self.of_therapy(self.entered(lambda mark: mark.phase == "bridging"))
        answer = f"{self.therapy}: response to bridging"
        answered = self.named("state", lambda s: s == answer or s == f"{answer}, product made")
        bridging = self.first(np.flatnonzero(answered))
        assessed = self.first(self.rows(Sign(choice="{} best response")), self.start_row)
        response = self.word(assessed, "option", RESPONSES)
        responded = np.isin(response.codes, [0, 1, 2])
        return {
            "start": self.start,
            "decision": self.at(decided),
            "apheresis": self.at(self.first(apheresis)),
            "bridged": self.at(self.first(bridged)),
            "bridging_response": self.word(bridging, "option", BRIDGED),
            "response": response,
            "response_at": np.where(responded, self.at(assessed), np.inf),
            **self.lines(),
        }

    def lines(self) -> dict[str, Array]:
        """The starts of other lines and of each therapy."""
        mine = self.of_therapy(self.started)
        others = np.setdiff1d(self.started, mine)
        after = self.at(self.first(self.started, self.start_row))
        other = self.at(self.first(others))
        found = {"next_line": np.where(self.start_row >= 0, after, other), "other_line": other}
        for name in self.marking.therapies:
            own = {m.state for m in self.marking.states if m.therapy == name}
            begun = self.started[self.named("state", own.__contains__)[self.started]]
            found[f"first.{name}"] = self.at(self.first(begun))
        return found

    def befallen(self) -> dict[str, Array]:
        """What befell them on the way to the therapy and on it."""
        before = {name: self.at(self.first(self.rows(sign))) for name, sign in BEFORE.items()}
        second = before.pop("second_out_of_specification")
        before["out_of_specification"] = np.minimum(before["out_of_specification"], second)
        waiting = before["progressed_waiting"]
        before["progressed_waiting"] = np.where(waiting < self.start, waiting, np.inf)
        since = {name: self.rows(sign) for name, sign in SIGNS.items()}
        prefix = f"{self.therapy}:"
        icu = self.entered(lambda m: "icu" in m.tags and m.state.startswith(prefix))
        since["icu"] = icu
        since["ivig"] = self.of_therapy(self.entered(lambda m: "ivig_dose" in m.per_day))
        fewer = self.named("option", "fewer doses".__eq__)
        since["fewer_doses"] = np.flatnonzero(
            fewer & self.named("state", lambda s: s.startswith(self.therapy))
        )
        since["low_igg"] = self.found_low()
        return {**before, **{k: self.at(self.first(r, self.start_row)) for k, r in since.items()}}

    def found_low(self) -> Array:
        """The rows where IgG is found low for itself.

        A serious infection that is over asks for immunoglobulin by the same clock, at once: that
        is no finding of low IgG.
        """
        rows = self.rows(LOW_IGG)
        over = self.named("cause", f"{self.therapy} infection outcome".__eq__)
        at_once = over[rows - 1] & (self.time[rows] == self.time[rows - 1])
        alone: Array = rows[~at_once]
        return alone
