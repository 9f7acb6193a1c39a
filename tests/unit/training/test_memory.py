from dataclasses import dataclass

import psutil
import pytest

from fmnist_core.architectures import summarize
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import ImageCounts
from fmnist_core.training.memory import MIB, _container_limits, memory_limit, peak_memory

BIG_DENSE = "flatten\ndense 5000 relu\ndense 4000 relu\ndense 10 softmax"
ATTENTION = """conv 32 3x3 strides 2 same relu
attention 4 16
attention 4 16
global_avgpool
dense 10 softmax"""
ALL_AUGMENTATIONS = "rotation shift zoom flip erasing mixup"


@dataclass(frozen=True)
class Peak:
    network: str
    changes: dict[str, object]
    resident_mib: int
    data_mib: int


# The highest VmHWM and VmData in /proc/PID/status, read 20 times a second (two threads, Python
# 3.11, TensorFlow 2.21, glibc), of
#   FMNIST_RUNS_DIR=$(mktemp -d) python -m fmnist_core train NETWORK --limit 2000 --epochs 1 \
#       --recipe CHANGES
PEAKS = [
    Peak("kadam_a1", {}, 878, 824),
    Peak("kadam_a1", {"batch_size": 2000, "augmentation": ALL_AUGMENTATIONS}, 886, 831),
    Peak("kadam_a5_adam", {}, 1102, 1110),
    Peak("awasthi_enhanced", {}, 1187, 1324),
    Peak("awasthi_enhanced", {"precision": "mixed_bfloat16"}, 1060, 1088),
    Peak("chen_densenet", {}, 2133, 2206),
    Peak("mcnn12", {}, 1758, 2006),
    Peak("chen_capsnet", {}, 2605, 3295),
    Peak(ATTENTION, {}, 1778, 1951),
    Peak(BIG_DENSE, {}, 2548, 2757),
]


@pytest.mark.parametrize("peak", PEAKS, ids=lambda peak: f"{peak.network[:16]} {peak.changes}")
def test_the_peak_is_not_underestimated_by_a_quarter_nor_overestimated_two_and_a_half_times(peak):
    own = "\n" in peak.network
    layers = peak.network if own else find_system(peak.network).layers
    source = {} if own else find_system(peak.network).recipe
    recipe = Recipe.from_dict({**source, **peak.changes})
    estimated = peak_memory(summarize(layers), recipe, ImageCounts(2_000, 12_000, 10_000)) / MIB
    assert estimated >= 0.75 * max(peak.resident_mib, peak.data_mib)
    assert estimated <= 2.5 * min(peak.resident_mib, peak.data_mib)


def test_a_job_may_use_less_than_the_machine_has():
    assert 0 < memory_limit() < psutil.virtual_memory().total


def _group(folder, name, limit):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"{limit}\n")


def test_the_limits_of_a_container_and_of_the_groups_around_it_are_read(tmp_path):
    root, membership = tmp_path / "cgroup", tmp_path / "membership"
    membership.write_text("0::/outer/inner\n")
    _group(root / "outer" / "inner", "memory.max", "max")
    _group(root / "outer", "memory.max", 3_000_000_000)
    assert list(_container_limits(root, membership)) == [3_000_000_000]
    _group(root, "memory.max", 2_000_000_000)
    assert min(_container_limits(root, membership)) == 2_000_000_000


def test_a_container_that_does_not_see_its_hosts_groups_has_its_limit_at_the_root(tmp_path):
    root, membership = tmp_path / "cgroup", tmp_path / "membership"
    membership.write_text("3:cpu,cpuacct:/docker/1f\n2:memory:/docker/1f\n")
    _group(root / "memory", "memory.limit_in_bytes", 1_500_000_000)
    assert list(_container_limits(root, membership)) == [1_500_000_000]


def test_without_groups_there_is_no_limit(tmp_path):
    assert list(_container_limits(tmp_path, tmp_path / "none")) == []
    (tmp_path / "membership").write_text("0::/\n")
    assert list(_container_limits(tmp_path, tmp_path / "membership")) == []
