"""State, randomness and inputs that are changed; other dtypes and layouts."""

import pytest
from edited import LOOPS, VECTORIZED, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess


def judged(*changes, of=VECTORIZED):
    return judge(InProcess(edited(*changes, of=of)), svm)


IMPURE = [
    (
        ("X.dot(W)", "X.dot(W) + np.random.normal(size=(N, C))"),
        "the same data give another answer the second time",
    ),
    (("    return", "    W += 1e-3\n    return"), "it changes its input W"),
    (("    return", "    y[0] = 0\n    return"), "it changes its input y"),
    (
        ("def svm_loss(W, X, y, reg):", "def svm_loss(W, X, y, reg, seen={}):\n"
         "    if W.shape in seen: return seen[W.shape]"),
        "the result of the first call with a W of the same shape is returned",
    ),
    (
        ("    return loss, dW", "    globals()['n'] = globals().get('n', 0) + 1\n"
         "    return loss, dW if n < 300 else 2 * dW"),
        "after other calls, the same data give another answer than before",
    ),
    (
        ("dW = dW + 2 * reg * W", "kept = globals().setdefault('kept', {}).setdefault(W.shape, "
         "np.zeros(W.shape)); kept += dW + 2 * reg * W; dW = kept.copy()"),
        "each call adds to what the calls before gave",
    ),
    (
        ("dW = dW + 2 * reg * W", "kept = globals().setdefault('kept', {}).setdefault(W.shape, "
         "np.zeros(W.shape)); kept[...] = dW + 2 * reg * W; dW = kept"),
        "the gradient that it returned is overwritten by its next call",
    ),
]  # fmt: skip


@pytest.mark.quick("change3")
@pytest.mark.parametrize(("change", "words"), IMPURE)
def test_what_a_call_leaves_behind_is_found(change, words):
    if "seen[W.shape]" in change[1]:
        changes = [change, ("    return loss, dW", "    seen[W.shape] = loss, dW.copy()\n"
                            "    return loss, dW")]  # fmt: skip
    else:
        changes = [change]
    found = judged(*changes)
    assert found.status == "wrong"
    assert any(words in one.sentence and one.kind == "purity" for one in found.findings)


@pytest.mark.thorough
def test_an_order_drawn_at_random_is_no_randomness():
    found = judged(("in range(N)", "in np.random.permutation(N)"), of=LOOPS)
    assert found.status == "right"
    assert not found.findings


@pytest.mark.thorough
def test_not_a_number_twice_is_no_randomness():
    found = judged(("    return loss, dW", "    return float('nan'), dW"))
    assert all(one.kind != "purity" for one in found.findings)
    assert found.status == "wrong"


MASK = '.astype(X.dtype if X.dtype.kind == "f" else float)'
FLAT = """own = np.zeros(W.size)
    np.add.at(own, (y * W.shape[0])[:, None] + np.arange(W.shape[0]), X * -mask[r, y][:, None])
    mask[r, y] = 0
    dW = (X.T.dot(mask) - own.reshape(C, -1).T) / N"""


@pytest.mark.quick("change1")
@pytest.mark.parametrize(
    ("change", "of", "said"),
    [
        (
            ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] += -X[i]"),
            LOOPS,
            "for uint8 X, the gradient is wrong: −X[i] wraps around: the negative of a byte is ",
        ),
        (
            ("X.dot(W)", "X.dot(W).astype(X.dtype)"),
            VECTORIZED,
            "for int64 X, the loss and the gradient are wrong: the scores are cut to whole num",
        ),
        (
            ("X.T.dot(mask) / N", "(X.T.dot(mask) / N).astype(X.dtype)"),
            VECTORIZED,
            "for int64 X, the gradient is wrong: the gradient is cut to whole numbers",
        ),
        (
            (MASK, ".astype(X.dtype)"),
            VECTORIZED,
            "for uint8 X, the gradient is wrong: the sums of the gradient are computed in the type",
        ),
        (
            ("dW = X.T.dot(mask) / N", FLAT),
            VECTORIZED,
            "for uint8 labels, the gradient is wrong: y·D is computed in the type of y, and wraps",
        ),
    ],
)
def test_what_is_right_but_for_other_types_is_right_and_the_cause_is_said(change, of, said):
    found = judged(change, of=of)
    assert found.status == "right"
    assert any(one.sentence.startswith(said) for one in found.findings), found.findings
    assert {one.kind for one in found.findings} == {"numerical"}


def test_an_array_that_is_read_in_another_order_than_it_has_is_a_finding_of_lower_rank():
    found = judged(("X.dot(W)", "X.ravel(order='K').reshape(X.shape).dot(W)"))
    assert found.status == "right"
    assert "for arrays that are in Fortran order" in found.findings[0].sentence


def test_single_precision_that_is_returned_as_such_passes():
    found = judged(
        ("    r = ", "    W, X, reg = np.float32(W), np.float32(X), np.float32(reg)\n    r = "),
        (" / N + reg", " / np.float32(N) + reg"),
    )
    assert found.status == "right", found.findings


@pytest.mark.thorough
@pytest.mark.parametrize(("power", "status"), [(2, "right"), (4, "wrong")])
def test_the_squares_of_large_features_are_numbers_still(power, status):
    checked = f"assert np.isfinite((X**{power}).sum())\n    loss = margins"
    assert judged(("loss = margins", checked)).status == status
