"""What an archive can cost that is refused: seconds and megabytes, whatever is in it.

In a process of its own, whose peak of memory is nobody else's.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from fmnist_core.architectures.summary import summarize
from fmnist_core.architectures.weight_shapes import weight_shapes
from fmnist_core.runs.archive import export_archive
from tests.shipped_runs import shipped_run
from tests.unit.runs.hostile_archives import hostile_archives, listed, pack, unpack
from tests.unit.runs.hostile_models import endless_model, huge_model

SHIPPED = Path(__file__).parents[3] / "cached_runs"
RUN_ID = shipped_run("kadam_a1")
GOOD = unpack(export_archive(SHIPPED, RUN_ID))

MOST_CPU_SECONDS, MOST_KILOBYTES = 2, 100_000

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak of memory is Linux' own"
)

REFUSE = """
import resource, sys, time
from pathlib import Path
from fmnist_core.errors import RunError
from fmnist_core.exchange.import_run import import_run
import safetensors.numpy
def peak():  # not `ru_maxrss`, which begins with that of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
def seconds():  # of the process that tries a model too
    tried = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + tried.ru_utime + tried.ru_stime
before, slowest, said = peak(), 0.0, ""
for path in sorted(Path(sys.argv[1]).glob("*.zip")):
    started = seconds()
    try:
        with path.open("rb") as file:
            sys.exit(f"{import_run(Path(sys.argv[1]) / 'runs', file)} was taken")
    except RunError as error:
        slowest, said = max(slowest, seconds() - started), str(error)
tried = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # begins with that of this process
print(slowest, max(peak(), tried) - before, said)
"""


def refuse_all(folder: Path) -> tuple[float, float, str]:
    """The most seconds for one, kilobytes more than before, and the last refusal."""
    command = [sys.executable, "-c", REFUSE, str(folder)]
    printed = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=SHIPPED.parent
    ).stdout
    slowest, grown, said = printed.split(maxsplit=2)
    return float(slowest), float(grown), said


def test_refusing_takes_little_time_and_little_memory(tmp_path):
    for number, (archive, _) in enumerate(hostile_archives(RUN_ID, GOOD).values()):
        (tmp_path / f"{number}.zip").write_bytes(archive)
    slowest, grown, _ = refuse_all(tmp_path)
    assert slowest < MOST_CPU_SECONDS
    assert grown < MOST_KILOBYTES


def test_the_largest_run_is_refused_as_cheaply(tmp_path):
    """64 MiB of weights whose last number is wrong, and the largest model that fits beside them."""
    layers = "flatten\ndense 42000 relu\ndense 10 softmax\n"
    network = summarize(layers)
    weights = {name: np.zeros(s, np.float16) for name, s in weight_shapes(network).items()}
    *_, last = weights
    weights[last].flat[-1] = np.nan
    total = network.total_params
    record = json.loads(GOOD["run.json"]) | {
        "layers": layers,
        "params": {"total": total, "trainable": total, "non_trainable": 0},
        "macs": network.macs,
    }
    files = {
        **GOOD,
        "run.json": json.dumps(record).encode(),
        "weights.safetensors": save(weights),
        "model.tflite": bytes(60_000_000),
    }
    (tmp_path / "large.zip").write_bytes(pack(listed(RUN_ID, files)))
    slowest, grown, said = refuse_all(tmp_path)
    assert "NaN or infinity" in said
    assert slowest < MOST_CPU_SECONDS
    assert grown < MOST_KILOBYTES


def test_a_model_made_to_cost_much_is_refused_as_cheaply(tmp_path):
    """A few kilobytes that never end, and a few that ask for a gigabyte."""
    for name, model in {"endless": endless_model(), "huge": huge_model()}.items():
        folder = tmp_path / name
        folder.mkdir()
        record = json.loads(GOOD["run.json"]) | {"size_bytes": len(model)}
        files = {**GOOD, "model.tflite": model, "run.json": json.dumps(record).encode()}
        (folder / "model.zip").write_bytes(pack(listed(RUN_ID, files)))
        slowest, grown, said = refuse_all(folder)
        assert "model.tflite must be a LiteRT model of 28x28 images" in said
        assert slowest < MOST_CPU_SECONDS
        assert grown < MOST_KILOBYTES
