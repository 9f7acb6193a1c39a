"""TensorBoard's own reader opens what is written without TensorFlow."""

import dataclasses
import itertools
import struct
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from fmnist_core.runs.event_file import crc32c, event_file, event_file_name
from fmnist_core.runs.read import read_history

NOTE = "80/20 of the training set, 48,000 training images, 2 epochs, reduced training"

# RFC 3720, appendix B.4
RFC_3720 = [(bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E)]


@pytest.fixture
def history(stored):
    return read_history(stored.root, stored.run.run_id)


def write(folder: Path, stored, history) -> Path:
    path = folder / event_file_name(stored.run)
    path.write_bytes(event_file(stored.run, history, NOTE))
    return path


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    events = EventAccumulator(str(folder))
    events.Reload()
    tags = events.Tags()["scalars"]
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in tags}


@pytest.mark.parametrize(("data", "checksum"), RFC_3720)
def test_the_checksum_is_that_of_the_standard(data, checksum):
    assert crc32c(data) == checksum


def test_tensorboard_reads_every_epoch_of_every_scalar(tmp_path, stored, history):
    write(tmp_path, stored, history)
    read = scalars(tmp_path)
    for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"):
        expected = [(row.epoch, pytest.approx(getattr(row, name), rel=1e-6)) for row in history]
        assert read[name] == expected
    test_accuracy = pytest.approx(stored.run.metrics.test_accuracy, rel=1e-6)
    assert read["test_accuracy"] == [(stored.run.epochs, test_accuracy)]


def test_the_last_epoch_ends_when_the_run_did_and_each_takes_its_seconds(tmp_path, stored, history):
    path = write(tmp_path, stored, history)
    times = [event.wall_time for event in EventFileLoader(str(path)).Load()][2:-1]
    assert times[-1] == pytest.approx(1738367999)  # 2025-01-31T23:59:59Z
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert steps == pytest.approx([row.seconds for row in history[1:]])


def test_what_must_stand_beside_the_numbers_is_shown_as_text(tmp_path, stored, history):
    write(tmp_path, stored, history)
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    assert events.PluginTagToContent("text") == {"training": b""}
    (event,) = events.Tensors("training")
    assert list(event.tensor_proto.string_val) == [NOTE.encode()]


def test_what_was_not_measured_is_left_out(tmp_path, stored, history):
    history = [dataclasses.replace(row, val_loss=None, val_accuracy=None) for row in history]
    write(tmp_path, stored, history)
    assert scalars(tmp_path).keys() == {
        "loss",
        "accuracy",
        "learning_rate",
        "seconds",
        "test_accuracy",
    }


def test_a_flipped_bit_is_noticed_by_the_reader(tmp_path, stored, history):
    path = write(tmp_path, stored, history)
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    assert "test_accuracy" not in scalars(tmp_path)


def test_a_run_of_very_many_steps_keeps_their_numbers(tmp_path, stored, history):
    history = [dataclasses.replace(history[0], epoch=epoch) for epoch in (1, 127, 128, 10_000)]
    write(tmp_path, stored, history)
    assert [step for step, _ in scalars(tmp_path)["loss"]] == [1, 127, 128, 10_000]


def test_equal_runs_give_equal_bytes(stored, history):
    first = event_file(stored.run, history, NOTE)
    assert first == event_file(stored.run, history, NOTE)
    assert struct.unpack("<Q", first[:8])[0] == len(b"\x09") + 8 + 2 + len("brain.Event:2")
