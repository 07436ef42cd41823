"""Studies of uncertain numbers, from a file to a folder."""

import json

import numpy as np
import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.inputs.document import Document
from pathsim.study import sweep as sweeping
from pathsim.study.asked_outcomes import checked_study
from pathsim.study.folders import now
from pathsim.study.store import Store
from pathsim.study.sweep_folder import keep

BEDS = "centre.resources.cell_therapy_bed.places"
SURVIVAL = "overall survival from arrival, mean within 12 months"


def study(tmp_path, design, **fields):
    data = {
        "study": "a-study", "title": "What is not known?", "scenarios": ["cart_first"],
        "patients": 40, "replications": 2, "outcomes": [SURVIVAL, "lost before infusion"],
        "design": design, **fields,
    }  # fmt: skip
    path = tmp_path / "a-study.yaml"
    path.write_text(json.dumps(data))
    return sweeping.plan_of(checked_study(Document(path, data, {})))


def carried_out(plan, tmp_path, **options):
    store = Store(tmp_path / "store")
    carried = sweeping.sweep(plan, store, workers=1)
    return keep(plan, store, carried, tmp_path / "out", started=now(), **options)


@pytest.fixture(scope="module")
def uncertainty(tmp_path_factory):
    """Three sets of the numbers of two therapies in two scenarios."""
    folder = tmp_path_factory.mktemp("uncertainty")
    design = {"kind": "uncertainty", "sets": 3, "of": ["therapies.cilta-cel", "therapies.dpd-pvd"]}
    plan = study(folder, design, scenarios=["cart_first", "bispecific_first"])
    return plan, carried_out(plan, folder)


def test_every_set_has_patients_of_its_own_which_the_scenarios_share(uncertainty):
    plan, _ = uncertainty
    seeds = [{job.seed for _, jobs in plan.jobs_of(k) for job in jobs} for k in range(3)]
    assert all(len(each) == 1 for each in seeds)
    assert len(set.union(*seeds)) == 3


def test_the_inputs_are_what_was_drawn_a_row_a_set(uncertainty):
    plan, kept = uncertainty
    inputs = pd.read_parquet(kept.folder / "inputs.parquet")
    as_text = pd.read_csv(kept.folder / "inputs.csv")
    pd.testing.assert_frame_equal(as_text, inputs, check_dtype=False, rtol=1e-14)
    assert len(inputs) == 3
    for factor in plan.design.factors:
        drawn = [plan.design.changes(k, "cart_first")[factor.path] for k in range(3)]
        assert inputs[factor.name].tolist() == drawn
    told = (kept.folder / "README.txt").read_text()
    assert all(factor.path in told for factor in plan.design.factors)


def test_the_summary_is_that_of_the_results(uncertainty):
    _, kept = uncertainty
    results = pd.read_csv(kept.folder / "results.csv")
    table = pd.read_csv(kept.folder / "uncertainty.csv", keep_default_na=False)
    mine = results[(results.outcome == SURVIVAL) & (results.scenario == "cart_first")]
    row = table[(table.outcome == SURVIVAL) & (table.scenario == "cart_first")].iloc[0]
    assert float(row["mean"]) == pytest.approx(mine["mean"].mean())
    assert float(row.sd_sets) == pytest.approx(mine["mean"].std())
    assert float(row.se_inner) == pytest.approx(np.sqrt((mine["noise"] ** 2).mean()))
    both = table[(table.outcome == SURVIVAL) & (table.minus == "")]
    assert both.p_best.astype(float).sum() == pytest.approx(1)
    assert (table.minus == "cart_first").any()


def test_what_varies_and_what_does_not_is_said(uncertainty):
    _, kept = uncertainty
    told = "\n".join(kept.account.lines(120))
    assert "numbers vary" in told
    assert "chance" in told


def test_with_one_replication_the_account_says_that_chance_is_not_known(tmp_path):
    design = {"kind": "uncertainty", "sets": 2, "of": "centre"}
    kept = carried_out(study(tmp_path, design, replications=1), tmp_path, pictures=False)
    assert "how much of this is chance is not known" in " ".join(kept.account.lines(120))


def test_indices_of_fields_and_of_numbers_stand_under_their_names(tmp_path):
    design = {
        "kind": "sobol_indices", "base_sets": 2,
        "vary": [
            {"path": BEDS, "low": 6, "high": 12, "name": "beds"},
            {"path": "accrual.rate", "low": "6 per month", "high": "10 per month"},
            {"path": "therapies.cilta-cel.icu.admission", "name": "to_icu"},
        ],
    }  # fmt: skip
    plan = study(tmp_path, design)
    assert len(plan.design) == 2 * 5
    assert {job.seed for job in plan.jobs} == {plan.study.seed}
    beds = {plan.design.changes(k)[BEDS] for k in range(10)}
    assert beds <= set(range(6, 13))
    kept = carried_out(plan, tmp_path)
    table = pd.read_parquet(kept.folder / "indices.parquet")
    assert table.factor.unique().tolist() == ["beds", "accrual_rate", "to_icu"]
    assert {"S1", "S1_low", "S1_high", "ST", "noise_share"} <= set(table)


def test_effects_of_parts_move_all_their_numbers_at_once(tmp_path):
    design = {
        "kind": "morris", "trajectories": 2, "vary": "spreads", "by": "part",
        "of": ["population", "therapies.cilta-cel"],
    }  # fmt: skip
    plan = study(tmp_path, design)
    assert len(plan.design) == 2 * 3
    first, second = (plan.design.changes(k, "cart_first") for k in (0, 1))
    moved = {path.partition(".")[0] for path in first if first[path] != second[path]}
    assert len(moved) == 1
    kept = carried_out(plan, tmp_path)
    table = pd.read_csv(kept.folder / "indices.csv")
    assert set(table.factor) == {"population", "therapies.cilta-cel"}
    assert table.mu_star.notna().all()


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"kind": "uncertainty", "sets": 5, "of": "therapies.ciltacel"}, "mean 'therapies.cil"),
        ({"kind": "uncertainty", "sets": 1}, "sets"),
        ({"kind": "uncertainty", "sets": 5, "spreads": {"assumed": 1.0}}, "no part to read"),
        ({"kind": "sobol_indices", "base_sets": 6, "vary": "spreads"}, "write 4 or 8"),
        ({"kind": "morris", "trajectories": 4, "vary": [{"path": "accrual.rate"}]}, "no spread"),
        ({"kind": "morris", "trajectories": 4, "by": "part",
          "vary": [{"path": "accrual.rate", "low": 1, "high": 2}]}, "by is for"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_a_remedy(tmp_path, design, said):
    with pytest.raises(InputError, match=said):
        study(tmp_path, design)
