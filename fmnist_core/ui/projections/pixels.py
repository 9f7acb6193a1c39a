"""The Projections page on pixels: principal components of the images before any network."""

import streamlit as st

from fmnist_core.data import load_image
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.errors import DataError
from fmnist_core.evaluation.pixel_pca import KEPT, PixelPca, stored_pixels
from fmnist_core.figures.pictures import tile_png
from fmnist_core.figures.projections.linked import Panel
from fmnist_core.figures.projections.pixels import (
    VARIANCE_COLUMNS,
    component_picture,
    cumulative_chart,
    grey_picture,
    reconstruction_words,
    scree_chart,
    variance_frame,
    variance_takeaway,
)
from fmnist_core.figures.projections.words import Measured, separation_takeaway, shown_words
from fmnist_core.ui.components import caveat, error_line, one_of, show_chart, takeaway
from fmnist_core.ui.image_choice import chosen_image
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.projections.classes import show_neighbour_classes
from fmnist_core.ui.projections.linked import show_linked
from fmnist_core.ui.projections.loaders import only_pixels, separations
from fmnist_core.ui.projections.neighbours import show_neighbours
from fmnist_core.ui.projections.panels import PICTURES
from fmnist_core.ui.projections.picked import say_images_are_missing, show_image
from fmnist_core.ui.projections.space import show_spaces

_LABEL = "the pixels"
_TILE, _LARGE = 84, 168
_COMPONENTS_SHOWN = 23
_FIRST_CHOICE = 84  # components, for 90 % of the variance


def show_pixels() -> None:
    """Draws the PCA of the pixels; only pictures of single images need the image files."""
    pca = stored_pixels().pca
    picture = one_of("Picture", "dims", PICTURES)
    content = only_pixels()
    (cloud,) = content.clouds.clouds
    if picture == "tsne":
        show_neighbours(content, {cloud.name: _LABEL}, cloud.name, laid=False)
    elif picture == "3":
        says = shown_words(len(content.clouds.indices), {_LABEL: cloud.shown(3)}, axes="three")
        panel = Panel(
            "Pixels",
            f"{100 * cloud.shown(3):.2f} % of the variance",
            cloud.scores[:, :3].astype(float),
        )
        show_spaces(content, [panel], says=says, shared_scale=False, name="projections_pixels_3d")
    else:
        says = shown_words(len(content.clouds.indices), {_LABEL: cloud.shown(2)})
        panel = Panel(
            "Pixels",
            f"{100 * cloud.shown(1):.2f} % of the variance across, "
            f"{100 * (cloud.shown(2) - cloud.shown(1)):.2f} % up",
            cloud.scores[:, :2].astype(float),
        )
        show_linked(content, [panel], says=says, shared_axes=False, name="projections_pixels")
    (measured,) = separations(content)
    row = Measured(_LABEL, cloud.shown(2), measured, None, None)
    takeaway(separation_takeaway([row]))
    show_neighbour_classes([row])
    st.header("How much does each component hold?", anchor=False)
    components = st.slider(
        "Components",
        0,
        KEPT,
        _FIRST_CHOICE,
        key="components",
        bind="query-params",
        help="How many of the first components an image is made of, here and below.",
        width=520,
    )
    _show_variance(pca, components)
    st.header("What is an image made of?", anchor=False)
    _show_reconstruction(pca, components)
    _show_components(pca)


def _show_variance(pca: PixelPca, components: int) -> None:
    frame = variance_frame(pca)
    left, right = st.columns(2, gap="large")
    with left:
        show_chart(
            scree_chart(frame),
            says=variance_takeaway(pca),
            data=frame,
            columns=VARIANCE_COLUMNS,
            name="pixel_components",
            limits="PCA of the 60,000 training images as 784 numbers from 0 to 1, centred and not "
            "scaled; from their exact covariance.",
        )
    with right:
        together = 100 * float(frame["cumulative"].iloc[components - 1]) if components else 0.0
        show_chart(
            cumulative_chart(frame, components),
            says=f"The first **{components}** hold **{together:.2f} %** together; half takes "
            f"{pca.components_for(0.5)}, 80 % {pca.components_for(0.8)}, 95 % "
            f"{pca.components_for(0.95)}, 99 % {pca.components_for(0.99)}.",
            data=frame,
            columns=VARIANCE_COLUMNS,
            name="pixel_variance",
        )


def _show_reconstruction(pca: PixelPca, components: int) -> None:
    if not data_is_found():
        say_images_are_missing()
        return
    index = chosen_image()
    if index is None:
        index = TRAIN_COUNT
    try:
        image = load_image(index)
    except DataError as error:
        error_line(str(error))
        return
    rebuilt = pca.reconstruct(image, components)
    takeaway(reconstruction_words(image, rebuilt, pca, components))
    with st.container(horizontal=True, gap="medium"):
        show_image(index, _LARGE)
        for count in sorted({0, 3, 24, components}):
            st.image(
                tile_png(grey_picture(pca.reconstruct(image, count)), _LARGE),
                caption="the mean image" if not count else f"{count} components",
                width=_LARGE,
                alt=f"Image {index} from {count} components",
            )
    caveat(
        f"Left: image {index}, as it is. Click another in the picture above, or write its number "
        "into the field on top."
    )


def _show_components(pca: PixelPca) -> None:
    st.header("What do the components look like?", anchor=False)
    takeaway(
        "An image is the mean image plus so much of each: **orange** pixels get lighter with more "
        "of it, **blue** ones darker."
    )
    mean, *tiles = _component_tiles()
    shares = pca.explained_variance_ratio
    st.image(
        [mean, *tiles],
        caption=["mean", *(f"{n + 1}: {100 * shares[n]:.1f} %" for n in range(len(tiles)))],
        alt=["The mean of all training images", *(f"Component {n + 1}" for n in range(len(tiles)))],
        width=_TILE,
    )


@st.cache_resource(show_spinner=False)
def _component_tiles() -> list[bytes]:
    pca = stored_pixels().pca
    pictures = [component_picture(row) for row in pca.directions[:_COMPONENTS_SHOWN]]
    return [
        tile_png(picture, _TILE) for picture in (grey_picture(pca.mean.reshape(28, 28)), *pictures)
    ]
