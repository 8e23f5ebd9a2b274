"""gradbook: a page of mathematics, proved line by line, emitted as code, and checked.

>>> from gradbook import check, emit
>>> from derivation.multiclass_svm import notes, svm
>>> kernel = emit(svm, "lambdify", classes=3, features=2)
>>> check(kernel, svm).passed
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

from gradbook.case import Case
from gradbook.check import Verdict
from gradbook.claim import Claim, gradient
from gradbook.emit import emit
from gradbook.judge import Judgement, check
from gradbook.kernels import Kernel, augment
from gradbook.loss import Loss
from gradbook.page import Page, PageLine, read
from gradbook.proof import Proof
from gradbook.prove import prove
from gradbook.verify import Report, verify

__all__ = [
    "Case",
    "Claim",
    "Judgement",
    "Kernel",
    "Loss",
    "Page",
    "PageLine",
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


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What `%load_ext gradbook` calls: the magics `%%page` and `%%judge`."""
    from gradbook.magics import load

    load(shell)
