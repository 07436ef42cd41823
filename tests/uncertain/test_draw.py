"""Sets are drawn sound, by name, and together where a fit found numbers together."""

import numpy as np
import pytest

from pathsim.inputs.evidence import numbers
from pathsim.inputs.fits import fits
from pathsim.inputs.load import read
from pathsim.inputs.places import params_dir
from pathsim.inputs.resolve import resolve
from pathsim.inputs.rewrite import number_at
from pathsim.inputs.spreads import wholes
from pathsim.inputs.vary import varied
from pathsim.study.uncertain import joint
from pathsim.study.uncertain.distributions import scale_of
from pathsim.study.uncertain.draw import uncertain
from pathsim.study.uncertain.pieces import Fitted

SEED = 3


@pytest.fixture(scope="module")
def cart_first():
    return resolve("cart_first")


@pytest.fixture(scope="module")
def sets(cart_first):
    drawn = uncertain(cart_first)
    return [drawn.drawn(SEED, k) for k in range(20)]


def test_every_number_with_a_spread_varies_or_is_named_as_held(cart_first, sets):
    with_spread = {path for path, n in numbers(cart_first) if n.spread}
    held = uncertain(cart_first).held
    assert set(sets[0]) | set(held) == with_spread
    for path in sets[0]:
        values = {drawn[path] for drawn in sets}
        assert len(values) > 1 or all(v.is_integer() for v in values), path


def test_every_set_makes_a_sound_scenario_whose_wholes_are_whole(cart_first, sets):
    for drawn in sets[:5]:
        changed = dict(numbers(varied(cart_first, drawn)))
        for whole in wholes(cart_first):
            total = sum(changed[path].base for path in whole.shares)
            assert total <= 1 + 1e-9
            if not whole.rest:
                assert total == pytest.approx(1, abs=1e-9)


def test_a_number_has_the_same_value_in_every_scenario_that_states_it(sets):
    other = resolve("belantamab_before_cart")
    drawn = uncertain(other).drawn(SEED, 0)
    same = set(drawn) & set(sets[0])
    assert len(same) > 500
    assert {path: drawn[path] for path in same} == {path: sets[0][path] for path in same}


def test_sets_do_not_depend_on_each_other_nor_on_what_else_varies(cart_first, sets):
    some = uncertain(cart_first, of=["therapies.teclistamab", "accrual"]).drawn(SEED, 7)
    assert len(some) > 50
    assert some == {path: sets[7][path] for path in some}


def test_what_a_therapy_takes_from_another_is_drawn_once():
    scenario = resolve("emd_two_targets")
    stated = dict(numbers(scenario))
    drawn = uncertain(scenario).drawn(SEED, 0)
    one, other = "therapies.talquetamab.", "therapies.talquetamab-teclistamab."
    pairs = [(path, other + path.removeprefix(one)) for path in drawn if path.startswith(one)]
    same = [(a, b) for a, b in pairs if b in stated and stated[a] == stated[b]]
    assert len(same) > 10
    assert [drawn[a] for a, _ in same] == [drawn[b] for _, b in same]


def test_a_number_that_stands_in_several_places_of_a_fit_is_one(sets):
    for drawn in sets:
        shapes = {drawn[f"therapies.cilta-cel.progression.{r}.shape"] for r in ("cr", "vgpr", "pr")}
        assert len(shapes) == 1


def test_every_place_that_a_fit_names_says_that_it_is_that_number():
    told = 0
    for name, fit in fits().items():
        for free, each in fit.free.items():
            for file, path in each.places:
                there = number_at(read(params_dir() / f"{file}.yaml"), path)
                assert there["where"] == f"params/calibrated/{name}.yaml, {free}"
                assert there["value"] == joint.record(name).numbers[free].value
                told += 1
    assert told > 100


def test_every_record_is_positive_definite_as_it_is():
    for name in fits():
        assert not joint.root(name).mended


