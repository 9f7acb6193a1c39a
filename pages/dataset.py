"""Dataset: what is in the data?"""

from fmnist_core.ui.components import next_page, page_header
from fmnist_core.ui.dataset.choice import choose_view
from fmnist_core.ui.dataset.conversion import show_conversion
from fmnist_core.ui.dataset.files import show_files
from fmnist_core.ui.dataset.image import show_image
from fmnist_core.ui.dataset.samples import show_samples
from fmnist_core.ui.dataset.statistics import (
    show_classes,
    show_pixels,
    show_shapes,
    show_splits,
)
from fmnist_core.ui.router import require_router

require_router()
page_header(
    "What is in the data?",
    "70,000 grey pictures of ten kinds of garment, 28 × 28 pixels each: counted, measured and "
    "shown.",
    ":material/dataset:",
)

{
    "classes": show_classes,
    "samples": show_samples,
    "image": show_image,
    "pixels": show_pixels,
    "shapes": show_shapes,
    "splits": show_splits,
    "conversion": show_conversion,
    "files": show_files,
}[choose_view()]()
next_page("pages/predict.py", "Next: what do the networks see in a picture?")
