"""From clouds of points to panels, by whatever they were laid out."""

from fmnist_core.evaluation.alignment import Alignment
from fmnist_core.evaluation.clouds import Cloud
from fmnist_core.figures.projections.linked import Panel
from fmnist_core.ui.projections.loaders import Shown

_TSNE = "t-SNE"
# By principal components, or with neighbours kept together.
PICTURES = {"2": "2D", "3": "3D", "tsne": _TSNE}


def panels_of(
    content: Shown,
    names: dict[str, str],
    laid: dict[str, Alignment] | None,
    onto: str,
    components: int,
) -> list[Panel]:
    """Returns a panel for each cloud.

    Args:
        names: cloud -> how it is called on the page.
        laid: the clouds laid onto the one that is called `onto`; `None` leaves them as they are.
        components: how many are drawn, two or three.
    """
    sheet = content.sheet
    rows = {run_id: row for row, run_id in enumerate(sheet.run_ids)} if sheet else {}
    panels = []
    for cloud in content.clouds.clouds:
        answers = None
        if sheet and cloud.name in rows:
            answers = sheet.predicted[rows[cloud.name]][content.clouds.positions]
        points = laid[cloud.name].points if laid else cloud.scores[:, :components].astype(float)
        turned = laid[cloud.name] if laid and cloud.name != onto else None
        panels.append(
            Panel(names[cloud.name], _subtitle(cloud, turned, components), points, answers)
        )
    return panels


def _subtitle(cloud: Cloud, turned: Alignment | None, components: int) -> str:
    text = f"{100 * cloud.shown(components):.1f} % of the variance"
    if not len(cloud.shares):  # no component of anything
        text = _TSNE
    if turned is None:
        return text
    mirrored = "mirrored and " if turned.mirrored else ""
    by = f" by {turned.degrees:.0f}°" if components == 2 else ""  # in space there are three angles
    return f"{text}, {mirrored}turned{by}"
