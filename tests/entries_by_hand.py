"""The page's claims in entries for any number of classes, features and examples, written by hand.

A witness of the page that is read: C, m and n stay letters, and so do the indices: a, j and k are
classes, y the correct one; b and c number the entries of x̃, and i the examples.
"""

from collections.abc import Callable, Iterator

from python_page import svm
from sympy import Eq, Expr, Ne, Piecewise

from gradbook.any_size import IndexedClaim, of_example
from gradbook.any_size.letters import W, X, a, b, c, i, j, k, s, s_prime, x, y
from gradbook.any_size.sums import mean, over_classes, over_features
from gradbook.notation import equal, hinge, indicator, partial

Claims = Iterator[IndexedClaim]

#: id ↦ the claims of the line.
LINES: dict[str, list[IndexedClaim]] = {}


def line(id: str) -> Callable[[Callable[[], Claims]], None]:
    def add(claims: Callable[[], Claims]) -> None:
        LINES[id] = list(claims())

    return add


L = svm.formula


def margin(j: Expr) -> Expr:
    """s_j − s_y + 1: by how much class j comes too close."""
    return s[j] - s[y] + 1


def term(j: Expr) -> Expr:
    """L_i^{(j)}: what class j ≠ y adds to the loss (N5)."""
    return hinge(margin(j))


@line("N2")
def class_scores() -> Claims:
    """s_j = Σ_b W_jb x̃_b"""
    yield IndexedClaim(s[j], over_features(b, W[j, b] * x[b]))


@line("N3")
def loss_of_one_example() -> Claims:
    """L_i = Σ_{j≠y} max(0, s_j − s_y + 1)"""
    yield IndexedClaim(L, over_classes(j, hinge(s[j] - s[y] + 1), besides=y))


# The gradient of a sum: one violated class at a time.


@line("N4")
def gradient_is_linear() -> Claims:
    """∂L_i/∂W_ab = Σ_{j≠y} ∂/∂W_ab max(0, s_j − s_y + 1)"""
    terms = partial(hinge(s[j] - s[y] + 1), W[a, b])
    yield IndexedClaim(partial(L, W[a, b]), over_classes(j, terms, besides=y))


@line("N5")
def one_term() -> Claims:
    """∂/∂W_ab max(0, s_j − s_y + 1) = ∂L_i^{(j)}/∂W_ab for j ≠ y"""
    yield IndexedClaim(
        partial(hinge(s[j] - s[y] + 1), W[a, b]), partial(term(j), W[a, b]), given=Ne(j, y)
    )


@line("N6")
def entries() -> Claims:
    """∂L_i^{(j)}/∂W_ab is that of max(0, Σ_c W_jc x̃_c − Σ_c W_yc x̃_c + 1), a function of entries"""
    of_entries = hinge(over_features(c, W[j, c] * x[c]) - over_features(c, W[y, c] * x[c]) + 1)
    yield IndexedClaim(partial(term(j), W[a, b]), partial(of_entries, W[a, b]), given=Ne(j, y))


# One term: flat where the margin is kept, a difference of two scores where it is not.


@line("N7")
def margin_kept() -> Claims:
    """∂L_i^{(j)}/∂W_ab = 0 if s_j − s_y + 1 ≤ 0: at equality it is declared, and a subgradient"""
    yield IndexedClaim(partial(term(j), W[a, b]), 0, given=(Ne(j, y), margin(j) < 0))
    yield IndexedClaim(partial(term(j), W[a, b]), 0, given=(Ne(j, y), Eq(margin(j), 0)))
    at_s_prime = hinge(s_prime[j] - s_prime[y] + 1)
    slopes = over_classes(k, partial(term(j), s[k]) * (s_prime[k] - s[k]))
    yield IndexedClaim(at_s_prime, term(j) + slopes, given=Ne(j, y), relation="≥")


@line("N8")
def margin_violated() -> Claims:
    """L_i^{(j)} = s_j − s_y + 1 = Σ_b W_jb x̃_b − Σ_b W_yb x̃_b + 1 = Σ_b (W_jb − W_yb) x̃_b + 1
    if s_j − s_y + 1 > 0
    """
    in_products = over_features(b, W[j, b] * x[b]) - over_features(b, W[y, b] * x[b]) + 1
    in_rows = over_features(b, (W[j, b] - W[y, b]) * x[b]) + 1
    yield IndexedClaim(term(j), s[j] - s[y] + 1, given=(Ne(j, y), margin(j) > 0))
    yield IndexedClaim(s[j] - s[y] + 1, in_products)
    yield IndexedClaim(in_products, in_rows)


@line("N9")
def stack_of_rows() -> Claims:
    """∂L_i^{(j)}/∂W_ab = Σ_k δ_ka ∂L_i^{(j)}/∂W_kb: row a of the stack is the gradient by row a"""
    stacked = over_classes(k, equal(k, a) * partial(term(j), W[k, b]))
    yield IndexedClaim(partial(term(j), W[a, b]), stacked, given=Ne(j, y))


