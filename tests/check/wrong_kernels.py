"""Wrong kernels of the multi-class SVM: the faults that people's kernels have.

At the end, for each, which checks have to fail and what the first finding has to say.
"""

import numpy as np
from svm_kernels import answer, margins_of, plain


def sign_reversed(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, -gradient


def at_least_0(W, X, y):
    margins = margins_of(W, X, y)
    mask = margins >= 0
    mask[np.arange(len(y)), y] = False
    return answer(margins, mask, X, y)


def correct_class_counted(W, X, y):
    margins = margins_of(W, X, y)
    margins[np.arange(len(y)), y] = 1
    return answer(margins, margins > 0, X, y)


def correct_class_in_row_y(W, X, y):
    loss, gradient = plain(W, X, y)
    np.subtract.at(gradient, y, X / len(y))
    return loss, gradient


def gradient_not_divided(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient * len(y)


def nothing_divided(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss * len(y), gradient * len(y)


def divided_by_classes(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient * W.dtype.type(len(y) / len(W))


def mask_of_scores(W, X, y):
    return answer(margins_of(W, X, y), X @ W.T > 0, X, y)


def margin_without_1(W, X, y):
    margins = margins_of(W, X, y) - 1
    margins[np.arange(len(y)), y] = 0
    return answer(margins, margins > 0, X, y)


def lost_updates(W, X, y):
    n, gradient = len(y), np.zeros_like(W)
    margins = margins_of(W, X, y)
    mask = (margins > 0).astype(W.dtype)
    gradient += mask.T @ X
    gradient[y] -= mask.sum(axis=1)[:, None] * X
    return np.maximum(margins, 0).sum() / n, gradient / n


def largest_margin_only(W, X, y):
    margins = margins_of(W, X, y)
    kept = np.where(np.arange(len(W)) == margins.argmax(axis=1)[:, None], margins, 0)
    return answer(kept, kept > 0, X, y)


def row_y_once(W, X, y):
    margins = margins_of(W, X, y)
    mu = (margins > 0).astype(W.dtype)
    mu[np.arange(len(y)), y] = -np.sign(mu.sum(axis=1))
    return np.maximum(margins, 0).sum() / len(y), mu.T @ X / len(y)


def row_y_forgotten(W, X, y):
    margins = margins_of(W, X, y)
    return np.maximum(margins, 0).sum() / len(y), (margins > 0).astype(W.dtype).T @ X / len(y)


def row_y_only(W, X, y):
    margins = margins_of(W, X, y)
    mu = np.zeros_like(margins)
    mu[np.arange(len(y)), y] = -(margins > 0).sum(axis=1)
    return np.maximum(margins, 0).sum() / len(y), mu.T @ X / len(y)


def next_row(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, np.roll(gradient, 1, axis=0)


def margins_for_indicators(W, X, y):
    margins = np.maximum(margins_of(W, X, y), 0)
    return answer(margins, margins, X, y)


def no_clamp(W, X, y):
    margins = margins_of(W, X, y)
    return float(margins.sum()) / len(y), answer(margins, margins > 0, X, y)[1]


def ten_classes_at_most(W, X, y):
    loss, gradient = plain(W, X, y)
    gradient[10:] = 0
    return loss, gradient


def exactly_ten_classes(W, X, y):
    scores = X @ W.T
    margins = np.array([[scores[i, a] for a in range(10)] for i in range(len(y))])
    return answer(margins, margins > 0, X, y)


def last_example_only(W, X, y):
    loss, _ = plain(W, X, y)
    return loss, plain(W, X[-1:], y[-1:])[1] / len(y)


def last_example_skipped(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient - plain(W, X[-1:], y[-1:])[1] / len(y)


def bias_forgotten(W, X, y):
    loss, gradient = plain(W, X, y)
    gradient[:, 0] = 0
    return loss, gradient


def threshold_above_0(W, X, y):
    margins = margins_of(W, X, y)
    return answer(margins, margins > 1e-9, X, y)


def penalty_added(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient + W / 1024


def mean_of_the_active(W, X, y):
    loss, gradient = plain(W, X, y)
    active = (margins_of(W, X, y) > 0).any(axis=1).sum()
    return loss, gradient * W.dtype.type(len(y) / active) if active else gradient


def division_by_the_active(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss * np.divide(len(y), np.float64((margins_of(W, X, y) > 0).sum())), gradient


def rounded_mean(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient * W.dtype.type(len(y)) * W.dtype.type(np.float16(1 / len(y)))


def single_precision(W, X, y):
    loss, gradient = plain(W.astype(np.float32), X.astype(np.float32), y)
    return loss, gradient.astype(W.dtype)


def slightly_off_for_long_examples(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient * (1 + 1e-9) if W.shape[1] > 30 else gradient


def column_major_assumed(W, X, y):
    return plain(W.ravel(order="K").reshape(W.shape), X, y)


# ------------------------------------------------------------------------- kernels of bad manners


def changes_X(W, X, y):
    found = plain(W, X, y)
    X *= 2
    return found


def changes_W(W, X, y):
    loss, gradient = plain(W, X, y)
    W -= gradient / 4
    return loss, gradient


def always_float64(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient.astype(np.float64)


def transposed_answer(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient.T


def a_list(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, gradient.tolist()


def a_matrix(W, X, y):
    loss, gradient = plain(W, X, y)
    return loss, np.matrix(gradient)


def loss_of_shape_1(W, X, y):
    loss, gradient = plain(W, X, y)
    return np.array([loss]), gradient


def three_things(W, X, y):
    return (*plain(W, X, y), None)


def nothing(W, X, y):
    return None


def refuses_two_classes(W, X, y):
    if len(W) == 2:
        raise ZeroDivisionError("two classes are one too few")
    return plain(W, X, y)


def stale_cache():
    """A kernel that takes inputs of a shape that it has seen for the same inputs."""
    seen = {}

    def cached(W, X, y):
        loss, gradient = seen.setdefault((W.shape, X.shape, W.dtype), plain(W, X, y))
        return loss, gradient.copy()

    return cached


def one_call_late():
    """A kernel that answers what it was asked the last time with that shape."""
    asked = {}

    def late(W, X, y):
        key, found = (W.shape, W.dtype), plain(W, X, y)
        before = asked.get(key, found)
        asked[key] = found
        return before

    return late


def one_buffer():
    """A kernel that hands out the same array at every call."""
    buffers = {}

    def buffered(W, X, y):
        loss, gradient = plain(W, X, y)
        buffer = buffers.setdefault((W.shape, W.dtype), np.zeros_like(W))
        buffer[...] = gradient
        return loss, buffer

    return buffered


def growing():
    """A kernel that adds up the gradients of all its calls."""
    sums = {}

    def summed(W, X, y):
        loss, gradient = plain(W, X, y)
        key = (W.shape, W.dtype)
        sums[key] = sums.get(key, 0) + gradient
        return loss, sums[key].copy()

    return summed


#: kernel → the checks that have to fail, and words of the first finding.
WRONG = {
    sign_reversed: (
        {"exact", "by hand", "finite differences", "digits", "training"},
        "everything has the wrong sign",
    ),
    at_least_0: ({"exact"}, "only where a margin is exactly 0"),
    correct_class_counted: (
        {"exact", "by hand", "digits"},
        "in the loss, the correct class is not left out of the sum",
    ),
    correct_class_in_row_y: (
        {"exact", "finite differences"},
        "row y counts the correct class itself",
    ),
    gradient_not_divided: ({"exact", "finite differences"}, "the gradient is not divided by n"),
    nothing_divided: (
        {"exact", "by hand", "digits"},
        "the loss and the gradient are not divided by n",
    ),
    divided_by_classes: ({"exact"}, "the gradient is divided by C, not by n"),
    mask_of_scores: ({"exact", "finite differences"}, "the indicator is that of the score"),
    margin_without_1: ({"exact", "by hand", "digits"}, "the margin's 1 is missing"),
    lost_updates: (
        {"exact", "by hand", "digits"},
        "examples with a repeated label overwrite each other",
    ),
    largest_margin_only: ({"exact", "by hand"}, "only the largest margin of an example counts"),
    row_y_once: ({"exact", "finite differences"}, "row y counts one active class at most"),
    row_y_forgotten: ({"exact", "finite differences"}, "row y stays 0"),
    row_y_only: ({"exact", "finite differences"}, "only row y is written: the rows j ≠ y stay 0"),
    next_row: ({"exact", "finite differences"}, "all rows are shifted by one"),
    margins_for_indicators: (
        {"exact", "finite differences"},
        "max(0, u) stands where 1{u > 0} belongs",
    ),
    no_clamp: ({"exact", "by hand"}, "in the loss, max(0, ·) is missing"),
    ten_classes_at_most: ({"exact"}, "only the first 10 rows are written"),
    exactly_ten_classes: ({"exact"}, "raises IndexError"),
    last_example_only: ({"exact", "by hand", "digits"}, "only the last example counts"),
    last_example_skipped: ({"exact", "by hand", "digits"}, "the last example does not count"),
    bias_forgotten: (
        {"exact", "finite differences", "digits"},
        "the first feature's column stays 0",
    ),
    threshold_above_0: ({"exact"}, "a margin counts only from a threshold of 1e−09"),
    penalty_added: ({"exact", "finite differences"}, "·W is added, whatever reg is"),
    mean_of_the_active: (
        {"exact", "digits"},
        "divided by the number of examples with an active margin",
    ),
    division_by_the_active: ({"exact", "by hand"}, "not finite"),
    rounded_mean: ({"by hand"}, "where rounding allows"),
    single_precision: ({"exact", "by hand", "digits"}, ""),
    slightly_off_for_long_examples: ({"digits"}, "digits"),
    column_major_assumed: ({"exact"}, "only where the arrays are in Fortran order"),
}

#: kernel → words of its first finding.
ILL_MANNERED = {
    changes_X: "modifies its input X",
    changes_W: "modifies its input W",
    always_float64: "float64 where W is float32",
    transposed_answer: "another shape|has the shape",
    a_list: "its gradient is a list of 3",
    a_matrix: "its gradient is a matrix",
    loss_of_shape_1: "its loss is a ndarray of shape",
    three_things: "a tuple of 3",
    nothing: "returns None",
    refuses_two_classes: "raises ZeroDivisionError: two classes are one too few, only where C = 2",
}
