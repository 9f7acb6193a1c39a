"""What is shown of a conversion."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ZALANDO_STEPS = 7  # the last of every conversion: what comes before them makes a shop picture


@dataclass(frozen=True, eq=False)
class Step:
    """One intermediate image: uint8 (h, w) or (h, w, 3), and one line on what happened."""

    name: str
    says: str
    image: npt.NDArray[np.uint8]
