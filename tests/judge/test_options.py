"""Weights of examples and classes that a function may be given, and what else keeps its default."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge.beside.weights import weights_asked
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.detect import detect
from gradbook.subjects import InProcess


def weighted(of_loss, of_gradient, over=len):
    """A function with weights of its examples: over divides, the rest says what is multiplied."""

    def svm_loss(W, X, y, sample_weight=None):
        w = np.ones(len(y)) if sample_weight is None else sample_weight
        n = np.arange(len(y))
        margins = np.maximum(0, X @ W - (X @ W)[n, y][:, None] + 1)
        margins[n, y] = 0
        M = (margins > 0).astype(float)
        M[n, y] = -M.sum(axis=1)
        loss = (of_loss(w) * margins.sum(axis=1)).sum() / over(w)
        return loss, X.T @ (M * of_gradient(w)[:, None]) / over(w)

    return svm_loss


def found(function):
    convention = Convention(order=("W", "X", "y"))
    convention, faults = weights_asked(InProcess(function), convention, svm)
    return convention.kept, [(fault.sentence, fault.kind) for fault in faults]


def itself(w):
    return w


@pytest.mark.parametrize("over", [len, np.sum, lambda w: 1.0], ids=["n", "sum of weights", "1"])
def test_weights_that_loss_and_gradient_share_are_right(over):
    assert found(weighted(itself, itself, over)) == ((), [])


@pytest.mark.parametrize(
    ("of_loss", "of_gradient", "words"),
    [
        (itself, np.ones_like, "the gradient is wrong: sample_weight is left out of it"),
        (np.ones_like, itself, "the loss is wrong: sample_weight is left out of it"),
        (np.sqrt, np.ones_like, "the gradient is wrong: sample_weight is left out of it"),
        (itself, np.sqrt, "the gradient is wrong: sample_weight is not in it as it is in the loss"),
    ],
)
def test_weights_that_one_of_them_means_otherwise_are_wrong(of_loss, of_gradient, words):
    kept, faults = found(weighted(of_loss, of_gradient))
    assert (kept, faults) == ((), [(f"with sample_weight, {words}", "exact")])


def test_weights_that_change_nothing_are_said_to():
    _, ((sentence, kind),) = found(weighted(np.ones_like, np.ones_like))
    assert sentence == "sample_weight changes nothing, in the loss and in the gradient"
    assert kind == "numerical"


@pytest.mark.thorough
def test_weights_of_classes_that_must_be_given_may_be_wanted_as_a_dictionary():
    def svm_loss(W, X, y, class_weight):
        w = np.array([class_weight.get(label) for label in y])
        return weighted(itself, np.ones_like)(W, X, y, w)

    convention = detect(InProcess(svm_loss), svm)
    assert convention.roles == ("W", "X", "y", "weights by class")
    _, faults = weights_asked(InProcess(svm_loss), convention, svm)
    assert "with class_weight, the gradient is wrong" in faults[0].sentence


def test_what_is_meant_in_no_known_way_keeps_its_default_and_is_named():
    assert found(weighted(np.sqrt, np.sqrt)) == (("sample_weight",), [])
    assert found(lambda W, X, y, tau=1.0: (0.0, W)) == (("tau",), [])
    assert "tau as by default" in str(Convention(kept=("tau",)))


def test_weights_of_classes_are_those_of_the_examples_labels():
    def svm_loss(W, X, y, class_weight=None):
        w = None if class_weight is None else class_weight[y]
        return weighted(itself, np.ones_like)(W, X, y, w)

    _, ((sentence, _),) = found(svm_loss)
    assert sentence == "with class_weight, the gradient is wrong: class_weight is left out of it"


@pytest.mark.parametrize(("of_gradient", "faults"), [(itself, 0), (np.ones_like, 1)])
def test_weights_of_classes_are_given_as_a_dictionary_too(of_gradient, faults):
    def svm_loss(W, X, y, class_weight=None):
        # An array is another thing here, and changes nothing.
        known = isinstance(class_weight, dict)
        w = np.array([class_weight.get(label) for label in y]) if known else None
        return weighted(itself, of_gradient)(W, X, y, w)

    kept, said = found(svm_loss)
    assert (kept, len(said)) == ((), faults)
