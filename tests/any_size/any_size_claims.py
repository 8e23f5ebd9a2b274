"""The page's claims in entries, written wrongly and written otherwise."""

from entries_by_hand import L, M, margin, mu, term
from sympy import Eq, Ne, Piecewise, Sum

from gradbook.any_size import IndexedClaim, of_example
from gradbook.any_size.letters import (
    C,
    S,
    W,
    X,
    a,
    b,
    c,
    i,
    j,
    k,
    label,
    m,
    n,
    s,
    s_prime,
    x,
    y,
    zero,
)
from gradbook.any_size.sums import mean, over_classes, over_features
from gradbook.notation import equal, hinge, indicator, partial, step, unequal


def on(j):
    return indicator(margin(j) > 0)


def violated(index=k):
    return over_classes(index, on(index), besides=y)


gradient = partial(L, W[a, b])
row_j, row_y = partial(L, W[j, b]), partial(L, W[y, b])
of_all = partial(mean(of_example(L, i)), W[a, b])
of_term = partial(term(j), W[a, b])

WRONG = {
    "N4, a term for y too": IndexedClaim(
        gradient, over_classes(j, partial(term(j), W[a, b])) + equal(a, y) * x[b]
    ),
    "N6, the other score": IndexedClaim(of_term, partial(hinge(1 - margin(j)), W[a, b]), Ne(j, y)),
    "N7, at the kink 1": IndexedClaim(
        partial(term(j), W[j, b]), x[b], (Ne(j, y), Eq(margin(j), 0))
    ),
    "N7, half of it at the kink": IndexedClaim(
        partial(term(j), W[j, b]), x[b] / 2, (Ne(j, y), Eq(margin(j), 0))
    ),
    "N7, a tangent too steep": IndexedClaim(
        hinge(s_prime[j] - s_prime[y] + 1),
        term(j) + 2 * step(margin(j)) * (s_prime[j] - s_prime[y] - s[j] + s[y]),
        Ne(j, y),
        relation="≥",
    ),
    "N8, another margin": IndexedClaim(
        margin(j), over_features(b, (W[j, b] - W[y, b]) * x[b]) - 1
    ),
    "N8, without its condition": IndexedClaim(term(j), margin(j), Ne(j, y)),
    "N8, one feature too few": IndexedClaim(
        margin(j), Sum((W[j, b] - W[y, b]) * x[b], (b, 0, m - 1)) + 1
    ),
    "N8, without the bias": IndexedClaim(
        margin(j), Sum((W[j, b] - W[y, b]) * x[b], (b, 1, m)) + 1
    ),
    "N9, the rows in another order": IndexedClaim(
        of_term, over_classes(k, equal(k, C - 1 - a) * partial(term(j), W[k, b])), Ne(j, y)
    ),
    "N10, the wrong row": IndexedClaim(
        partial(term(j), W[k, b]), x[b], (Ne(j, y), margin(j) > 0, Eq(k, y))
    ),
    "N10, without j ≠ y": IndexedClaim(
        partial(term(j), W[k, b]), x[b], (margin(j) > 0, Eq(k, j))
    ),
    "N11, the sign of row y": IndexedClaim(
        of_term,
        Piecewise((x[b], Eq(a, j)), (x[b], Eq(a, y)), (0, True)),
        (Ne(j, y), margin(j) > 0),
    ),
    "N11, transposed": IndexedClaim(
        of_term,
        Piecewise((x[b], Eq(b, j)), (-x[b], Eq(b, y)), (0, True)),
        (Ne(j, y), margin(j) > 0),
    ),
    "N12, without the indicator": IndexedClaim(
        of_term, (equal(a, j) - equal(a, y)) * x[b], Ne(j, y)
    ),
    "N14, the sign": IndexedClaim(row_y, violated() * x[b]),
    "N14, ≥ in row j": IndexedClaim(row_j, indicator(margin(j) >= 0) * x[b], Ne(j, y)),
    "N14, ≥ in row j at the kink": IndexedClaim(
        row_j, indicator(margin(j) >= 0) * x[b], (Ne(j, y), Eq(margin(j), 0))
    ),
    "N14, ≥ in row y": IndexedClaim(
        row_y, -over_classes(k, indicator(margin(k) >= 0), besides=y) * x[b]
    ),
    "N14, no mask": IndexedClaim(row_y, -over_classes(k, on(k)) * x[b]),
    "N14, j = y under the sum": IndexedClaim(row_y, -over_classes(k, equal(k, y) * on(k)) * x[b]),
    "N14, row j for row y too": IndexedClaim(row_j, on(j) * x[b]),
    "N14, another class": IndexedClaim(row_j, on(k) * x[b], Ne(j, y)),
    "N14, only the worst class": IndexedClaim(
        row_j, on(j) * zero(over_classes(k, step(s[k] - s[j]))) * x[b], Ne(j, y)
    ),
    "N14, a margin of 2": IndexedClaim(row_j, indicator(s[j] - s[y] + 2 > 0) * x[b], Ne(j, y)),
    "N14, from class 1 on": IndexedClaim(
        row_y, -Sum(unequal(k, y) * on(k), (k, 1, C - 1)) * x[b]
    ),
    "N14, up to the last class but one": IndexedClaim(
        row_y, -Sum(unequal(k, y) * on(k), (k, 0, C - 2)) * x[b]
    ),
    "N14, one class too many": IndexedClaim(row_y, -Sum(unequal(k, y) * on(k), (k, 0, C)) * x[b]),
    "N14, all classes counted": IndexedClaim(row_y, -(C - 1) * x[b]),
    "N15, the mask counts y": IndexedClaim(
        on(a) - equal(a, y) * violated(), partial(L, s[a])
    ),
    "N16, entries of x̃ by class": IndexedClaim(gradient, mu(a) * x[a]),
    "N16, classes and features exchanged": IndexedClaim(gradient, mu(b) * x[b]),
    "N16, every column the sum of all": IndexedClaim(
        gradient, over_features(c, M(a, c) * x[c])
    ),
    "N17, no 1/n": IndexedClaim(of_all, n * mean(of_example(mu(a), i) * X[i, b])),
    "N17, 1/C": IndexedClaim(of_all, n * mean(of_example(mu(a), i) * X[i, b]) / C),
    "N17, one example too few": IndexedClaim(
        of_all, Sum(of_example(mu(a), i) * X[i, b], (i, 1, n - 1)) / n
    ),
    "N17, the features of the first": IndexedClaim(of_all, mean(of_example(mu(a), i) * X[0, b])),
    "N17, the label of the first": IndexedClaim(
        of_all,
        mean(over_classes(j, indicator(S[i, a] - S[i, label[0]] + 1 > 0)) * X[i, b]),
    ),
}  # fmt: skip