def test_a_matrix_that_rounding_spoilt_is_mended_and_its_diagonal_stays_1():
    spoilt = [[1, 0.999, 0.5], [0.999, 1, 0.56], [0.5, 0.56, 1]]
    assert np.linalg.eigvalsh(spoilt).min() < 0
    found = joint.root_of(spoilt)
    assert found.mended
    mended = found.root @ found.root.T
    assert np.diag(mended) == pytest.approx(1)
    assert np.abs(mended - spoilt).max() < 0.02


def test_draws_of_a_fit_have_the_records_correlations_and_intervals(cart_first):
    """4,000 sets: a correlation is known to 1/sqrt(4000) = 0.016, so four of these; an end of an
    interval to 3.4 % of a standard deviation."""
    whole = uncertain(cart_first, of=["therapies.cilta-cel"])
    piece = next(p for p in whole.pieces if isinstance(p, Fitted) and p.fit == "cilta-cel")
    place = whole.pieces.index(piece)
    drawn = np.array([[v for _, v in whole._piece(place, SEED, k, 0)] for k in range(4000)])
    record = joint.record("cilta-cel")
    names = list(record.numbers)
    places = [joint.place_of(e.number) for e in piece.entries]
    order = [names.index(place.name) for place in places if place]
    logs = np.array([[scale_of(e.number).to(v) for e, v in zip(piece.entries, row, strict=True)]
                     for row in drawn])  # fmt: skip
    wanted = np.array(record.correlation)[np.ix_(order, order)]
    assert np.abs(np.corrcoef(logs.T) - wanted).max() < 4 * 0.016
    for k, entry in enumerate(piece.entries):
        found = record.numbers[names[order[k]]]
        ends = np.quantile(logs[:, k], (0.025, 0.975))
        wished = [scale_of(entry.number).to(v) for v in (found.low, found.high)]
        assert ends == pytest.approx(wished, abs=4 * 0.034 * 1.3 * found.sd_of_logarithm)


def test_without_correlation_the_numbers_of_a_fit_are_independent_but_keep_their_intervals(
    cart_first,
):
    whole = uncertain(cart_first, of=["therapies.cilta-cel.progression"], correlated=False)
    assert not any(isinstance(p, Fitted) for p in whole.pieces)
    path = "therapies.cilta-cel.progression.{}.scale"
    drawn = [whole.drawn(SEED, k) for k in range(300)]
    cr, vgpr = (np.log([d[path.format(r)] for d in drawn]) for r in ("cr", "vgpr"))
    recorded = joint.record("cilta-cel")
    names = list(recorded.numbers)
    wanted = recorded.correlation[names.index("scale after CR")][names.index("scale after VGPR")]
    assert abs(wanted) > 0.3
    assert abs(np.corrcoef(cr, vgpr)[0, 1]) < 4 / np.sqrt(300)


def test_what_contradicts_itself_is_drawn_again_and_counted(cart_first):
    """Two times that share their luck and yet pass each other in an eighth of the sets."""
    restart = "therapies.teclistamab.restart"
    told = {"source": "s", "where": "w", "kind": "trial", "verified": "no", "unit": "days"}
    short = told | {"value": 28, "spread": {"low": 10, "high": 94, "of": "95ci"}}
    full = told | {"value": 56, "spread": {"low": 50, "high": 57, "of": "95ci"}}
    scenario = varied(
        cart_first,
        {f"{restart}.no_step_up_within": short, f"{restart}.full_step_up_after": full},
    )
    whole = uncertain(scenario, of=[restart])
    drawn = [whole.drawn(SEED, k) for k in range(300)]
    assert all(
        d[f"{restart}.no_step_up_within"] <= d[f"{restart}.full_step_up_after"] for d in drawn
    )
    # they cross where 28 exp(0.618 z) = 56 exp(0.009 z): z = 1.14, P = 0.127
    again = whole.redrawn[restart]
    assert again / (300 + again) == pytest.approx(0.127, abs=4 * (0.127 * 0.873 / 300) ** 0.5)


@pytest.mark.parametrize("name", ["cart_first", "emd_two_targets", "without_cart_linvoseltamab"])
def test_what_ships_never_contradicts_itself(name):
    whole = uncertain(resolve(name))
    for k in range(25):
        whole.drawn(SEED, k)
    assert not whole.redrawn
