import shutil
from typing import get_type_hints

import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.errors import FmnistError, UnknownNameError
from fmnist_core.runs.schema import Run
from fmnist_core.runs.write import STAGING, commit_run
from fmnist_core.training.plan import MOST_PARAMS, Plan, plan_run, save_plan, unfinished_plan

LAYERS = "flatten\ndense 10 softmax\n"
CAPSULES = """
conv 8 9x9 relu
primary_capsules 2 4 9x9 strides 2
capsules 10 4 routing 2
decoder 16
capsule_length
"""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "x" * 201}, "name must be text of at most 200 characters"),
        ({"name": "two\nlines"}, "name must be printable text"),
        ({"notes": "x" * 4_501}, "notes must be text of at most 4500"),
        ({"layers": "# \a\n" + LAYERS}, "layers must be printable text"),
        ({"variant": "same"}, "without a variant. Received: 'same'"),
        ({"layers": "flatten\ndense 40000\ndense 10 softmax"}, f"at most {MOST_PARAMS:,} param"),
        ({"layers": f"flatten\nrepeat 250\n  batchnorm\n{LAYERS}"}, "at most 1,000 tensors"),
    ],
)
def test_what_could_not_be_stored_as_a_run_is_refused_before_the_training(options, said):
    with pytest.raises(FmnistError) as refusal:
        plan_run("custom", {}, **{"layers": LAYERS, **options})
    assert said in str(refusal.value)


def test_a_plan_has_the_bounds_of_the_record_that_it_becomes():
    plan, run = (get_type_hints(kind, include_extras=True) for kind in (Plan, Run))
    shared = plan.keys() & run.keys()
    assert shared == {"run_id", "name", "architecture", "variant", "layers", "recipe"}
    plan["recipe"] |= None  # of a run it may be None
    assert {name: plan[name] for name in shared} == {name: run[name] for name in shared}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"label_smoothing": 0.1}, "label_smoothing must be 0 for capsules"),
        ({"augmentation": "flip mixup"}, "must not mix images for a decoder"),
    ],
)
def test_capsules_refuse_what_their_losses_cannot_follow(changes, said):
    assert plan_run("custom", {"augmentation": "flip"}, layers=CAPSULES).layers == CAPSULES
    with pytest.raises(FmnistError) as refusal:
        plan_run("custom", changes, layers=CAPSULES)
    assert said in str(refusal.value)


def test_a_saved_plan_is_found_again_and_no_other(tmp_path):
    plan = plan_run("kadam_a2", {"epochs": "3"}, variant="same", notes="Two\nlines.")
    work = tmp_path / STAGING / plan.run_id / "work"
    work.mkdir(parents=True)
    save_plan(work, plan)
    assert unfinished_plan(tmp_path, plan.run_id) == plan
    other = plan.run_id[:-1] + ("0" if plan.run_id[-1] != "0" else "1")
    with pytest.raises(UnknownNameError, match=plan.run_id):
        unfinished_plan(tmp_path, other)


def test_a_run_killed_just_before_its_move_into_place_can_be_resumed(tmp_path):
    run_id = "example-20250131-235959-00000a"
    run = write_example(tmp_path, run_id)
    # As the kill leaves it: the manifest is written and the work folder, plan and all, is gone.
    staging = tmp_path / STAGING / run_id
    shutil.move(tmp_path / run_id, staging)
    plan = unfinished_plan(tmp_path, run_id)
    assert (plan.run_id, plan.layers, plan.recipe) == (run_id, run.layers, run.recipe)
    assert commit_run(staging) == tmp_path / run_id
