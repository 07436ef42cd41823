"""What each rule of sequencing leaves in the log of a patient whom it concerns.

One function a rule, true of a life in which the rule was followed and mattered; `test_rules` asks
that it is true with the rule and false without it. Knows lives; no scenario.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.rules.pairs import MONTH, Life

CAR_T, BCMA, OTHER = "cilta-cel", "teclistamab", "talquetamab"


def car_t_comes_first(life: Life) -> bool:
    """CAR T is given before any bispecific, which follows at relapse."""
    return life.lines[:2] == [CAR_T, BCMA]


def redirection_comes_first(life: Life) -> bool:
    """The bispecific is given before the conjugate, which follows at relapse."""
    return life.lines[:2] == [BCMA, "belantamab-mafodotin"]


def bispecific_comes_first(life: Life) -> bool:
    """The first line here is the bispecific, and CAR T was not tried before it."""
    return life.lines[:1] == [BCMA] and life.chosen[0][1] == BCMA


def six_months_lie_between(life: Life) -> bool:
    """CAR T is chosen after the bispecific failed, six months later or more."""
    failed = life.rang(f"{BCMA} progression")
    chosen = [day for day, therapy in life.chosen if therapy == CAR_T]
    return bool(failed and chosen) and chosen[0] - failed[-1] >= 6 * MONTH and CAR_T in life.lines


def another_target_follows_early_relapse(life: Life) -> bool:
    """CAR T held for less than nine months, and what follows hits another target."""
    infused, relapsed = (
        dict(reversed([(t, d) for d, t in life.begun])),
        life.rang("cilta-cel progression"),
    )
    early = CAR_T in infused and bool(relapsed) and relapsed[0] - infused[CAR_T] < 9 * MONTH
    return early and life.lines[:2] == [CAR_T, OTHER]


def the_target_is_changed(life: Life) -> bool:
    """After progression on the bispecific the next line hits another target."""
    return bool(life.rang(f"{BCMA} progression")) and life.lines[:2] == [BCMA, OTHER]


def a_lost_target_is_not_met_again(life: Life) -> bool:
    """CAR T held so long that the disease is not refractory, and still another target follows."""
    infused, relapsed = life.begun[:1], life.rang(f"{CAR_T} progression")
    held = bool(infused and relapsed) and relapsed[0] - infused[0][0] > 60.0
    came = life.features["refractory to BCMA"]
    return held and came == "no" and life.lines[:2] == [CAR_T, OTHER]


def a_refractory_target_is_not_met_again(life: Life) -> bool:
    """The disease came refractory to BCMA, and the first line here hits another target."""
    refractory = life.features["refractory to BCMA"] == "yes"
    there = life.features["BCMA antigen found"] == "present"
    return refractory and there and life.lines[:1] == [OTHER]


def what_was_stopped_is_given_again(life: Life) -> bool:
    """Stopped in response, and after relapse the same drug is the next line."""
    stopped, responded = life.days(f"{BCMA}: stopped"), life.took(f"{BCMA} best response")
    return life.lines[:2] == [BCMA, BCMA] and bool(stopped) and responded[0] != "none"


def two_weeks_without_anything(life: Life) -> bool:
    """Two weeks lie before the cells are collected, and two before the first dose."""
    waits = [
        (life.days(f"{CAR_T}: washout"), life.days(f"{CAR_T}: waiting for apheresis")),
        (life.days(f"{BCMA}: washout"), life.days(f"{BCMA}: step-up")),
    ]
    return all(begun and over and over[0] - begun[0] >= 14.0 for begun, over in waits)


def ten_weeks_without_bispecific(life: Life) -> bool:
    """Cells are collected ten weeks or more after the last dose of the bispecific."""
    stopped, collected = life.rang(f"{OTHER} progression"), life.days("cilta-cel: apheresis")
    return bool(stopped and collected) and collected[0] - stopped[-1] >= 70.0


def bridged(life: Life, option: str) -> bool:
    """Much disease, and bridged with this between apheresis and infusion."""
    begun = life.days(f"cilta-cel: manufacture, bridging ({option})")
    infused = [day for day, therapy in life.begun if therapy == CAR_T]
    collected = life.days("cilta-cel: apheresis")
    return bool(begun and infused) and collected[0] < begun[0] < infused[0]


def two_targets_come_first(life: Life) -> bool:
    """The first line here hits both targets."""
    return life.features["emd"] == "yes" and life.lines[:1] == ["talquetamab-teclistamab"]


def stepped_up_outside(life: Life) -> bool:
    """Tocilizumab, then the first dose without a bed; admitted when CRS comes."""
    given = life.days(f"{BCMA}: step-up, outpatient, tocilizumab before")
    begun = life.days(f"{BCMA}: step-up, outpatient")
    admitted = [d for d, s in life.entered if s.startswith(f"{BCMA}: ") and "admitted on CRS" in s]
    in_bed = life.days(f"{BCMA}: step-up")
    return bool(given and begun and admitted) and given[0] <= begun[0] < admitted[0] and not in_bed


def stepped_up_again_after(life: Life, drug: str, days: float, own: float) -> bool:
    """Step-up begins again after a gap that the drug's own rule would have let pass."""
    held, again = life.days(f"{drug}: doses held back"), life.days(f"{drug}: step-up again")
    return any(days <= a - h < own for a in again for h in held)


