"""Runs a stored `model.tflite`: pixels in, class probabilities and features out."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fmnist_core.errors import RunError

# One invocation's images: more only takes memory.
_BATCH = 100
LATENCY_CALLS = 300


@dataclass(frozen=True)
class Outputs:
    """What a network says of n images: probabilities (n, 10) and penultimate features (n, d)."""

    probabilities: npt.NDArray[np.float32]
    features: npt.NDArray[np.float32]


class LiteRTModel:
    """A `model.tflite` in memory. Safe to share between threads: it reads one batch at a time.

    Raises `RunError` when the file is no LiteRT model with our two outputs.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  # most pages do without

        try:
            self._run = Interpreter(
                model_path=str(path), num_threads=threads
            ).get_signature_runner()
            (self._input,) = self._run.get_input_details()
            outputs = set(self._run.get_output_details())
            if outputs != {"probabilities", "features"}:
                raise ValueError(f"outputs {sorted(outputs)}")
        except (OSError, RuntimeError, ValueError) as error:
            raise RunError(
                f"{path.name} must be a LiteRT model with the outputs probabilities and features. "
                f"Received: {error}. Verify the run."
            ) from error
        self._lock = threading.Lock()

    def __call__(self, images: npt.NDArray[np.uint8]) -> Outputs:
        """Reads at least one image: uint8 (n, 28, 28), light on dark."""
        parts = []
        with self._lock:
            for start in range(0, len(images), _BATCH):
                batch = images[start : start + _BATCH].astype(np.float32)[..., None] / 255
                parts.append(self._run(**{self._input: batch}))
        return Outputs(
            np.concatenate([part["probabilities"] for part in parts]),
            np.concatenate([part["features"] for part in parts]),
        )

    def latency_ms(self) -> float:
        """Milliseconds for one image: the fastest of 300 calls.

        The fastest, as `timeit` advises: whatever else the machine does only adds to it.
        """
        image = np.zeros((1, 28, 28), np.uint8)
        self(image)
        times = []
        for _ in range(LATENCY_CALLS):
            started = time.perf_counter()
            self(image)
            times.append(time.perf_counter() - started)
        return 1000 * min(times)