@line("N10")
def row_of_violated_term() -> Claims:
    """∂L_i^{(j)}/∂W_kb = x̃_b if k = j; −x̃_b if k = y; 0 else; where s_j − s_y + 1 > 0, j ≠ y"""
    violated = (Ne(j, y), margin(j) > 0)
    yield IndexedClaim(partial(term(j), W[k, b]), x[b], given=(*violated, Eq(k, j)))
    yield IndexedClaim(partial(term(j), W[k, b]), -x[b], given=(*violated, Eq(k, y)))
    yield IndexedClaim(partial(term(j), W[k, b]), 0, given=(*violated, Ne(k, j), Ne(k, y)))


def entry_of_violated_term(j: Expr) -> Expr:
    """Entry a, b of the matrix with x̃ᵀ in row j, −x̃ᵀ in row y, 0 elsewhere."""
    return Piecewise((x[b], Eq(a, j)), (-x[b], Eq(a, y)), (0, True))


@line("N11")
def whole_matrix() -> Claims:
    """∂L_i^{(j)}/∂W_ab = x̃_b in row j; −x̃_b in row y; 0 elsewhere; if s_j − s_y + 1 > 0, j ≠ y"""
    yield IndexedClaim(
        partial(term(j), W[a, b]), entry_of_violated_term(j), given=(Ne(j, y), margin(j) > 0)
    )


# Both halves in one formula, and summed.


@line("N12")
def with_indicator() -> Claims:
    """∂L_i^{(j)}/∂W_ab = 1{s_j − s_y + 1 > 0} · (the entry of N11) for j ≠ y"""
    entry = indicator(margin(j) > 0) * entry_of_violated_term(j)
    yield IndexedClaim(partial(term(j), W[a, b]), entry, given=Ne(j, y))


@line("N13")
def summed() -> Claims:
    """∂L_i/∂W_ab = Σ_{j≠y} ∂L_i^{(j)}/∂W_ab"""
    terms = over_classes(j, partial(term(j), W[a, b]), besides=y)
    yield IndexedClaim(partial(L, W[a, b]), terms)


@line("N14")
def every_row() -> Claims:
    """∂L_i/∂W_jb = 1{s_j − s_y + 1 > 0} x̃_b for j ≠ y;
    ∂L_i/∂W_yb = −[Σ_{j≠y} 1{s_j − s_y + 1 > 0}] x̃_b
    """
    violated = over_classes(j, indicator(margin(j) > 0), besides=y)
    row = indicator(margin(j) > 0) * x[b]
    yield IndexedClaim(partial(L, W[j, b]), row, given=Ne(j, y))
    yield IndexedClaim(partial(L, W[y, b]), -violated * x[b])


# The same as a product of matrices, and the mean over the examples.


def mu(a: Expr) -> Expr:
    """μ_a: 1{s_a − s_y + 1 > 0} for a ≠ y, −Σ_{j≠y} 1{s_j − s_y + 1 > 0} for a = y."""
    violated = over_classes(j, indicator(margin(j) > 0), besides=y)
    return Piecewise((indicator(margin(a) > 0), Ne(a, y)), (-violated, True))


def M(a: Expr, b: Expr) -> Expr:
    """(M_i)_ab = μ_a · 1: the same in every column b, by the row of ones 𝟙 (N15, N18)."""
    return mu(a) * 1


@line("N15")
def matrix_of_indicators() -> Claims:
    """(M_i)_ab = ∂L_i/∂s_a · 1"""
    yield IndexedClaim(M(a, b), partial(L, s[a]))


@line("N16")
def product_with_example() -> Claims:
    """∂L_i/∂W_ab = Σ_c (M_i)_ac diag(x̃)_cb = (M_i)_ab x̃_b = μ_a x̃_b, with diag(x̃)_cb = δ_cb x̃_b"""
    with_diagonal = over_features(c, M(a, c) * equal(c, b) * x[b])
    yield IndexedClaim(partial(L, W[a, b]), with_diagonal)
    yield IndexedClaim(partial(L, W[a, b]), M(a, b) * x[b])
    yield IndexedClaim(partial(L, W[a, b]), mu(a) * x[b])


@line("N17")
def mean_over_examples() -> Claims:
    """∂L/∂W_ab = (1/n) Σ_i Σ_c (M_i)_ac diag(x̃⁽ⁱ⁾)_cb = (1/n) Σ_i μ_ia X̃_ib,
    for L = (1/n) Σ_i L_i
    """
    gradient = partial(mean(of_example(L, i)), W[a, b])
    with_diagonal = over_features(c, of_example(M(a, c), i) * equal(c, b) * X[i, b])
    yield IndexedClaim(gradient, mean(with_diagonal))
    yield IndexedClaim(gradient, mean(of_example(mu(a), i) * X[i, b]))
