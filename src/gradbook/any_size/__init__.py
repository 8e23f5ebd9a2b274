"""The derivation for any C, m and n: letters for the sizes and the indices, and no size a number.

`derive(loss)` finds the gradient in two ways that share no rule, in entries and in matrices;
`agree(derivation)` shows that they are equal; `prove_for_any_size` decides a line of a page. ::

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.any_size import agree, derive
    >>> agree(derive(svm)).holds
    True
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
