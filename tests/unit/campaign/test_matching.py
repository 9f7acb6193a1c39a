"""Whether a run is the one that was wanted."""

from fmnist_core.campaign.matching import training_key
from fmnist_core.training.plan import plan_run


def test_a_limit_that_leaves_no_image_out_is_the_very_same_training():
    whole, limited, fewer = (
        training_key(plan_run("kadam_a1", {"limit": limit})) for limit in (0, 60_000, 47_999)
    )
    assert limited == whole != fewer
