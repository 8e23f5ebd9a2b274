"""Certificates: what a page rests on, as a script that the proof checker Coq accepts or refuses.

`certificate(page)` is the script. It is made of what the page says, its loss and the slopes that it
claims, and nothing of what gradbook derives: a page with a wrong slope gets a script that Coq
refuses. Neither SymPy nor a solver has to be believed then, but only Coq, the axioms of its real
numbers, and that the first lines of the script say what the page says.

In the order in which a page passes:

    summed     losses that are a sum over the other classes, and the slopes that the page claims
    totalled   the same of losses of the label's score and a total over all classes
    of_sums    the theorems about a sum, for every number of classes
    of_totals  those about a loss with a total
    coq        formulas, and proofs of slopes, in the language of Coq
    script     the whole script
"""

from gradbook.certify.script import certificate

__all__ = ["certificate"]
