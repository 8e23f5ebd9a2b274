"""The pictures of experiments: they show the numbers given, and are the same bytes each time."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.report import experiments
from gradbook.report.plots import BLUE, GREY, ORANGE

SQUARES = {"squares": {m: 3 * m**2 + 1 for m in (1, 2, 4, 8)}}
LINES = {"error": ([1, 2, 4], [1e-9, 0, 1e-7]), "bound": ([1, 2, 4], [1e-6] * 3)}
MARGINS = {"drawn": [(1.0, 2.0), (-1.0, 0.5)], "exact": [(0.0, 1.0), (2.0, -1.0), (0.0, 0.0)]}
W = [[0.25, 1, 0], [0, 1, 0], [0.25, 1, 0]]
IMAGES = np.arange(3 * 16).reshape(3, 16)
SCORES = [[1, 2, 0], [3, 0, 1], [0, 1, 2]]


def chords():
    return experiments.chords(svm, W, [[1, 2, -1]], [0], (0, 0), steps=[0.5, 1.5])


PICTURES = {
    "growth": lambda: experiments.growth(SQUARES, "m", "operations"),
    "log scales": lambda: experiments.on_log_scales(LINES, "h", "error"),
    "chords": chords,
    "margins": lambda: experiments.where_margins_fall(MARGINS),
    "images": lambda: experiments.images(IMAGES, [0, 1, 2], columns=2),
    "misread": lambda: experiments.misread(IMAGES, SCORES, [0, 1, 0]),
}


@pytest.mark.quick("log scales", "images")
@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_a_picture_is_a_png_and_the_same_each_time(draw):
    png, size = draw()._repr_png_()
    assert png.startswith(b"\x89PNG")
    assert size["width"] <= 1000
    assert png == draw()._repr_png_()[0]


def test_growth_continues_the_counts_by_their_own_parabola():
    dots, line = PICTURES["growth"]().axes[0].lines
    assert dots.get_ydata().tolist() == [4, 13, 49, 193]
    assert line.get_ydata()[-1] == pytest.approx(3 * 1000**2 + 1)


def test_zeros_leave_a_gap_and_a_bound_is_grey_and_dashed():
    error, bound = PICTURES["log scales"]().axes[0].lines
    assert np.isnan(error.get_ydata()).tolist() == [False, True, False]
    assert (bound.get_color(), bound.get_linestyle()) == (GREY, "--")


def test_a_chord_has_the_slope_of_the_loss_until_it_crosses_a_kink():
    labels = [line.get_label() for line in chords().axes[0].lines]
    assert "h = 1/2: slope -2" in labels
    assert "h = 3/2: slope -19/12" in labels


def test_a_margin_of_0_is_an_orange_square():
    *_, inside, creased = PICTURES["margins"]().axes[1].lines
    assert (inside.get_color(), inside.get_marker(), len(inside.get_xdata())) == (BLUE, "o", 1)
    assert (creased.get_color(), creased.get_marker(), len(creased.get_xdata())) == (ORANGE, "s", 2)


def test_an_image_stands_upright_below_its_label():
    first, _, third, empty = PICTURES["images"]().axes
    assert first.images[0].get_array().tolist() == IMAGES[0].reshape(4, 4).tolist()
    assert third.get_title() == "2"
    assert not empty.images


def test_misread_says_what_was_meant_and_what_was_read():
    drawn = PICTURES["misread"]()
    assert [axes.get_title() for axes in drawn.axes[:3]] == [
        "a 0, read as 1",
        "a 1, read as 0",
        "a 0, read as 2",
    ]
    bars = [bar.get_facecolor()[:3] for bar in drawn.axes[3].patches]
    assert len(set(bars)) == 3


def test_the_boundary_stands_where_both_classes_are_as_probable():
    classifiers = {"right of 0": lambda points: (points[:, 0] > 0) * 0.8 + 0.1}
    (axes,) = experiments.boundaries(classifiers, [[-1, 0], [1, 0]], [0, 1]).axes
    boundary = axes.collections[-1].get_paths()[0].vertices
    assert abs(boundary[:, 0]).max() < 0.02
    dot, square = axes.lines
    assert (dot.get_marker(), dot.get_xdata().tolist()) == ("o", [-1])
    assert (square.get_marker(), square.get_xdata().tolist()) == ("s", [1])
