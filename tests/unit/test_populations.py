"""Populations: the shipped ones are drawn as published, and wrong ones say what is wrong."""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path
from statistics import fmean, median

import numpy as np
import pytest

from pathsim.errors import InputError
from pathsim.inputs.background import load_background
from pathsim.inputs.effects import OddsEffect
from pathsim.inputs.evidence import Number, Sources, numbers
from pathsim.inputs.load import read, validate
from pathsim.inputs.population import (
    FEATURES,
    LEFT_OUT,
    Counts,
    Exposure,
    FeatureEffect,
    Levels,
    Population,
    TruncatedNormal,
    load_population,
)

PARAMS = Path(__file__).parents[2] / "params"
FILES = sorted((PARAMS / "populations").glob("*.yaml"))
LATE = PARAMS / "populations" / "us-real-world-late-line.yaml"
TRIAL = PARAMS / "populations" / "cartitude-4.yaml"
DEPTH = ("no", "secondary", "abstract", "full text")
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def _drawn(path: Path) -> list[dict[str, object]]:
    """5,000 patients with their features, drawn by the definition, in the order of the file."""
    population, rng = load_population(path), np.random.default_rng(1)
    return [_one(population, rng) for _ in range(5_000)]


def _one(population: Population, rng: np.random.Generator) -> dict[str, object]:
    patient: dict[str, object] = {}
    for name, feature in population.features.items():
        if isinstance(feature, Levels):
            patient[name] = _level(feature.shares_given(patient), rng)
        elif isinstance(feature, Exposure):
            patient[name] = _level(feature.shares, rng)
        elif isinstance(feature, TruncatedNormal):
            patient[name] = _between(feature, rng)
        elif isinstance(feature, Counts):
            patient[name] = feature.law().quantile(rng.random())
    return patient


def _level(shares: dict[str, float], rng: np.random.Generator) -> str:
    uniform, reached = rng.random(), 0.0
    for level, share in shares.items():
        reached += share
        if uniform < reached:
            return level
    return level


def _between(feature: TruncatedNormal, rng: np.random.Generator) -> float:
    while True:
        value = rng.normal(feature.mean.value, feature.sd.value)
        if feature.low.value <= value <= feature.high.value:
            return float(value)


def _complaint(tmp_path: Path, change: str, into: str, *, file: Path = LATE) -> str:
    """What is said of a shipped file in which the one match of `change` is replaced."""
    text, times = re.subn(change, into, file.read_text(encoding="utf-8"), count=1, flags=re.M)
    assert times == 1, f"{change!r} is not in {file.name}"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_population(wrong)
    return str(caught.value)


@EACH
def test_a_population_is_named_after_its_file_and_gives_every_feature(path: Path) -> None:
    population = load_population(path)
    assert population.name == path.stem
    assert set(FEATURES) - set(LEFT_OUT) <= set(population.features) <= set(FEATURES)


@EACH
def test_its_background_mortality_exists(path: Path) -> None:
    name = load_population(path).background
    assert load_background(PARAMS / "background" / f"{name}.yaml").about.name == name


@EACH
def test_every_source_and_every_row_that_it_cites_exists(path: Path) -> None:
    sources = validate(read(PARAMS / "sources.yaml"), Sources).root
    with (PARAMS / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["id"] for row in csv.DictReader(stream)}
    cited = [number for _, number in numbers(load_population(path))]
    assert {number.source for number in cited} <= set(sources)
    read_ = [n for n in cited if n.kind != "calibrated"]  # those are as well known as their targets
    assert all(DEPTH.index(n.verified) <= DEPTH.index(sources[n.source].read) for n in read_)
    assert {number.row for number in cited if number.row} <= rows


@EACH
def test_nothing_recalled_is_called_read(path: Path) -> None:
    for where, number in numbers(load_population(path)):
        assert (number.kind == "assumption") == (number.source == "assumption"), where
        assert number.kind != "assumption" or number.verified == "no", where


