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

    rules           of differentiation and of Σ with δ, one a function; limits: Σ over a part
    canonical       one form for all ways to write a formula
                    (`indicators`, `content`, `summands`: of its factors and terms)
    signs           what is above 0 by its parts; nonnegative: what is so by more
    decide          is a formula 0, or ≥ 0?

    numbers         exact fractions and 50 digits; compute: a formula at numbers
    instances       small sizes and data, the smallest first
    claim           left = right in entries; lines: proved, refuted at an instance, or undecided

    page_letters    a page's letters as those of formulas; entries: its claims in entries
                    (`blocks`: matrices by their blocks; `needs`: where there is a value)
    of_page         the claims of a line of a page

    roles           which letters are the weights, the scores, the labels of a classifier
    loss_of_page    the loss of a page; coefficients: what its line for the gradient says
    derive          the gradient in two ways: indexed, in entries; matrix, by differentials in the
                    algebra of `matrices`
    agree           are the two the same, and are they the page's?

What is there, from the parts to the whole:

    letters, sums         the letters of formulas whose sizes are letters too, and their sums
    binding, limits       letters replaced under a Σ; sums over a part of a range
    indicators, conditions  δ, 1{…} and j ≠ y; coincidence: which letters stand for the same class
    canonical             one form for all ways to write a formula (content, summands: its sums)
    signs, nonnegative    what is above 0, or not below it; needs: what has to be, for a value
    largest               max_k u_k
    decide                is a formula 0, or ≥ 0?
    numbers, instances, compute  the same at small sizes and exact numbers: what refutes

    rules                 the rules of differentiation
    indexed               the gradient of a loss in entries, by the chain rule
    matrices, matrix      the same in matrices, under a trace: another route
    derive, agree         both, and that they are equal; coefficients: what the page says of them

    claim, lines          a claim in entries, proved or refuted
    page_letters, roles   the letters of a page, and which are the weights, the labels, …
    entries, blocks       the claims of a page in entries
    loss_of_page, of_page the loss of a page, and all of its claims
"""

from gradbook.any_size.agree import Agreement, agree
from gradbook.any_size.binding import of_example
from gradbook.any_size.claim import IndexedClaim
from gradbook.any_size.derive import AnySizeDerivation, derive
from gradbook.any_size.lines import prove_claim
from gradbook.any_size.of_page import prove_for_any_size
from gradbook.any_size.rules import NotDerivable

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
