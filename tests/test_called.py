"""By the words that pages say, the name of a function tells which loss it is."""

import pytest

from gradbook import Loss
from gradbook.called import called_so, is_called_so
from gradbook.notation import s, y

LOSSES = [
    Loss(name, s[0] - s[y], "key", called=called)
    for name, called in {
        "svm": ("svm", "charnière"),
        "squared": ("squared hinge", "squared svm", "l2 svm"),
        "softmax": ("softmax", "cross entropy", "ce loss"),
    }.items()
]


@pytest.mark.parametrize(
    ("name", "losses"),
    [
        ("svm_loss_naive", ["svm"]),
        ("multiSVM", ["svm"]),
        ("perte_charniere", ["svm"]),
        ("SquaredHinge.forward+backward", ["squared"]),
        ("svm_loss_squared", ["squared"]),
        ("SVMSquaredLoss", ["squared"]),
        ("l2svm", ["squared"]),
        ("crossEntropyLoss", ["softmax"]),
        ("svm_or_softmax", ["svm", "softmax"]),
        ("ce_loss", ["softmax"]),
        ("distance_loss", []),
    ],
)
def test_a_name_tells_the_losses_it_may_be_of(name, losses):
    assert [loss.name for loss in called_so(name, LOSSES)] == losses
    assert is_called_so(name, LOSSES[0]) == ("svm" in name.lower() or "charn" in name)
