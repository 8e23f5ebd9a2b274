"""The page N1 … N18 said in Python by hand: a witness of the page that is read.

It was written before pages were read, and knows nothing of the reader. Each line is a function of a
case, one choice of C, m and y with its symbols W, x̃ and s, and yields what it claims.
"""

from collections.abc import Callable, Iterator

from sympy import Eq, Expr, ImmutableMatrix, Sum, diag, hadamard_product

from gradbook import Case, Claim, Loss, gradient
from gradbook.notation import C, hinge, indicator, j, s, total, unequal, y

Claims = Iterator[Claim]

svm = Loss(
    name="multi-class SVM loss",
    key="multiclass_svm",
    formula=Sum(unequal(j, y) * hinge(s[j] - s[y] + 1, at_kink=0), (j, 0, C - 1)),
    cites={"loss": "N3", "kink": "N7", "gradient": "N14", "mean": "N17"},
)

#: id ↦ the claims of the line, for a case.
LINES: dict[str, Callable[[Case], Claims]] = {}


def line(id: str) -> Callable[[Callable[[Case], Claims]], Callable[[Case], Claims]]:
    def add(claims: Callable[[Case], Claims]) -> Callable[[Case], Claims]:
        LINES[id] = claims
        return claims

    return add


vstack = ImmutableMatrix.vstack


# What is given: the examples, the weights, the scores, the loss.


@line("N1")
def example_and_weights(case: Case) -> Claims:
    """x̃ = (1, x_1, …, x_m)ᵀ ∈ R^{(m+1)×1}; W ∈ R^{C×(m+1)}"""
    yield Claim(case.x.shape, (case.m + 1, 1))
    yield Claim(case.x[0], 1)
    yield Claim(case.W.shape, (case.C, case.m + 1))


@line("N2")
def class_scores(case: Case) -> Claims:
    """s = W x̃ ∈ R^{C×1}; s_j = W_j x̃"""
    product = case.W * case.x
    yield Claim(product.shape, (case.C, 1))
    yield Claim(case.s, product)
    for j in case.classes:
        yield Claim(case.s[j], case.W[j, :] * case.x)
        yield Claim(product[j], case.W[j, :] * case.x)


def margin(case: Case, j: int) -> Expr:
    """s_j − s_y + 1: by how much class j comes too close."""
    return case.s[j] - case.s[case.y] + 1


def L(case: Case) -> Expr:
    """L_i: the loss, for this many classes and this label."""
    return svm.at(case.C, case.y, case.example)


@line("N3")
def loss_of_one_example(case: Case) -> Claims:
    """L_i = Σ_{j≠y} max(0, s_j − s_y + 1)"""
    yield Claim(L(case), total(hinge(margin(case, j)) for j in case.other_classes))


# The gradient of a sum: one violated class at a time.


@line("N4")
def gradient_is_linear(case: Case) -> Claims:
    """∇_W L_i = Σ_{j≠y} ∇_W max(0, s_j − s_y + 1)"""
    terms = [hinge(margin(case, j)) for j in case.other_classes]
    yield Claim(L(case), total(terms))
    yield Claim(gradient(L(case), case.W), total(gradient(term, case.W) for term in terms))


def term(case: Case, j: int) -> Expr:
    """L_i^{(j)}: what class j adds to the loss (N5). Raises ValueError for j = y: it adds none."""
    if j == case.y:
        raise ValueError("L_i^{(j)} is defined for j ≠ y only")
    return hinge(margin(case, j))


@line("N5")
def one_term(case: Case) -> Claims:
    """L_i^{(j)} := max(0, s_j − s_y + 1), so ∇_W max(0, s_j − s_y + 1) = ∇_W L_i^{(j)}"""
    for j in case.other_classes:
        page = hinge(case.s[j] - case.s[case.y] + 1)
        yield Claim(term(case, j), page)
        yield Claim(gradient(page, case.W), gradient(term(case, j), case.W))


@line("N6")
def entries_and_shape(case: Case) -> Claims:
    """(∇_W L_i^{(j)})_{a,b} = ∂L_i^{(j)} / ∂W_{a,b}, so ∇_W L_i^{(j)} ∈ R^{C×(m+1)}"""
    for j in case.other_classes:
        entries = [
            [gradient(term(case, j), case.W[a, b]) for b in range(case.m + 1)] for a in case.classes
        ]
        yield Claim(gradient(term(case, j), case.W).shape, (case.C, case.m + 1))
        yield Claim(gradient(term(case, j), case.W), ImmutableMatrix(entries))