@EACH
def test_an_assumption_keeps_no_row_of_what_it_replaces(path: Path) -> None:
    for where, number in numbers(load_population(path)):
        assert number.source != "assumption" or number.row is None, where


@EACH
def test_every_figure_that_a_run_uses_has_a_spread(path: Path) -> None:
    bare = [where for where, number in numbers(load_population(path)) if number.spread is None]
    assert all(where.endswith(("centre", "low", "high")) for where in bare)


@EACH
def test_shares_of_levels_add_up_to_one(path: Path) -> None:
    for feature in load_population(path).features.values():
        if isinstance(feature, Levels | Exposure):
            assert sum(feature.shares.values()) == pytest.approx(1)
            assert min(feature.shares.values()) >= 0


@EACH
def test_effects_leave_the_published_share_nearly_as_it_is(path: Path) -> None:
    population = load_population(path)
    patients = _drawn(path)
    for name, feature in population.features.items():
        if isinstance(feature, Levels):
            seen = Counter(patient[name] for patient in patients)
            for level, share in feature.shares.items():
                assert seen[level] / len(patients) == pytest.approx(share, abs=0.03), (name, level)


def test_the_late_line_population_is_as_old_and_as_pretreated_as_the_cohorts() -> None:
    patients = _drawn(LATE)
    ages = sorted(float(str(patient["age"])) for patient in patients)
    lines = sorted(float(str(patient["prior_lines"])) for patient in patients)
    assert ages[len(ages) // 2] == pytest.approx(66, abs=0.5)
    assert fmean(age >= 70 for age in ages) == pytest.approx(0.32, abs=0.02)
    assert lines[len(lines) // 2] == 6
    assert min(lines) == 4


def test_features_that_go_together_are_found_together() -> None:
    patients = _drawn(LATE)
    frail = [patient for patient in patients if patient["fitness"] == "frail"]
    others = [patient for patient in patients if patient["fitness"] != "frail"]
    old = [fmean(float(str(p["age"])) >= 70 for p in group) for group in (frail, others)]
    assert old[0] > old[1] + 0.15
    with_emd = [p["burden"] == "high" for p in patients if p["emd"] == "yes"]
    without = [p["burden"] == "high" for p in patients if p["emd"] == "no"]
    assert fmean(with_emd) > fmean(without) + 0.05


MEDIANS = {
    "cartitude-1": (61, 6), "karmma": (61, 6), "karmma-3": (63, 3), "locommotion": (68, 4),
    "majestec-1": (65, 5), "magnetismm-3": (68, 5), "linker-mm1": (70, 5), "monumental-1": (67, 5),
}  # fmt: skip
"""Trial -> published median age and earlier lines."""


@pytest.mark.parametrize("trial", MEDIANS)
def test_a_trial_population_has_the_published_medians(trial: str) -> None:
    patients = _drawn(PARAMS / "populations" / f"{trial}.yaml")
    age, lines = MEDIANS[trial]
    assert median(float(str(p["age"])) for p in patients) == pytest.approx(age, abs=0.7)
    assert median(float(str(p["prior_lines"])) for p in patients) == lines


def test_practice_loses_what_cohorts_lose_before_infusion() -> None:
    waiting = load_population(LATE).waiting
    daily = waiting.progression.base * waiting.progression_ends_plan.base + waiting.death.base
    assert 0.075 < 1 - np.exp(-70 * daily) < 0.12


@EACH
def test_fewer_go_on_after_each_further_line(path: Path) -> None:
    between = load_population(path).between_lines
    shares = [between.share_receiving(lines) for lines in range(1, 12)]
    assert shares == sorted(shares, reverse=True)
    assert shares[4] == shares[10]


def test_counts_are_drawn_whole_and_in_their_shares() -> None:
    feature = load_population(LATE).features["prior_lines"]
    assert isinstance(feature, Counts)
    drawn = Counter(feature.law().quantile((i + 0.5) / 1000) for i in range(1000))
    assert drawn == {4.0: 200, 5.0: 250, 6.0: 200, 7.0: 150, 8.0: 200}


def test_an_odds_ratio_works_on_the_odds() -> None:
    def figure(value: float, unit: str) -> Number:
        return Number(value=value, unit=unit, source="s", where="w", kind="cohort", verified="no")

    effect = FeatureEffect(variable="emd", level="yes", odds_ratio=figure(3, "ratio"))
    feature = Levels(
        draw="levels",
        levels={"high": figure(0.25, "probability")},
        rest="low",
        effects={"high": (effect,)},
    )
    assert feature.shares_given({"emd": "yes"}) == pytest.approx({"high": 0.5, "low": 0.5})
    assert feature.shares_given({"emd": "no"}) == pytest.approx({"high": 0.25, "low": 0.75})


def test_features_of_access_go_together_too() -> None:
    ratio = Number(value=2, unit="ratio", source="s", where="w", kind="cohort", verified="no")
    effect = FeatureEffect(variable="distance", level="far", odds_ratio=ratio)
    assert effect.steps("far") == 1
    with pytest.raises(ValueError, match="unknown variable 'distance'"):
        OddsEffect(variable="distance", level="far", odds_ratio=ratio)


@pytest.mark.parametrize(
    ("change", "into", "said"),
    [
        (r"^  tempo:\n    draw: latent\n", "", "features  no tempo: add 'tempo:'"),
        (r"^  burden:", "  burdem:", "features.burdem  no such feature: did you mean 'burden'?"),
        (r"^    rest: male", "    rest: man", "give each of female, male, one of them as the rest"),
        (r"^    rest: male", "    rest: female", "'female' has a share and is the rest"),
        (r"value: 0.449(.*)high: 0.5,", r"value: 1.449\1high: 1.5,", "1.449 is out of range"),
        (r"value: 0.51,", "value: 0.70,", "outside its spread"),
        (
            r"triple: \{value: 0.51(.*)high: 0.55",
            r"triple: {value: 0.80\1high: 0.9",
            "shares add up to 1.17: let them leave the rest 0 or more",
        ),
        (r"unit: years", "unit: months", "mean, sd, low and high differ in unit"),
        (r"(?<=  tempo:\n    draw: )latent", "levels", "levels  missing"),
        (r"(?<=  frailty:\n    draw: )latent", "latant", "latent"),
        (r"- after: 1$", "- after: 2", "further_line is after 2, 2"),
        (r"- count: 5$", "- count: 4", "counts do not rise: put the lowest first"),
        (r"^background: us-2023\n", "", "background  missing"),
        (r"unit: per month", "unit: months", "a rate is needed"),
    ],
)
def test_a_wrong_population_says_what_is_wrong(
    tmp_path: Path, change: str, into: str, said: str
) -> None:
    assert said in _complaint(tmp_path, change, into)


def test_an_effect_of_a_later_feature_is_refused_at_its_line(tmp_path: Path) -> None:
    said = _complaint(tmp_path, r"- variable: risk\n          level: high", _LATER)
    text = (tmp_path / "wrong.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, row in enumerate(text, 1) if "- variable: burden" in row)
    assert f":{line}  features.emd.effects.yes#1.variable  burden is not drawn before emd" in said
    assert "put emd below burden, or remove the effect" in said


_LATER = "- variable: burden\n          level: high"


def test_a_latent_feature_cannot_be_drawn_as_seen(tmp_path: Path) -> None:
    normal = "  tempo:\n    draw: levels\n    levels: {}\n    rest: fast"
    said = _complaint(tmp_path, r"^  tempo:\n    draw: latent", normal)
    assert "features.tempo.draw  'levels' does not fit tempo: write latent" in said


def test_the_exposed_need_a_time_since(tmp_path: Path) -> None:
    never = r"      recent: \{value: 0, "
    said = _complaint(tmp_path, never, "      recent: {value: 0.01, ", file=TRIAL)
    assert "no time since for recent: add it below 'since'" in said
