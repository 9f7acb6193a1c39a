"""Diagrams and volumes: every network can be drawn, and says what it is."""

import xml.etree.ElementTree as ET

import pytest

from fmnist_core.architectures import summarize
from fmnist_core.figures.architectures.diagram import diagram
from fmnist_core.figures.architectures.outline import outline
from fmnist_core.figures.architectures.parts import parts_of
from fmnist_core.figures.architectures.svg import cut_evenly, for_paper, text
from fmnist_core.figures.architectures.volumes import volumes
from fmnist_core.papers import systems
from fmnist_core.ui.architectures.templates import TEMPLATES

SVG = "{http://www.w3.org/2000/svg}"
NETWORKS = {system.id: system.layers for system in systems() if system.layers} | TEMPLATES


def drawn(layers: str, draw, **options) -> ET.Element:
    summary = summarize(layers)
    parts = parts_of(outline(summary, layers), summary.input_shape)
    return ET.fromstring(draw(parts, summary.input_shape, **options))


def words(svg: ET.Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("layers", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("draw", [diagram, volumes])
def test_every_network_can_be_drawn_from_the_image_to_ten_classes(layers, draw):
    shown = words(drawn(layers, draw))
    assert "10" in shown
    assert any("28 × 28" in line for line in shown)


@pytest.mark.parametrize("layers", NETWORKS.values(), ids=NETWORKS)
def test_nothing_is_drawn_outside_the_picture(layers):
    svg = drawn(layers, diagram)
    width, height = float(svg.get("width")), float(svg.get("height"))

    def check(element: ET.Element, x: float, y: float) -> None:
        move = element.get("transform", "")
        if move:
            dx, dy = move.removeprefix("translate(").rstrip(")").split()
            x, y = x + float(dx), y + float(dy)
        if element.tag == f"{SVG}rect":
            left, top = x + float(element.get("x")), y + float(element.get("y"))
            assert left >= 0
            assert left + float(element.get("width")) <= width
            assert top + float(element.get("height")) <= height
        for child in element:
            check(child, x, y)

    check(svg, 0, 0)


def test_shapes_stand_on_the_arrows_and_followers_in_the_box_before_them():
    shown = words(drawn(NETWORKS["awasthi_enhanced"], diagram))
    assert shown.count("28 × 28 × 32") == 1
    assert "→ batch norm" in shown
    assert "448" in shown, "320 parameters of the convolution and 128 of its normalisation"


def test_a_repeat_is_drawn_once_with_its_number_of_times():
    shown = words(drawn(NETWORKS["mcnn18"], diagram))
    assert "2 × Conv 32" in shown
    assert sum(line.startswith("Dense") for line in shown) == 2


def test_an_auxiliary_head_branches_off_and_ends_in_its_own_softmax():
    svg = drawn(NETWORKS["seo_hcnn"], diagram)
    shown = words(svg)
    assert "Garment group, while training" in shown
    assert "Dense 6" in shown
    assert shown.count("2 × 2 × 512") == 2, "the head hands on what it was given"
    assert "2,048" in shown, "and flattens it inside"
    assert any("dashed" in (element.get("class") or "") for element in svg.iter())


def test_residual_and_dense_blocks_show_the_way_around():
    assert "+" in words(drawn(NETWORKS["chen_resnet"], diagram))
    assert "‖" in words(drawn(NETWORKS["chen_densenet"], diagram))


def test_a_narrow_screen_gets_one_column():
    wide = drawn(NETWORKS["mcnn18"], diagram)
    narrow = drawn(NETWORKS["mcnn18"], diagram, columns=1)
    assert float(narrow.get("width")) < 300 < float(wide.get("width"))
    assert words(narrow)[0] == words(wide)[0]


def test_volumes_leave_out_layers_that_change_nothing():
    shown = words(drawn(NETWORKS["chen_densenet"], volumes))
    assert "Norm" not in shown
    assert shown.count("Dense block") == 3


def test_a_very_large_map_still_fits():
    svg = drawn("pad 900\nconv 100000 1x1\nglobal_avgpool\ndense 10 softmax", volumes)
    assert float(svg.get("height")) < 300
    assert float(svg.get("width")) < 500


def test_a_network_of_nothing_but_a_head_is_drawn_all_the_same():
    layers = "head clothes_goods 2 weight 1\n  flatten"
    assert "Dense 2" in words(drawn(layers, diagram))
    assert words(drawn(layers, volumes))[0] == "Image"


def test_words_cannot_break_out_of_the_drawing():
    assert text("<script>&", 0, 0) == "<text x='0' y='0'>&lt;script&gt;&amp;</text>"


def test_paper_gets_fixed_colours():
    summary = summarize(NETWORKS["ajani_m1"])
    parts = parts_of(outline(summary, NETWORKS["ajani_m1"]), summary.input_shape)
    svg = diagram(parts, summary.input_shape)
    assert "var(--st-" in svg
    assert "var(" not in for_paper(svg)
    assert "#2b6cc4" in for_paper(svg)


@pytest.mark.parametrize(
    ("sizes", "runs", "cuts"),
    [
        ([10, 10, 10, 10], 2, [(0, 2), (2, 4)]),
        ([30, 10, 10, 10], 2, [(0, 1), (1, 4)]),
        ([10, 10], 5, [(0, 1), (1, 2)]),
        ([10, 10, 10], 1, [(0, 3)]),
    ],
)
def test_rows_are_cut_evenly(sizes, runs, cuts):
    assert cut_evenly(sizes, runs) == cuts