# One term: flat where the margin is kept, a difference of two scores where it is not.


@line("N7")
def margin_kept(case: Case) -> Claims:
    """if s_j − s_y + 1 ≤ 0: ∇_W L_i^{(j)} = 0 ∈ R^{C×(m+1)}"""
    zero = case.zeros(case.C, case.m + 1)
    for j in case.other_classes:
        yield Claim(gradient(term(case, j), case.W), zero, given=margin(case, j) < 0)
        yield from declared_at_the_kink(case, j)


def declared_at_the_kink(case: Case, j: int) -> Claims:
    """At s_j − s_y + 1 = 0 there is no gradient: 0 is declared there. The declaration is sound,
    0 is a subgradient: L^{(j)}(s′) ≥ L^{(j)}(s) + ∇_s L^{(j)}·(s′ − s), kinks included.
    """
    zero = case.zeros(case.C, case.m + 1)
    yield Claim(gradient(term(case, j), case.W), zero, given=Eq(margin(case, j), 0))
    at_s_prime = term(case, j).xreplace(dict(zip(case.s, case.s_prime, strict=True)))
    tangent = term(case, j) + (gradient(term(case, j), case.s).T * (case.s_prime - case.s))[0]
    yield Claim(at_s_prime, tangent, relation="≥")


@line("N8")
def margin_violated(case: Case) -> Claims:
    """if s_j − s_y + 1 > 0: L_i^{(j)} = s_j − s_y + 1 = W_j x̃ − W_y x̃ + 1 = [W_j − W_y] x̃ + 1"""
    W, x, y = case.W, case.x, case.y
    for j in case.other_classes:
        in_scores = case.s[j] - case.s[y] + 1
        in_products = (W[j, :] * x)[0] - (W[y, :] * x)[0] + 1
        in_rows = ((W[j, :] - W[y, :]) * x)[0] + 1
        yield Claim(term(case, j), in_scores, given=margin(case, j) > 0)
        yield Claim(in_scores, in_products)
        yield Claim(in_products, in_rows)


@line("N9")
def stack_of_rows(case: Case) -> Claims:
    """∇_W L_i^{(j)} = [∇_{W_1} L_i^{(j)}; …; ∇_{W_k} L_i^{(j)}; …; ∇_{W_C} L_i^{(j)}]"""
    for j in case.other_classes:
        rows = [gradient(term(case, j), case.W[k, :]) for k in case.classes]
        yield Claim(gradient(term(case, j), case.W), vstack(*rows))


@line("N10")
def row_of_violated_term(case: Case) -> Claims:
    """∇_{W_k} L_i^{(j)} = x̃ᵀ if k = j; −x̃ᵀ if k = y; 0 else; ∈ R^{1×(m+1)}"""
    for j in case.other_classes:
        for k in case.classes:
            row = case.x.T if k == j else -case.x.T if k == case.y else case.zeros(1, case.m + 1)
            yield Claim(gradient(term(case, j), case.W[k, :]), row, given=margin(case, j) > 0)


def matrix_of_violated_term(case: Case, j: int) -> ImmutableMatrix:
    """x̃ᵀ in row j, −x̃ᵀ in row y, 0 elsewhere: shape (C, m + 1)."""
    rows = {j: case.x.T, case.y: -case.x.T}
    return vstack(*(rows.get(k, case.zeros(1, case.m + 1)) for k in case.classes))


@line("N11")
def whole_matrix(case: Case) -> Claims:
    """∇_W L_i^{(j)} = x̃ᵀ in row j; −x̃ᵀ in row y; 0 elsewhere"""
    for j in case.other_classes:
        page = matrix_of_violated_term(case, j)
        yield Claim(gradient(term(case, j), case.W), page, given=margin(case, j) > 0)


# Both halves in one formula, and summed.


@line("N12")
def with_indicator(case: Case) -> Claims:
    """∇_W L_i^{(j)} = 1{s_j − s_y + 1 > 0} · (the matrix of N11)"""
    for j in case.other_classes:
        page = indicator(margin(case, j) > 0) * matrix_of_violated_term(case, j)
        yield Claim(gradient(term(case, j), case.W), page)


