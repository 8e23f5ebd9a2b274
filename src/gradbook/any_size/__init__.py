"""The derivation for any C, m and n: letters for the sizes and the indices, and no size a number.

`derive(loss)` finds the gradient in two ways that share no rule, in entries and in matrices;
`agree(derivation)` shows that they are equal; `prove_for_any_size` decides a line of a page. ::

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.any_size import agree, derive
    >>> agree(derive(svm)).holds
    True

In the order in which it reads:

    letters         sizes, indices and given letters, and what is known of each
    binding         one letter in place of another under a Σ, and none captured
    conditions      j ≠ y and 1{…}; coincidence: which letters may stand for the same class
    largest, sums   max_k u_k; Σ over the classes, the features and the examples

    inverses        X⁻¹ and det X, of a matrix; slopes: of these, and of a max
    rules           of differentiation and of Σ with δ, one a function; limits: Σ over a part
    canonical       one form for all ways to write a formula
                    (`indicators`, `content`, `summands`: of its factors and terms)
    signs           what is above 0 by its parts; nonnegative: what is so by more
    decide          is a formula 0, or ≥ 0, by its form or in each cell between its kinks?

    numbers         exact fractions and 50 digits; compute: a formula at numbers
    instances       small sizes and data, the smallest first
    claim           left = right in entries; lines: proved, refuted at an instance, or undecided

    page_letters    a page's letters as those of formulas; entries: its claims in entries
                    (`blocks`: matrices by their blocks; `square`: inverses and determinants;
                    `needs`: where there is a value)
    of_page         the claims of a line of a page

    roles           which letters are the weights, the scores, the labels of a classifier
    loss_of_page    the loss of a page; coefficients: what its line for the gradient says
    derive          the gradient in two ways: indexed, in entries; matrix, by differentials in the
                    algebra of `matrices`
    agree           are the two the same, and are they the page's?
"""

from gradbook.any_size.agree import Agreement, agree
from gradbook.any_size.binding import of_example
from gradbook.any_size.claim import IndexedClaim
from gradbook.any_size.derive import AnySizeDerivation, derive
from gradbook.any_size.lines import prove_claim
from gradbook.any_size.of_page import prove_for_any_size
from gradbook.any_size.slopes import NotDerivable

__all__ = [
    "Agreement",
    "AnySizeDerivation",
    "IndexedClaim",
    "NotDerivable",
    "agree",
    "derive",
    "of_example",
    "prove_claim",
    "prove_for_any_size",
]
