"""Is every line of a page true? For which sizes and inputs?

`prove(line)` writes the claims of a line out at small sizes, for every label, and decides each in
every region. ::

    >>> from derivation.multiclass_svm import notes
    >>> print(prove(notes["N14"]).status)
    proved

In the order in which a claim passes:

    lines             a line: all of its claims, in every case, by one method
    in_python         claims that are said in Python, and the same decided for one case
    scope             which of these can be decided
    methods           the methods, and the sizes at which each is asked
    by_regions        a claim region by region: polynomials between kinks
    by_solver         the same claim, put to z3
    cleared           exp, log, roots and quotients, cleared for it
    derivatives       ∂f/∂v, worked out in two ways
    pieces, expansion formulas as polynomials, and how large they may be
    patterns          regions, by the signs of what stands in their kinks
    in_field          what is decided there of exp, log, roots and quotients
    field             … as quotients of polynomials; nonnegative: which of these are not below 0
    domains           where a claim has a value: what is seen, and what has to be stated
    points, values    counterexamples: small points at which a claim is false
    query             a question to the solver, in its own terms (smt) or as text (smt_text)
    second_solver     what z3 answers, asked of another solver
    decision          what several methods found, together
    properties        what is said of a loss as a whole: loss_properties, slopes, sizes
    source            the text of a program, in C or for NumPy, run on letters
    induction         the same for every number of classes: sum_over_classes
"""

from gradbook.prove.lines import prove

__all__ = ["prove"]