RIGHT = {
    "another order of terms": IndexedClaim(
        gradient, x[b] * (-equal(y, a) * violated() + unequal(y, a) * on(a))
    ),
    "1 − δ for the mask": IndexedClaim(
        row_y, -over_classes(k, (1 - equal(k, y)) * on(k)) * x[b]
    ),
    "another letter under the sum": IndexedClaim(row_y, -violated(j) * x[b]),
    "the factor inside": IndexedClaim(row_y, -over_classes(k, on(k) * x[b], besides=y)),
    "the mask as a difference": IndexedClaim(row_y, (1 - over_classes(k, on(k))) * x[b]),
    "an indicator as a sum": IndexedClaim(
        row_j, over_classes(k, equal(k, j) * on(k)) * x[b], Ne(j, y)
    ),
    "1 − 1{… ≤ 0}": IndexedClaim(row_j, (1 - indicator(margin(j) <= 0)) * x[b], Ne(j, y)),
    "the margin turned round": IndexedClaim(
        row_j, indicator(s[y] - 1 - s[j] < 0) * x[b], Ne(j, y)
    ),
    "≥ off the kink": IndexedClaim(
        row_j, indicator(margin(j) >= 0) * x[b], (Ne(j, y), Ne(margin(j), 0))
    ),
    "twice the margin": IndexedClaim(row_j, indicator(2 * margin(j) > 0) * x[b], Ne(j, y)),
    "the margin in weights": IndexedClaim(
        row_j,
        indicator(over_features(c, (W[j, c] - W[y, c]) * x[c]) > -1) * x[b],
        Ne(j, y),
    ),
    "both rows in one formula": IndexedClaim(
        gradient, over_classes(k, (equal(a, k) - equal(a, y)) * on(k), besides=y) * x[b]
    ),
    "the rows add up to 0": IndexedClaim(over_classes(a, gradient), 0),
    "1/n inside": IndexedClaim(of_all, Sum(of_example(mu(a), i) * X[i, b] / n, (i, 0, n - 1))),
    "the mean over t": IndexedClaim(of_all, mean(of_example(mu(a), i) * X[i, b])),
    "≥ 0 where the margin is violated": IndexedClaim(
        term(j), 0, (Ne(j, y), margin(j) > 0), relation="≥"
    ),
    "the sum of the violated margins is the loss": IndexedClaim(
        L, over_classes(k, on(k) * margin(k), besides=y)
    ),
    "the loss of a correct score far ahead": IndexedClaim(term(j), 0, margin(j) < 0),
    "x̃ᵀ ∇ is the change of the score": IndexedClaim(
        over_features(b, partial(s[j], W[a, b]) * x[b]), equal(a, j) * over_features(c, x[c] ** 2)
    ),
    "Euler: Σ_ab W_ab ∂/∂W_ab of a violated term": IndexedClaim(
        over_classes(a, over_features(b, W[a, b] * partial(term(j), W[a, b]))),
        on(j) * (s[j] - s[y]),
        Ne(j, y),
    ),
}  # fmt: skip
