"""What happens inside a region is measured: vectors, coefficients, indicators, formulas."""

import numpy as np
import pytest
from edited import LOOPS, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.deck import generic, single
from gradbook.judge.inside import inside
from gradbook.judge.measuring import of_batches, of_singles
from gradbook.judge.multiplied import X, multiplicands
from gradbook.judge.scene import scene_of
from gradbook.judge.search import Answered
from gradbook.subjects import InProcess

#: The loop with a count, which row y is given at its end.
COUNTED = LOOPS.replace("dW[:, y[i]] -= X[i]", "k += 1").replace(
    "    loss = loss / N", "        dW[:, y[i]] -= k * X[i]\n    loss = loss / N"
)
COUNTED = COUNTED.replace("scores = X[i].dot(W)", "scores, k = X[i].dot(W), 0")
ROW_J, ROW_Y = "dW[:, j] += X[i]", "dW[:, y[i]] -= X[i]"
COUNT, ACTIVE, ADDED = "k * X[i]", "j != y[i] and margin > 0:", "loss += margin"


def first(*changes, of=LOOPS):
    found = judge(InProcess(edited(*changes, of=of)), svm)
    assert found.status == "wrong"
    assert found.findings[0].explained
    return found.findings[0].sentence


@pytest.mark.quick("C > 5")
@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("(2 * k + 1)", "row y is −(2k + 1) x̃ᵀ"),
        ("(k * C)", "row y is −(kC) x̃ᵀ"),
        ("(1.001 * k)", "row y is −(1.001k) x̃ᵀ"),
        ("k ** 1.5", "row y is −(k√k) x̃ᵀ"),
        ("min(k, 3)", "row y is −(min(k, 3)) x̃ᵀ"),
        ("(k + N)", "row y is −(k + n) x̃ᵀ"),
        ("(k + i)", "row y is −(k + i) x̃ᵀ"),
        ("(k - scores[y[i]])", "row y is −(k − s_y) x̃ᵀ"),
        (
            "(k + (C > 5))",
            "right unless C > 5; there, in the gradient, row y counts the correct class itself",
        ),
        ("((k + 128) % 256 - 128)", "int8(k)"),
    ],
)
def test_row_y_is_said_as_a_formula(count, words):
    assert words in first((COUNT, f"{count} * X[i]"), of=COUNTED)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("scores[j] > 0 and", "counts only where s_j > 0"),
        ("scores[y[i]] >= 0 and", "counts only where s_y ≥ 0"),
        ("scores[j] > scores[j - 1] and", "counts only where s_j − s_{j−1} > 0"),
        ("j % 2 and", "counts only where j is odd"),
        ("margin < 3 and", "counts only where s_j − s_y + 1 is below 3, or another number"),
        ("X[i, -1] > 0 and", "counts only where the last feature > 0"),
        ("scores[j] > 0 and scores[y[i]] > 0 and", "counts only where s_j > 0 and s_y > 0"),
    ],
)
def test_what_the_indicator_depends_on_is_said(condition, words):
    said = first((ROW_J, f"if {condition} True: {ROW_J}"))
    assert f"in the gradient, in the rows j ≠ y alone, an active class j {words}" in said


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("scores[j] > 0 and", "counts only where s_j > 0"),
        ("margin > 0.5 and", "counts only where s_j − s_y + 1 is above 0.5"),
        ("(i == 0 or j != y[i - 1]) and", "counts only where i = 0 or j is not the label of"),
    ],
)
def test_a_condition_of_the_loss_and_the_gradient_is_said_once(condition, words):
    said = first((ACTIVE, f"{condition} {ACTIVE}"))
    assert f"in the loss and the gradient, an active class j {words}" in said


@pytest.mark.thorough
def test_a_condition_of_row_y_alone_is_said_of_row_y_alone():
    said = first((ROW_Y, f"if scores[j] > 0: {ROW_Y}"))
    assert said == "in the gradient, in row y alone, an active class j counts only where s_j > 0"


