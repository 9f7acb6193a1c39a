"""The Projections page by t-SNE: the same images, with neighbours kept together."""

from fmnist_core.figures.projections.words import neighbour_words
from fmnist_core.figures.words import escaped
from fmnist_core.ui.components import caveat
from fmnist_core.ui.projections.linked import show_linked
from fmnist_core.ui.projections.loaders import Shown, neighbour_pictures, separations
from fmnist_core.ui.projections.panels import panels_of


def show_neighbours(content: Shown, names: dict[str, str], onto: str, *, laid: bool) -> None:
    """Draws the same images laid out by t-SNE; says which networks have no such picture yet."""
    pictures, reasons = neighbour_pictures(content)
    for name, reason in reasons.items():
        caveat(f"Left out: {escaped(names[name])}. {reason.replace(name, 'It', 1)}")
    if pictures is None:
        return
    first = pictures.clouds.clouds[0].name
    kept = {cloud.name for cloud in pictures.clouds.clouds}
    onto = onto if onto in kept else first
    drawn = dict(zip(pictures.clouds.clouds, separations(pictures), strict=True))
    whole = dict(zip((c.name for c in content.clouds.clouds), separations(content), strict=True))
    show_linked(
        pictures,
        panels_of(pictures, names, pictures.clouds.laid_onto(onto, 2) if laid else None, onto, 2),
        says=neighbour_words(
            len(pictures.clouds.indices),
            {names[cloud.name]: (found, whole[cloud.name]) for cloud, found in drawn.items()},
        ),
        shared_axes=laid,
        name="projections_tsne",
    )
    caveat(
        "t-SNE (van der Maaten & Hinton 2008; scikit-learn, perplexity 30, begun from the PCA) "
        "keeps neighbours together. How far groups lie from each other, and how large they are, "
        "says little."
    )
