"""The blackboard pictures: they say what the loss says, and are the same bytes each time."""

from fractions import Fraction

import pytest

from derivation.multiclass_svm import svm
from gradbook.report import plots, sketches

PICTURES = {
    "margins": lambda: sketches.margins([Fraction(3, 2), Fraction(2), Fraction(-1)], y=1),
    "sum of terms": lambda: sketches.sum_of_terms(4, y=1, violated=(0, 3)),
    "regions": lambda: sketches.regions(svm, y=1),
    "creases": lambda: sketches.creases(svm, y=1),
    "fan": lambda: sketches.fan_of_slopes([-1 / 4, 0, 1 / 2, 1, 2]),
    "gaps": lambda: sketches.gaps([0, 1 / 2, 2]),
    "curves": lambda: plots.curves({"a": [2, 1], "b": [2, 0]}, across="step", up="loss"),
}


def written(figure):
    """Every text in the figure, in the order in which it was written."""
    return [text.get_text() for axes in figure.axes for text in axes.texts]


@pytest.mark.quick("margins", "fan", "curves")
@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_a_picture_is_a_png_and_the_same_each_time(draw):
    png, size = draw()._repr_png_()
    assert png.startswith(b"\x89PNG")
    assert size["width"] <= 900
    assert png == draw()._repr_png_()[0]


@pytest.mark.parametrize(
    ("y", "both_violated"), [(0, "-2, 1, 1"), (1, "1, -2, 1"), (2, "1, 1, -2")]
)
def test_each_region_shows_its_own_mu(y, both_violated):
    shown = [text for text in written(sketches.regions(svm, y)) if "mu" in text]
    assert len(shown) == len(set(shown)) == 4
    assert rf"$\mu = ({both_violated.replace('-', '{-}')})$" in shown


def test_margins_names_what_each_class_adds():
    shown = written(sketches.margins([Fraction(3, 2), Fraction(2), Fraction(-1)], y=1))
    assert shown == ["$s_1 - 1$", "adds 1/2", "the correct class", "adds 0"]


def test_the_row_of_the_correct_class_counts_the_violated_ones():
    *_, last = sketches.sum_of_terms(4, y=1, violated=(0, 3)).axes
    blocks = [text.get_text() for text in last.texts if text.get_text() != "="]
    assert blocks == [r"$+\tilde{x}^T$", r"$-2\tilde{x}^T$", "0", r"$+\tilde{x}^T$"]


def test_only_slopes_between_0_and_1_are_blue():
    texts = sketches.fan_of_slopes([-1 / 4, 0, 1, 2]).axes[0].texts
    colours = {text.get_text().strip(): text.get_color() for text in texts}
    assert colours["$a = 0$"] == colours["$a = 1$"] == plots.BLUE
    assert colours["$a = -1/4$"] == colours["$a = 2$"] == plots.ORANGE


def test_all_curves_are_drawn_and_no_two_alike():
    (axes,) = plots.curves({str(k): [k, 1] for k in range(20)}, "step", "loss").axes
    drawn = {(one.get_color(), one.get_marker(), one.get_linestyle()) for one in axes.lines}
    assert len(drawn) == len(axes.lines) == 20