@line("N13")
def summed(case: Case) -> Claims:
    """∇_W L_i = Σ_{j≠y} ∇_W L_i^{(j)}"""
    terms = [term(case, j) for j in case.other_classes]
    yield Claim(L(case), total(terms))
    yield Claim(gradient(L(case), case.W), total(gradient(term, case.W) for term in terms))


@line("N14")
def every_row(case: Case) -> Claims:
    """∇_{W_j} L_i = 1{s_j − s_y + 1 > 0} x̃ᵀ for j ≠ y;
    ∇_{W_y} L_i = −[Σ_{j≠y} 1{s_j − s_y + 1 > 0}] x̃ᵀ
    """
    for j in case.other_classes:
        row = indicator(margin(case, j) > 0) * case.x.T
        yield Claim(gradient(L(case), case.W[j, :]), row)
    violated = total(indicator(margin(case, j) > 0) for j in case.other_classes)
    yield Claim(gradient(L(case), case.W[case.y, :]), -violated * case.x.T)


# The same as a product of matrices, and the mean over the examples.


def ones(case: Case) -> ImmutableMatrix:
    """𝟙, a row of m + 1 ones (N18)."""
    return ImmutableMatrix.ones(1, case.m + 1)


def M(case: Case) -> ImmutableMatrix:
    """M_i: row j is 1{s_j − s_y + 1 > 0}·𝟙, row y is −[Σ_{j≠y} 1{…}]·𝟙; shape (C, m + 1)."""
    violated = {j: indicator(margin(case, j) > 0) for j in case.other_classes}
    coefficients = {**violated, case.y: -total(violated.values())}
    return vstack(*(coefficients[k] * ones(case) for k in case.classes))


@line("N15")
def matrix_of_indicators(case: Case) -> Claims:
    """M_i ∈ R^{C×(m+1)}; row j ≠ y is 1{s_j − s_y + 1 > 0} 𝟙;
    row y is −[Σ_{j≠y} 1{s_j − s_y + 1 > 0}] 𝟙
    """
    yield Claim(M(case).shape, (case.C, case.m + 1))
    yield Claim(M(case), gradient(L(case), case.s) * ones(case))


def mu(case: Case) -> ImmutableMatrix:
    """μ_i ∈ R^{C×1}: the one column that M_i repeats."""
    return M(case)[:, 0]


@line("N16")
def product_with_example(case: Case) -> Claims:
    """∇_W L_i = M_i X̃⁽ⁱ⁾ = M_i diag(x̃) = M_i ∘ (x̃ᵀ in every row) = μ_i x̃ᵀ"""
    with_diagonal = M(case) * diag(*case.x)
    entrywise = hadamard_product(M(case), vstack(*[case.x.T] * case.C))
    outer = mu(case) * case.x.T
    yield Claim(gradient(L(case), case.W), with_diagonal)
    yield Claim(gradient(L(case), case.W), entrywise)
    yield Claim(gradient(L(case), case.W), outer)
    yield Claim(with_diagonal, entrywise)
    yield Claim(entrywise, outer)
    yield Claim(M(case), mu(case) * ones(case))


@line("N17")
def mean_over_examples(case: Case) -> Claims:
    """∇_W L = (1/n) Σ_{i=1}^{n} M_i X̃⁽ⁱ⁾ = (1/n) Mᵀ X̃, for L = (1/n) Σ_{i=1}^{n} L_i"""
    for batch in case.batches():
        n = len(batch)
        mean = total(L(example) for example in batch) / n
        page = total(M(example) * diag(*example.x) for example in batch) / n
        stacked_M = vstack(*(mu(example).T for example in batch))
        stacked_X = vstack(*(example.x.T for example in batch))
        yield Claim(gradient(mean, case.W), page, batch=batch)
        yield Claim(gradient(mean, case.W), stacked_M.T * stacked_X / n, batch=batch)


@line("N18")
def row_of_ones(case: Case) -> Claims:
    """𝟙 = (1, …, 1) ∈ R^{1×(m+1)}"""
    yield Claim(ones(case).shape, (1, case.m + 1))
    yield Claim(ones(case), ImmutableMatrix([[1] * (case.m + 1)]))