@pytest.mark.quick("(j + 1)")
@pytest.mark.parametrize(
    ("weight", "words"),
    [
        ("(j + 1)", "an active class j has the weight j + 1, not 1"),
        ("0.999", "every active class has the weight 0.999, not 1"),
        ("(2 if j < y[i] else 1)", "an active class j has the weight 2 where j < y, not 1"),
        ("min(1, margin / 0.25)", "its slope is min(1, 4·u), not 1"),
    ],
)
def test_the_weight_of_a_class_is_said(weight, words):
    assert words in first((ROW_J, f"dW[:, j] += {weight} * X[i]"))


@pytest.mark.quick("margin**1.5")
@pytest.mark.parametrize(
    ("added", "words"),
    [
        ("margin + 0.1", "Σ max(0, s_j − s_y + 1) + 0.1k"),
        ("margin**1.5", "max(0, u)^1.5 stands where max(0, u) belongs"),
        ("min(margin, 3)", "the margins are clipped: max(0, u) is cut at 3"),
        ("(j + 1) * margin", "an active class j has the weight j + 1, not 1"),
        ("margin * (scores[j] > 0)", "an active class j counts only where s_j > 0"),
        ("np.log1p(margin)", "log(1 + max(0, u)) stands where max(0, u) belongs"),
    ],
)
def test_what_a_margin_adds_to_the_loss_is_said(added, words):
    assert words in first((ADDED, f"loss += {added}"))


@pytest.mark.quick("np.sign")
@pytest.mark.parametrize(
    ("vector", "words"),
    [
        ("np.sign(X[i])", "sign(x̃) stands where x̃ belongs"),
        ("np.roll(X[i], 1)", "feature d stands in column d + 1"),
        ("W[:, y[i]]", "stands where x̃ belongs"),
        ("(X[i] - X.mean(axis=0))", "x̃ less the mean of the examples stands where x̃ belongs"),
        ("X[i] / max(np.linalg.norm(X[i]), 1e-99)", "the example divided by its length"),
    ],
)
def test_what_stands_in_place_of_x_in_row_y_is_said(vector, words):
    said = first((ROW_Y, f"dW[:, y[i]] -= {vector}"))
    assert said.startswith("in the gradient, in row y alone, ")
    assert words in said


@pytest.mark.thorough
def test_what_is_added_beside_x_is_said():
    said = first((ROW_J, "dW[:, j] += X[i] + 0.1 * W[:, j]"))
    assert "0.1·W_j, the row's own weights, is added to row j for each active class j" in said


@pytest.mark.thorough
def test_a_vector_a_condition_and_a_factor_are_found_together():
    said = first(
        (ROW_J, "dW[:, j] += (scores[j] > 0) * X[i]"),
        (ROW_Y, "dW[:, y[i]] -= np.abs(X[i])"),
        ("dW / N", "dW"),
    )
    for words in ("counts only where s_j > 0", "in row y alone, |x̃| stands", "not divided by n"):
        assert words in said


@pytest.mark.thorough
def test_what_depends_on_the_count_alone_is_tabulated_where_no_formula_fits():
    table = "[0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, *range(13, 300)][k]"
    found = judge(InProcess(edited((COUNT, f"{table} * X[i]"), of=COUNTED)), svm)
    assert not found.findings[0].explained
    said = "row y of the gradient is −(1, 1, 2, 3, 5, 8 …) x̃ᵀ where 1, 2, 3, 4, 5, 6 … classes are"
    assert said in found.findings[0].sentence


def test_what_is_simpler_as_a_condition_of_examples_is_said_as_one():
    said = first((ROW_J, f"if y[i] > 0: {ROW_J}"))
    assert "right but for the examples where y = 0" in said


def other(terms):
    """What is said of a function that adds these terms in the place of its own."""
    changed = edited(
        ("scores = X[i].dot(W)", f"scores = X[i].dot(W); {terms}"), (ACTIVE, "False:"), of=LOOPS
    )
    judged = judge(InProcess(changed), svm)
    return str(judged)


