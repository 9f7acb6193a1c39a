"""What Fashion-MNIST is: its classes, its four files and the digests that say they are genuine.

Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking
Machine Learning Algorithms" (arXiv 1708.07747). The digests are those of the cleaned release
(after 31 August 2017), which has no image in both the training and the test set.
"""

from dataclasses import dataclass

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

DOWNLOAD_ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
DEBIAN_PACKAGE = "dataset-fashion-mnist"

TRAIN_COUNT = 60_000  # pool indices 0..59999 are the official training set
TEST_COUNT = 10_000  # pool indices 60000..69999 are the official test set
POOL_COUNT = TRAIN_COUNT + TEST_COUNT
IMAGE_SHAPE = (28, 28)


@dataclass(frozen=True)
class DataFile:
    """One of the four IDX files.

    Attributes:
        size_bytes: size when decompressed, header included.
        sha256: digest of the decompressed bytes, because each publisher compressed them anew.
        download_bytes: size of the compressed file at the download address.
    """

    name: str
    size_bytes: int
    sha256: str
    download_bytes: int


# In the order of the arrays that are made of them: training set first.
DATA_FILES = (
    DataFile(
        "train-images-idx3-ubyte",
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        26_421_880,
    ),
    DataFile(
        "train-labels-idx1-ubyte",
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        29_515,
    ),
    DataFile(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        4_422_102,
    ),
    DataFile(
        "t10k-labels-idx1-ubyte",
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        5_148,
    ),
)
DATASET_SHA256 = {file.name: file.sha256 for file in DATA_FILES}
