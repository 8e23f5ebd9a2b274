"""Kernels that take other labels, other examples or rounded numbers: each is named."""

import pytest
from edited import VECTORIZED, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.explain.diagnosis import diagnosis
from gradbook.judge.penalties.forms import Form
from gradbook.questions.deck import deck
from gradbook.subjects import InProcess

START = "N, C = X.shape[0], W.shape[1]"
SCORES = "scores = X.dot(W)"
LOSS = "margins.sum() / N"
BOTH = "in the loss and the gradient, "
QUESTIONS = [one for one in deck(svm) if one.n > 60 or one.n * one.C * one.D % 3 == 0][::3]


def said(*changes, examples="(N, D)"):
    """What is said of the function, from its answers to some of the exact questions."""
    subject, convention = (
        InProcess(edited(*changes)),
        Convention(examples=examples, penalty=Form(1.0)),
    )
    answers = [Observation(one, ask(subject, convention, one), convention) for one in QUESTIONS]
    assert not all(one.right for one in answers)
    return [fault.sentence for fault in diagnosis(svm, answers, (), convention)]


@pytest.mark.quick("np.arange(N) % 100")
@pytest.mark.quick("C - 1 - y", "np.roll", "replaced by their rank", "np.arange(N) % 100")
@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ("np.unique(y, return_inverse=True)[1]", "the labels are replaced by their rank among"),
        ("y - y.min()", "the labels are counted from the smallest that occurs: y − min(y)"),
        ("np.roll(y, 1)", "each example has the label of the one before"),
        ("y[np.arange(N) % 100]", "every batch of 100 examples is paired with the labels of the"),
        ("y % 10", "the labels are taken modulo 10: that is right for C ≤ 10 alone"),
        ("C - 1 - y", "the classes are counted from the last one back"),
    ],
)
def test_other_labels_are_named(labels, words):
    (sentence,) = said((START, f"{START}; y = {labels}"))
    assert sentence.startswith(BOTH + words)


@pytest.mark.quick("changes0", "changes2", "changes3", "changes4")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (((LOSS, "np.trunc(margins.sum(axis=1)).sum() / N"),), "in the loss, every L_i is cut to"),
        (((LOSS, "margins.sum(axis=1).round().sum() / N"),), "in the loss, every L_i is rounded"),
        (((LOSS, "np.trunc(margins).sum() / N"),), "in the loss, the margins are cut to whole num"),
        (((LOSS, "int(margins.sum() / N)"),), "the loss is rounded down to a whole number"),
        (((SCORES, f"{SCORES}.round()"),), BOTH + "the scores are rounded to whole numbers"),
        (((SCORES, f"{SCORES}[::-1]"),), BOTH + "the scores are in reversed order"),
        (
            (("return loss", "dW -= dW.mean(axis=0); return loss"),),
            "in the gradient, x̃ less the mean of its features stands where x̃ belongs",
        ),
        # Where rounding decides at a kink, the mean of three examples say, nothing is predicted.
        (((START, f"X = X - X.mean(axis=0); {START}"),), BOTH + "the examples are centred first"),
        (
            (("margins[r, y] = 0", "margins[r, y] = 0; margins = np.trunc(margins)"),),
            BOTH + "the margins are cut to whole numbers: one below 1 counts as 0",
        ),
    ],
)
def test_what_is_done_to_scores_margins_or_examples_is_named(changes, words):
    (sentence,) = said(*changes)
    assert sentence.startswith(words)


def test_the_example_that_a_class_without_examples_gets_is_named():
    counts = "-mask[r, y]"
    rows = f"np.vstack([({counts})[order, None] * X[order], 0 * X[:1]])"
    own = f"np.add.reduceat({rows}, np.searchsorted(y[order], np.arange(C)), axis=0)"
    (sentence,) = said(
        (
            "dW = X.T.dot(mask) / N",
            f"order = np.argsort(y, kind='stable'); own = {own}; mask[r, y] = 0; "
            "dW = (X.T.dot(mask) - own.T) / N",
        )
    )
    assert "as np.add.reduceat gives it" in sentence


@pytest.mark.thorough
def test_an_array_that_is_reshaped_for_transposed_is_named():
    examples = (START, f"X = X.reshape(X.shape[::-1]); {START}")
    weights = (SCORES, "scores = X.dot(W.T.reshape(W.shape))")
    assert "X is reshaped where it should be transposed" in said(examples, examples="(D, N)")[0]
    assert "W is reshaped where it should be transposed" in said(weights)[0]


@pytest.mark.thorough
def test_an_array_that_is_transposed_where_it_is_square_is_named_with_the_sizes():
    (sentence,) = said((START, f"X = X.T if X.shape[0] == W.shape[0] else X; {START}"))
    assert sentence == f"right unless n = D; there, {BOTH}X is taken for its transpose"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (
            "X.dot(W) - X.dot(W).max(axis=0)",
            "the largest score of each class in the batch is subtracted",
        ),
        (
            "(X / np.maximum(1, np.linalg.norm(X, axis=1))[:, None]).dot(W)",
            "examples that are longer than 1 are divided by their length first",
        ),
    ],
)
def test_scores_of_other_data_are_told_by_the_loss(scores, words):
    source = VECTORIZED.replace("return loss, dW", "return loss")
    found = judge(InProcess(edited(("X.dot(W)", scores), of=source)), svm)
    assert words in found.findings[0].sentence
