"""How much each example counts is read off, and told from every near neighbour."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.questions.disjoint_features import apart, one_loss, only_loss, own_coefficients
from gradbook.subjects import InProcess

BATCHES = list(apart(svm, np.random.default_rng(3)))


def weighted(weights, rows="both"):
    """A right function but for the weights of the examples, (n,), of X, y and the losses."""

    def svm_loss(W, X, y, reg):
        n = len(y)
        r = np.arange(n)
        s = X @ W
        u = np.maximum(0, s - s[r, y][:, None] + 1)
        u[r, y] = 0
        w = np.asarray(weights(X, y, u.sum(axis=1)), dtype=float)
        M = (u > 0).astype(float)
        own = -M.sum(axis=1)
        M *= 1.0 if rows == "row y" else w[:, None]
        M[r, y] = own * (1.0 if rows == "others" else w)
        loss = u.sum(axis=1) @ (w if rows == "both" else np.ones(n)) / n
        return loss + reg * (W * W).sum(), X.T @ M / n + 2 * reg * W

    return svm_loss


def first(function):
    found = judge(InProcess(function), svm)
    assert found.status == "wrong"
    assert len(found.findings) == 1
    return found.findings[0].sentence


BOTH = "in the loss and the gradient, "
WEIGHTS = [
    (lambda X, y, loss: np.arange(len(y)) + 1, "example i counts i + 1 times, not once (i from 0)"),
    (lambda X, y, loss: 1 / (np.arange(len(y)) + 1), "example i counts 1/(i + 1) times, not once"),
    (lambda X, y, loss: len(y) - np.arange(len(y)), "example i counts n − i times, not once"),
    (lambda X, y, loss: 0.75 ** np.arange(len(y)), "example i counts (3/4)^i times"),
    (lambda X, y, loss: 0.5 ** np.arange(len(y))[::-1], "counts (1/2)^(n − 1 − i) times"),
    (lambda X, y, loss: y + 1, "example i counts y + 1 times, not once"),
    (lambda X, y, loss: 1 + (y == 1), "the examples where y = 1 count 2 times"),
    (lambda X, y, loss: y != 2, "the examples where y = 2 do not count"),
    (
        lambda X, y, loss: np.where(y % 2 == 1, 3, 0.5),
        "y is even count 0.5 times, the others 3",
    ),
    (
        lambda X, y, loss: (y[:, None] == y).sum(1),
        "example i counts n_y times, not once, where",
    ),
    (lambda X, y, loss: np.arange(len(y)) != 1, "examples where i = 1 (i from 0) do not count"),
    (lambda X, y, loss: 1 + (np.arange(len(y)) == 0), "where i = 0 (i from 0) count 2 times"),
    (lambda X, y, loss: np.arange(len(y)) % 10 != 9, "where i mod 10 is 9 (i from 0) do not count"),
    (lambda X, y, loss: np.arange(len(y)) < 48, "where i > 47 (i from 0) do not count"),
    (lambda X, y, loss: np.arange(len(y)) == loss.argmax(), "is not the first of the largest do"),
    (lambda X, y, loss: loss >= loss.mean(), "where its loss is below the mean do not count"),
]


@pytest.mark.quick("below the mean")
@pytest.mark.parametrize(("weights", "words"), WEIGHTS)
def test_the_weights_of_both_are_read_off(weights, words):
    sentence = first(weighted(weights))
    assert sentence.startswith(BOTH)
    assert words in sentence


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("row y", "in row y, example i counts i + 1 times"),
        ("others", "in the rows j ≠ y, example i counts i + 1 times"),
    ],
)
def test_the_weights_of_some_rows_are_read_off(rows, words):
    sentence = first(weighted(lambda X, y, loss: np.arange(len(y)) + 1, rows))
    assert sentence.startswith(f"in the gradient, {words}")


@pytest.mark.thorough
def test_a_mean_over_some_is_told_from_a_sum_over_some():
    def kept(X, y, loss):
        some = np.arange(len(y)) % 2 == 0
        return some * len(y) / some.sum()

    assert first(weighted(kept)).endswith(
        "only every other example is used, and the mean is that of these"
    )


@pytest.mark.thorough
def test_the_mean_of_the_means_of_batches_is_named():
    def of_means(X, y, loss):
        n, i = len(y), np.arange(len(y))
        return n / (np.minimum(8, n - i // 8 * 8) * -(-n // 8))

    assert "the mean of the means of batches of 8 is taken" in first(weighted(of_means))


@pytest.mark.thorough
def test_a_right_function_has_nothing_read_off():
    assert judge(InProcess(weighted(lambda X, y, loss: np.ones(len(y)))), svm).passed


def test_batches_show_the_coefficients_of_each_example():
    for question in BATCHES:
        gradient = question.right.mu.T @ question.X / question.n
        assert np.allclose(own_coefficients(question, gradient), question.right.mu)
        assert question.right.mu.any(axis=1).all()


def test_what_is_no_multiple_of_the_examples_shows_nothing():
    question = BATCHES[0]
    gradient = question.right.mu.T @ question.X / question.n
    unused = (question.X == 0).all(axis=0)
    assert own_coefficients(question, gradient + unused) is None or not unused.any()
    same = type(question)(svm, question.W, np.ones_like(question.X), question.y)
    assert own_coefficients(same, gradient) is None


def test_one_example_alone_has_a_loss_and_each_has_it_once():
    places = [only_loss(question) for question in one_loss(svm, np.random.default_rng(4))]
    assert None not in places
    assert places[:5] == [0, 1, 0, 1, 2]
