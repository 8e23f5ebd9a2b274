"""Does a kernel compute the derived loss and gradient? Five checks, each of which can fail.

    >>> from gradbook.check import check                        # doctest: +SKIP
    >>> print(check(kernel, loss))                              # doctest: +SKIP

exact               against rational arithmetic, to the last bit, in every region and at every kink
by hand             against a kernel written without the derivation, within derived rounding bounds
finite differences  against differences of the kernel's own loss, over forty steps
digits              all of these on real data
training            a classifier, trained with the kernel, learns to read

`deck` has the questions of the first, exact_case what one of them is.
The checks are exact, by_hand, differences, digits (images: its data) and training; calls runs a
kernel, comparison compares, judge asks all, verdict is what was found. of_page checks what is
printed for a page, source the text, run on letters. rounding holds a kernel for one size against
bounds for a whole box of inputs, from gappa where that is installed. of_python has
`gradbook.check`, for kernels and for functions.

`check` asks all five, and says what is wrong and which line of the derivation it breaks.
"""

from gradbook.check.judge import CHECKS, check
from gradbook.check.verdict import Check, Verdict
from gradbook.judge.judgement import Finding
from gradbook.questions.formula import Unsuitable

__all__ = ["CHECKS", "Check", "Finding", "Unsuitable", "Verdict", "check"]
