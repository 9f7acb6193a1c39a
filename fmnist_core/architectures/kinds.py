"""Every kind of layer that a layer text may use, by its first word."""

from fmnist_core.architectures.grammar import Kind
from fmnist_core.architectures.kinds_blocks import BLOCK_KINDS
from fmnist_core.architectures.kinds_capsules import CAPSULE_KINDS
from fmnist_core.architectures.kinds_plain import PLAIN_KINDS

KINDS: dict[str, Kind] = {kind.word: kind for kind in (*PLAIN_KINDS, *BLOCK_KINDS, *CAPSULE_KINDS)}
