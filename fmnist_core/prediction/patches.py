"""Which patches of an image are covered to see what mattered."""

from dataclasses import dataclass

# A network is asked once for every place. At 40 billion multiply-accumulates a second, which two
# threads of a server reach, so many take less than a second.
MOST_MACS = 25_000_000_000
_SIDE = 28


@dataclass(frozen=True)
class Patches:
    """Squares of `side` pixels, each `stride` pixels from the next."""

    side: int
    stride: int

    @property
    def corners(self) -> list[int]:
        """Where they begin along a side of the image; the last one ends at the border."""
        return sorted({*range(0, _SIDE - self.side, self.stride), _SIDE - self.side})

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.corners) ** 2


FINE = Patches(6, 2)
_EVER_COARSER = (FINE, Patches(6, 3), Patches(6, 4), Patches(8, 5), Patches(10, 6), Patches(14, 7))


def patches_for(macs: int) -> Patches:
    """Returns the finest patches that a network of so many MACs an image answers in a second."""
    affordable = (patches for patches in _EVER_COARSER if patches.count * macs <= MOST_MACS)
    return next(affordable, _EVER_COARSER[-1])