@pytest.mark.thorough
def test_another_loss_is_named_as_one():
    terms = "u = np.where(np.arange(C) == y[i], 1 - scores, 1 + scores); loss += u[u > 0].sum(); "
    terms += "dW += np.outer(X[i], (u > 0) * np.where(np.arange(C) == y[i], -1.0, 1.0))"
    assert "it is another loss: the hinge of one class against all" in other(terms)
    probability = "p = np.exp(scores) / np.exp(scores).sum(); loss -= np.log(p[y[i]]); "
    probability += "dW += np.outer(X[i], p - (np.arange(C) == y[i]))"
    with np.errstate(all="ignore"):
        assert "it is another loss: the softmax loss" in other(probability)


def answered(question, change=lambda scene, gradient: gradient):
    """A single example, or a batch, with the gradient that `change` makes of the right one."""
    scene = scene_of(question, 0.0)
    right = scene.mu.T @ question.X / question.n
    found = change(scene, right)
    wrong = not np.array_equal(found, right)
    return Answered(scene, found, np.full(found.shape, 1e-12), wrong)


def singles(change=lambda scene, gradient: gradient):
    rng = np.random.default_rng(2)
    scores = rng.integers(-3, 4, (30, 4)).astype(float)
    return [answered(single(svm, s, place % 4, 5, rng), change) for place, s in enumerate(scores)]


def test_the_coefficients_of_single_examples_are_measured():
    measured = of_singles(singles(), X, X)
    for scene, found in zip(measured.scenes, measured.coefficients, strict=True):
        np.testing.assert_allclose(found, scene.mu, atol=1e-12)


def test_the_coefficients_of_batches_of_independent_examples_are_measured():
    rng = np.random.default_rng(4)
    answers = [answered(generic(svm, 3, 7, 4, rng)) for _ in range(4)]
    measured = of_batches(answers)
    assert measured.scenes
    for scene, found in zip(measured.scenes, measured.coefficients, strict=True):
        np.testing.assert_allclose(found, scene.mu, atol=1e-9)


def test_nothing_is_measured_of_batches_whose_rows_are_no_multiples_of_their_examples():
    rng = np.random.default_rng(4)
    answers = [answered(generic(svm, 3, 7, 4, rng), lambda scene, G: G + 1) for _ in range(4)]
    assert not of_batches(answers).scenes


def test_the_vector_that_is_multiplied_is_x_where_it_is():
    assert list(multiplicands(singles(), own=True)) == [X]
    doubled = singles(lambda scene, gradient: 2 * gradient)
    assert list(multiplicands(doubled, own=False)) == [X]


def test_no_vector_is_named_where_none_fits():
    rng = np.random.default_rng(6)
    noise = singles(lambda scene, gradient: gradient + rng.normal(size=gradient.shape))
    assert not list(multiplicands(noise, own=True))


def test_what_depends_on_the_count_of_active_classes_alone_is_tabulated():
    table = np.array([0, 1, 7, 2, 11, 3, 29, 5])

    def changed(scene, gradient):
        (label,) = scene.question.y
        gradient = gradient.copy()
        gradient[label] = -table[int(scene.active.sum())] * scene.question.X[0]
        return gradient

    rng = np.random.default_rng(2)
    questions = [
        single(svm, rng.integers(-2, 3, 8) / 1.0, place % 8, 5, rng) for place in range(60)
    ]
    said = [
        edits["row y"].words
        for edits in (one.edits for one in inside([answered(q, changed) for q in questions]))
        if "row y" in edits
    ]
    assert any(
        words.startswith("row y is −(0, 1, 7, 2, 11, 3 …) x̃ᵀ where 0, 1, 2, 3, 4, 5")
        for words in said
    )


def test_right_answers_suggest_no_cause_that_is_measured():
    measured = [one for one in inside(singles()) if set(one.edits) & {"row y", "added"}]
    assert not measured
