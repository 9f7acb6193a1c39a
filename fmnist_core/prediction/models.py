"""The networks in memory: loaded when first asked, and never more than fit."""

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.inference.litert import LiteRTModel
from fmnist_core.runs.arrays import Floats
from fmnist_core.runs.index import Stamp, content_stamp
from fmnist_core.runs.read import find_run, read_file

# What a model that has answered keeps: its file (float16), the same weights unpacked to float32 and
# once more in the order of XNNPACK's kernels, and some room to compute in.
BYTES_PER_FILE_BYTE = 5
BYTES_PER_MODEL = 500_000
MOST_BYTES = 60_000_000  # the rest is loaded for each answer, 4 ms a model
MOST_MODELS = 64


class _Place:
    """Where one model stands or is being loaded; the lock lets one session load it."""

    def __init__(self) -> None:
        self.loading = threading.Lock()
        self.model: LiteRTModel | None = None
        self.stamp: Stamp = ()
        self.bytes = 0


class ModelShelf:
    """The models of a runs folder, shared by all sessions of a process.

    Holds at most so many models; the one that was not asked for the longest time goes first. And
    at most so many estimated bytes; there the largest goes first, even the one just loaded, which
    then answers and is gone. For all networks are asked in turn: were it the oldest, each would
    throw out the one that is asked next, and every answer would load every model.
    """

    def __init__(
        self, root: Path, *, most_models: int = MOST_MODELS, most_bytes: int = MOST_BYTES
    ) -> None:
        self.root = root
        self._most_models, self._most_bytes = most_models, most_bytes
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._changing = threading.Lock()

    def model(self, run_id: str) -> LiteRTModel:
        """Returns the model of a run, verified against its manifest when it is loaded.

        One whose run holds something else by now is loaded anew.

        Raises:
            RunError: the run is damaged, or was stored without a model.
            UnknownNameError: there is no such run, or no longer.
        """
        try:
            folder = find_run(self.root, run_id)
            with self._changing:
                place = self._places.setdefault(run_id, _Place())
                self._places.move_to_end(run_id)
            with place.loading:
                stamp = content_stamp(self.root, run_id)
                if place.model is None or place.stamp != stamp:
                    size = len(read_file(self.root, run_id, "model.tflite"))
                    place.model, place.stamp = LiteRTModel(folder / "model.tflite"), stamp
                    place.bytes = BYTES_PER_FILE_BYTE * size + BYTES_PER_MODEL
                    self._make_room()
                return place.model
        except Exception:
            with self._changing:
                self._places.pop(run_id, None)
            raise

    def probabilities(self, run_id: str, images: NDArray[np.uint8]) -> Floats:
        """Returns (n, 10) float32 of at least one image, uint8 (n, 28, 28). Raises as `model`.

        Images are read one after the other: a model keeps the room of its largest batch for good
        (24 networks take 100 MB after batches of 1, 400 MB after batches of 100), and an image
        costs the same processor time either way.
        """
        model = self.model(run_id)
        return np.concatenate([model(image[None]).probabilities for image in images])

    def loaded(self) -> tuple[str, ...]:
        """Returns the runs whose models are in memory, the one to go first in front."""
        with self._changing:
            return tuple(name for name, place in self._places.items() if place.model)

    def loaded_bytes(self) -> int:
        """Returns the estimated memory of the loaded models."""
        with self._changing:
            return self._bytes()

    def _bytes(self) -> int:
        return sum(place.bytes for place in self._places.values())

    def _make_room(self) -> None:
        """Takes models off the shelf; one in use stays alive there until its answer is given."""
        with self._changing:
            standing = [name for name, place in self._places.items() if place.model]
            for name in standing[: max(0, len(standing) - self._most_models)]:
                del self._places[name]
            largest_first = sorted(self._places, key=lambda name: -self._places[name].bytes)
            for name in largest_first:
                if self._bytes() <= self._most_bytes:
                    break
                del self._places[name]
