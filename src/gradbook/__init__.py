"""gradbook: a page of mathematics, proved line by line, emitted as code, and checked.

>>> from gradbook import check, emit
>>> from derivation.multiclass_svm import notes, svm
>>> kernel = emit(svm, "lambdify", classes=3, features=2)
>>> check(kernel, svm).passed
True
"""

__version__ = "0.1.0"

from gradbook.case import Case
from gradbook.check import Verdict
from gradbook.derivation import Claim, Derivation, Line, Proof, gradient
from gradbook.emit import emit
from gradbook.judge import Judgement, check
from gradbook.kernels import Kernel, augment
from gradbook.loss import Loss
from gradbook.page import Page, read
from gradbook.prove import prove
from gradbook.verify import Report, verify

__all__ = [
    "Case",
    "Claim",
    "Derivation",
    "Judgement",
    "Kernel",
    "Line",
    "Loss",
    "Page",
    "Proof",
    "Report",
    "Verdict",
    "augment",
    "check",
    "emit",
    "gradient",
    "prove",
    "read",
    "verify",
]
