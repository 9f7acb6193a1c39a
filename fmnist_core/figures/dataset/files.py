"""The four files: what each holds, its digest, and whether any image comes twice."""

import pandas as pd

from fmnist_core.data.dataset import DATA_FILES, TEST_COUNT, TRAIN_COUNT
from fmnist_core.data.statistics import Statistics
from fmnist_core.figures.table import Column

FILE_COLUMNS = {
    "name": Column("File", pinned=True),
    "holds": Column("Holds"),
    "size_bytes": Column("Bytes", "integer", "Decompressed, header included."),
    "sha256": Column("SHA-256", meaning="Of the decompressed bytes; each publisher packs anew."),
}
COPY_COLUMNS = {
    "where": Column("Compared", pinned=True),
    "images": Column("Images", "integer"),
    "copies": Column("Exact copies", "integer", "Every one of the 784 pixels equal."),
    "first_release": Column("In the first release", "integer", "As reported in August 2017."),
}
# zalandoresearch/fashion-mnist, issue 44: the files of 25 to 31 August 2017.
_FIRST_RELEASE = (43, 1, 10)
RELEASE_NOTE = (
    "Fashion-MNIST was published on 25 August 2017 and its files were replaced on 31 August: the "
    f"first ones held {_FIRST_RELEASE[0]} training images twice, {_FIRST_RELEASE[1]} test image "
    f"twice, and {_FIRST_RELEASE[2]} training images in the test set as well "
    "(zalandoresearch/fashion-mnist, issue 44). Accuracies measured on the first files are not "
    "comparable with those of this dashboard."
)


def file_frame() -> pd.DataFrame:
    """Returns one row a file, as published after 31 August 2017."""
    rows = [
        {
            "name": file.name,
            "holds": f"{_count(file.name):,} {'images' if 'images' in file.name else 'labels'}",
            "size_bytes": file.size_bytes,
            "sha256": file.sha256,
        }
        for file in DATA_FILES
    ]
    return pd.DataFrame(rows)


def copy_frame(statistics: Statistics) -> pd.DataFrame:
    """Returns how many images come twice: within each part, and in both."""
    return pd.DataFrame(
        {
            "where": [
                "training images with each other",
                "test images with each other",
                "test images with the training images",
            ],
            "images": [TRAIN_COUNT, TEST_COUNT, TEST_COUNT],
            "copies": statistics.copies,
            "first_release": _FIRST_RELEASE,
        }
    )


def copy_takeaway(copies: pd.DataFrame) -> str:
    """Returns in words whether a test image was seen in training, and which release that means."""
    within_train, within_test, across = copies["copies"].tolist()
    if not within_train + within_test + across:
        return (
            "No image comes twice: not in the training set, not in the test set, and **no test "
            "image is a training image**. These are the cleaned files."
        )
    return (
        f"**{across}** test images are training images as well; {within_train} training and "
        f"{within_test} test images repeat an earlier one. These are not the cleaned files."
    )


def _count(name: str) -> int:
    return TRAIN_COUNT if name.startswith("train") else TEST_COUNT
