"""The explorer: what it shows at a place is what the page says there, with widgets and without."""

from html import escape

import numpy as np
import pytest

from derivation.multiclass_svm import notes, svm
from gradbook import read
from gradbook.explorer import EXAMPLE, explore, words

DERIVATION = notes.path.parent


@pytest.fixture(scope="module")
def explorer():
    return explore(notes, read(DERIVATION / "softmax.md"))


def at(explorer, s, loss=svm.name, y=0):
    explorer.go(loss, tuple((float(score), 0.0, 0.0) for score in s), y)
    return explorer.place


@pytest.mark.parametrize(
    ("s", "lines"),
    [
        ((0, 0.5, -1.5), {"N7": (2,), "N8": (1,), "N10": (1,), "N11": (1,)}),
        ((0, -1, -3), {"N7": (1, 2)}),  # at the kink too
        ((0, 1, 1), {"N8": (1, 2), "N10": (1, 2), "N11": (1, 2)}),
    ],
)
def test_the_lines_of_the_page_are_those_whose_conditions_hold(explorer, s, lines):
    assert at(explorer, s).lines == lines


@pytest.mark.parametrize("s", [(0, 0.5, -1.5), (1, 0, 0), (-2, 3, 0.25)])
def test_the_loss_and_its_coefficients_are_those_of_the_page(explorer, s):
    place = at(explorer, s, y=2)
    loss, mu = svm.exact_at_scores([int(4 * score) / 4 for score in s], 2)
    assert place.found[0] == loss == place.active.xreplace(place._values)
    assert place.mu == mu
    assert np.array_equal(place.found[1], np.outer(mu, EXAMPLE))


def test_a_loss_without_regions_is_told_with_the_line_of_its_gradient(explorer):
    place = at(explorer, (0, 0, 0), "softmax loss")
    assert place.lines == {}
    assert "S7 gives the gradient" in words(place)
    assert place.found[0] == pytest.approx(np.log(3))


@pytest.mark.thorough
def test_run_by_a_program_it_is_a_picture_with_words_the_same_each_time(explorer, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    at(explorer, (0, 0.5, -1.5))
    shown, about = explorer._repr_mimebundle_()
    assert set(shown) == {"text/plain", "image/png"}
    assert about["image/png"]["alt"] == shown["text/plain"] == words(explorer.place)
    assert "here the loss is s_1 - s_0 + 1\n" in shown["text/plain"]
    assert explorer._repr_mimebundle_()[0] == shown


def test_before_a_person_it_moves_by_scores_by_a_row_of_weights_and_by_the_loss(
    explorer, monkeypatch
):
    pytest.importorskip("ipywidgets")
    monkeypatch.setenv("JPY_SESSION_NAME", "a notebook")
    at(explorer, (0, 0.5, -1.5))
    controls, picture = explorer.widget().children
    loss, label, moved, first, second, third, said = controls.children
    before = picture.value
    second.value = -2.0
    assert explorer.place.scores == (0, -2, -1.5)
    assert (explorer.place.found[0], picture.value != before) == (0, True)
    assert f'alt="{escape(words(explorer.place))}"' in picture.value
    moved.value = 2
    assert [slider.description for slider in (first, second, third)] == ["W_20", "W_21", "W_22"]
    assert [slider.value for slider in (first, second, third)] == [-1.5, 0, 0]
    third.value = -2.0
    assert explorer.place.scores == (0, -2, 0.5)
    loss.value = "softmax loss"
    assert "S7" in said.value
    label.value = 1
    assert explorer.place.y == 1
    assert "application/vnd.jupyter.widget-view+json" in explorer._repr_mimebundle_()[0]


@pytest.mark.parametrize(
    ("pages", "label", "said"),
    [
        ((), 0, "needs a page"),
        ((svm,), 0, "pages must be pages"),
        ((notes,), 3, "label must be 0, 1 or 2, not 3"),
        ((read(DERIVATION / "matrix_lemmas.md"),), 0, "defined as the scores"),
    ],
)
def test_what_cannot_be_explored_is_told(pages, label, said):
    with pytest.raises((TypeError, ValueError), match=said):
        explore(*pages, label=label)
