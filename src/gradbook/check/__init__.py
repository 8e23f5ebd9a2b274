"""Does a kernel compute the derived loss and gradient? Five checks, each of which can fail.

    >>> from gradbook.check import check                        # doctest: +SKIP
    >>> print(check(kernel, loss))                              # doctest: +SKIP

exact               against rational arithmetic, to the last bit, in every region and at every kink
by hand             against a kernel written without the derivation, within derived rounding bounds
finite differences  against differences of the kernel's own loss, over forty steps
digits              all of these on real data
training            a classifier, trained with the kernel, learns to read

`check` asks all five, and says what is wrong and which line of the derivation it breaks.
"""

from gradbook.check.formula import Unsuitable
from gradbook.check.judge import CHECKS, check
from gradbook.check.verdict import Check, Finding, Verdict

__all__ = ["CHECKS", "Check", "Finding", "Unsuitable", "Verdict", "check"]
