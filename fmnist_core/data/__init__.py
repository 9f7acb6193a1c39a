"""Fashion-MNIST: found, fetched, verified and split. NumPy only."""

from fmnist_core.data.dataset import CLASS_NAMES, DATASET_SHA256
from fmnist_core.data.fetch import Progress, fetch_data
from fmnist_core.data.labels import known_labels
from fmnist_core.data.locations import DataStatus, data_status, find_data
from fmnist_core.data.pool import Pool, load_image, load_pool, load_test_images
from fmnist_core.data.splits import (
    PROTOCOLS,
    Protocol,
    Split,
    binding_limit,
    describe_split,
    make_split,
)

__all__ = [
    "CLASS_NAMES",
    "DATASET_SHA256",
    "PROTOCOLS",
    "DataStatus",
    "Pool",
    "Progress",
    "Protocol",
    "Split",
    "binding_limit",
    "data_status",
    "describe_split",
    "fetch_data",
    "find_data",
    "known_labels",
    "load_image",
    "load_pool",
    "load_test_images",
    "make_split",
]
