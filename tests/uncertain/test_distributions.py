"""Distributions have the value as their median and the spread's ends where they are said to be."""

import math

import pytest

from pathsim.inputs.evidence import Number
from pathsim.inputs.resolve import resolve
from pathsim.inputs.spreads import Entry, entries
from pathsim.study.uncertain.distributions import Reading, Shares, of_entry

HIGH, LOW = 0.975, 0.025


ANYWHERE = (-math.inf, math.inf)


def entry(
    value, low, high, unit="days", of="95ci", *, path="x.duration", within=ANYWHERE, whole=False
) -> Entry:
    number = Number(
        value=value, unit=unit, source="s", where="w", kind="trial", verified="no",
        spread={"low": low, "high": high, "of": of},
    )  # fmt: skip
    low_limit, high_limit = within
    return Entry(path, number, low_limit, high_limit, whole)


@pytest.fixture(scope="module")
def of_cart_first():
    return [e for e in entries(resolve("cart_first")) if e.number.spread]


def inside(spread, value, number) -> bool:
    """Whether the spread is two-sided and no end of it is the end of all that can be."""
    whole = 100 if number.unit == "%" else 1 if number.measures == "probability" else math.inf
    return 0 < spread.low < value < spread.high < whole


def test_the_median_is_the_value_and_95_percent_lie_in_a_95_percent_interval(of_cart_first):
    tried = 0
    for e in of_cart_first:
        number, spread = e.number, e.number.spread
        if spread.of == "95ci" and inside(spread, number.value, number) and not e.whole:
            found = of_entry(e, Reading())
            ends = found.quantile(LOW), found.quantile(0.5), found.quantile(HIGH)
            # to what being cut at the field's limits moves them
            assert ends == pytest.approx((spread.low, number.value, spread.high), rel=0.01), e.path
            tried += 1
    assert tried > 60


def test_no_draw_of_the_catalogue_leaves_what_its_field_allows(of_cart_first):
    for e in of_cart_first:
        found = of_entry(e, Reading(assumed=0.5, range=0.5))
        for u in (1e-12, 0.001, 0.3, 0.5, 0.8, 0.999, 1 - 1e-12):
            assert e.low <= found.quantile(u) <= e.high, e.path


def test_no_median_time_of_the_catalogue_is_drawn_in_decades(of_cart_first):
    for e in of_cart_first:
        if e.number.measures == "time" and e.path.endswith(".median"):
            number, spread = e.number, e.number.spread
            drawn = of_entry(e, Reading()).quantile(HIGH)
            assert drawn <= max(spread.high, 3 * number.value) * 1.001, e.path


def test_a_cut_at_a_limit_leaves_no_heap_there():
    found = of_entry(entry(80, 50, 100, "%", within=(0, 90)), Reading())
    shares = [k / 100 for k in range(1, 100)]
    values = [found.quantile(u) for u in shares]
    assert values == sorted(set(values))
    assert values[-1] < 90


def test_a_lopsided_spread_keeps_its_median_and_both_ends():
    found = of_entry(entry(28, 14, 35), Reading())
    assert [found.quantile(u) for u in (LOW, 0.5, HIGH)] == pytest.approx([14, 28, 35])


@pytest.mark.parametrize(
    ("value", "low", "high", "unit"),
    [(28, 28, 35, "days"), (28, 21, 28, "days"), (0, 0, 1, "%")],
)
def test_a_value_at_an_end_of_its_spread_is_never_passed_and_95_percent_are_inside(
    value, low, high, unit
):
    found = of_entry(entry(value, low, high, unit), Reading())
    far, share = (high, 0.95) if value == low else (low, 0.05)
    assert found.quantile(share) == pytest.approx(far)
    assert (found.quantile(1e-9) >= low) == (value == low)
    assert (found.quantile(1 - 1e-9) <= high * (1 + 1e-9)) == (value == high)


def test_an_end_that_is_nothing_or_all_takes_the_width_of_the_other_side():
    found = of_entry(entry(80, 50, 100, "%"), Reading())
    assert found.quantile(LOW) == pytest.approx(50)
    assert found.quantile(HIGH) == pytest.approx(100 * 16 / 17)  # odds 4, times 4, 16


def test_how_assumed_and_range_are_read_can_be_changed():
    for of in ("assumed", "range"):
        reading = Reading(assumed=0.8) if of == "assumed" else Reading(range=0.8)
        found = of_entry(entry(10, 5, 20, of=of), reading)
        assert [found.quantile(u) for u in (0.1, 0.9)] == pytest.approx([5, 20])
    quartiles = of_entry(entry(10, 5, 20, of="iqr"), Reading(assumed=0.8))
    assert [quartiles.quantile(u) for u in (0.25, 0.75)] == pytest.approx([5, 20])


def test_the_range_of_patients_becomes_the_error_of_a_median():
    """By simulation: the median of 30 patients whose logarithms are normal."""
    import numpy as np

    rng = np.random.default_rng(1)
    patients = rng.normal(math.log(10), 0.8, (4000, 30))
    sd = np.median(patients, axis=1).std()
    ends = np.exp(patients.max(1).mean()), np.exp(patients.min(1).mean())
    found = of_entry(entry(10, ends[1], ends[0], of="range", path="x.onset.median"), Reading())
    # an error of 1.1 % of the simulation; 1.2533/sqrt(n) is 2 % too large at n = 30
    assert found.above == pytest.approx(sd, rel=0.05)
    assert found.below == pytest.approx(sd, rel=0.05)


def test_whole_numbers_are_drawn_whole():
    found = of_entry(entry(1, 1, 2, "count", within=(0, 100), whole=True), Reading())
    assert {found.quantile(u) for u in (0.1, 0.5, 0.9, 0.99)} <= {1.0, 2.0, 3.0}


def test_shares_of_one_whole_have_the_means_written_and_the_variance_of_their_spreads():
    import numpy as np

    rng = np.random.default_rng(2)
    shares = Shares.of((0.5, 0.3, 0.2), (0.05, 0.04))
    drawn = np.array([shares.at(u) for u in rng.random((4000, 3))])
    assert drawn.sum(1) == pytest.approx(1)
    assert drawn.mean(0) == pytest.approx([0.5, 0.3, 0.2], abs=4 * 0.05 / math.sqrt(4000))
    wanted = 0.05**2 + 0.04**2
    # a variance of 4,000 draws is known to 2.2 %
    assert drawn[:, :2].var(0).sum() == pytest.approx(wanted, rel=0.1)
