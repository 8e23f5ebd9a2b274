"""Is every line of a derivation true? For which sizes and inputs?

`prove(line)` runs the line for every C in 2 … 5, m in 0 … 4 and label y, and decides each of its
claims in every region of the scores. ::

    >>> from derivation.multiclass_svm import notes
    >>> print(prove(notes["N14"]).status)
    proved
"""

from gradbook.prove.lines import Unusable, prove
from gradbook.prove.sizes import DEFAULT_SIZES, Sizes

__all__ = ["DEFAULT_SIZES", "Sizes", "Unusable", "prove"]