def doses_become_fewer(life: Life) -> bool:
    """Every two weeks from six months on, after three months in a very good response."""
    first, known = life.begun[:1], life.rang(f"{BCMA} assessment")
    rarer = life.days(f"{BCMA}: every two weeks")
    if not (first and known and rarer) or life.took(f"{BCMA} best response")[0] not in {
        "cr",
        "vgpr",
    }:
        return False
    return rarer[0] - first[0][0] >= 6 * MONTH and rarer[0] - known[0] >= 3 * MONTH


def stopped_watched_and_resumed(life: Life) -> bool:
    """Stopped in a very good response after seven months, watched, taken up again at relapse."""
    first, watched = life.begun[:1], life.days(f"{BCMA}: watch")
    resumed = life.days(f"{BCMA}: resumed")
    if not (first and watched and resumed):
        return False
    deep = life.took(f"{BCMA} best response")[0] in {"cr", "vgpr"}
    return deep and first[0][0] + 7 * MONTH <= watched[0] < resumed[0]


def immunoglobulin(life: Life) -> list[float]:
    """The days on which immunoglobulin was begun."""
    days = [(day, state.endswith("and immunoglobulin")) for day, state in life.entered]
    return [day for day, given in days if given]


def immunoglobulin_from_the_second_month(life: Life) -> bool:
    """Begun between one and two months after the first dose."""
    begun = immunoglobulin(life)
    return bool(begun) and MONTH <= begun[0] - life.begun[0][0] <= 2 * MONTH


def immunoglobulin_at_low_igg(life: Life) -> bool:
    """Begun on the day on which IgG is found low."""
    begun, found = immunoglobulin(life), life.rang(f"{BCMA} low IgG found")
    return bool(begun and found) and begun[0] == found[0]


def immunoglobulin_after_infection(life: Life) -> bool:
    """Begun when the first serious infection is over, and not before."""
    begun, infected = immunoglobulin(life), life.rang(f"{BCMA} infection considered")
    return bool(begun and infected) and begun[0] == infected[0]


def doses_are_held_back(life: Life) -> bool:
    """Doses are held back, and go on afterwards."""
    held, over = life.days(f"{BCMA}: doses held back"), life.rang(f"{BCMA} dose delay end")
    return bool(held and over) and over[0] > held[0]


def fewer_doses_then_stop(life: Life) -> bool:
    """The first toxicity is answered with fewer doses, the second ends the therapy."""
    answers = [o for c in life.rows["state"].unique() if "how to answer" in c for o in life.took(c)]
    rarer, stopped = life.days(f"{OTHER}: every four weeks"), life.days(f"{OTHER}: stopped")
    asked = "fewer doses" in answers and "stop at the second" in answers
    return asked and bool(rarer and stopped) and rarer[0] < stopped[0]


def worse_disease_overtakes(life: Life) -> bool:
    """Much disease, and the slot comes before that of somebody with little who asked earlier."""
    wait, grant = f"{CAR_T}: waiting for slot", f"slots/{CAR_T}"
    low = [other for other in life.others.values() if other.features.get("burden") == "low"]
    theirs = [(other.days(wait), other.rang(grant)) for other in low]
    mine = (life.days(wait), life.rang(grant))
    return life.features["burden"] == "high" and overtakes(mine, theirs)


def goes_before_others(life: Life, wait: str, got: str, users: tuple[str, str]) -> bool:
    """Served before one of the centre's other users who asked earlier."""
    theirs = [
        (other.days(f"{users[0]}: waiting"), other.days(f"{users[0]}: in {users[1]}"))
        for other in life.others.values()
    ]
    return overtakes((life.days(f"{CAR_T}: {wait}"), life.days(f"{CAR_T}: {got}")), theirs)


Served = tuple[list[float], list[float]]
"""The days of asking, and those of being served."""


def overtakes(mine: Served, theirs: Iterable[Served]) -> bool:
    """Whether somebody asked before me and was served after me."""
    if not all(mine):
        return False
    asked, served = mine[0][0], mine[1][0]
    once = [(a[0], s[0]) for a, s in theirs if len(a) == 1 and s]
    return len(mine[0]) == 1 and any(a < asked and s > served for a, s in once)
