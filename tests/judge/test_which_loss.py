"""Where the name of a function says nothing, its values tell which loss it is, even where wrong."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge.convention.detect import which_loss
from gradbook.judge.convention.signature import NoConvention
from gradbook.page.discover import find
from gradbook.subjects import InProcess

softmax, squared = (find([name])[0].loss for name in ("softmax", "squared_hinge"))


def of_margins(W, X, y, active=lambda u: u > 0):
    n = np.arange(len(y))
    u = X @ W - (X @ W)[n, y][:, None] + 1
    u[n, y] = 0
    counted = active(u) * 1.0
    counted[n, y] -= counted.sum(1)
    return np.maximum(u, 0).sum() / len(y), X.T @ counted / len(y)


def of_probabilities(W, X, y, subtracted=1.0):
    n = np.arange(len(y))
    p = np.exp(X @ W)
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[n, y]).mean()
    p[n, y] -= subtracted
    return loss, X.T @ p / len(y)


RIGHT = [(svm, of_margins), (softmax, of_probabilities)]
WRONG = [
    (svm, lambda W, X, y: (of_margins(W, X, y)[0], 0 * W)),
    (svm, lambda W, X, y: of_margins(W, X, y, lambda u: u > -1)),
    (svm, lambda W, X, y: (of_margins(W, X, y)[0] + 1, of_margins(W, X, y)[1])),
    (softmax, lambda W, X, y: of_probabilities(W, X, y, 0.0)),
    (softmax, lambda W, X, y: (of_probabilities(W, X, y)[0], -of_probabilities(W, X, y)[1])),
    (softmax, lambda W, X, y: (-of_probabilities(W, X, y)[0], of_probabilities(W, X, y)[1])),
]


@pytest.mark.parametrize(("loss", "function"), [*RIGHT, *WRONG])
def test_a_function_is_nearest_to_its_own_loss(loss, function):
    assert which_loss(InProcess(function), [svm, softmax]) is loss
    assert which_loss(InProcess(function), [softmax, svm]) is loss


@pytest.mark.thorough
def test_what_answers_as_another_form_at_equal_sizes_alone_is_asked_in_all_forms():
    def objective(theta, X, y, num_classes, reg):
        """A matrix it takes only where C = D, and is like no loss there."""
        W = theta.reshape(X.shape[1], num_classes)
        loss, gradient = of_margins(W, X, y)
        return loss + reg * theta @ theta, (gradient + 2 * reg * W).ravel()

    assert which_loss(InProcess(objective), [squared, svm]) is svm


def test_a_name_counts_more_than_values_and_one_loss_alone_is_the_one():
    def svm_loss(W, X, y):
        return of_probabilities(W, X, y)

    assert which_loss(InProcess(svm_loss), [softmax, svm]).key == svm.key
    assert which_loss(InProcess(of_margins), [softmax]) is softmax


def test_what_takes_something_else_is_neither():
    with pytest.raises(NoConvention, match="it takes"):
        which_loss(InProcess(lambda a, b: 0.0), [softmax, svm])
