"""gradbook: a page of mathematics, proved line by line, emitted as code, and checked.

>>> from gradbook import check, emit
>>> from derivation.multiclass_svm import notes, svm
>>> kernel = emit(svm, "lambdify", classes=3, features=2)
>>> check(kernel, svm).passed
True
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gradbook.deferred import deferred

__version__ = "0.1.0"

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from gradbook.case import Case
    from gradbook.check import Verdict
    from gradbook.check.of_python import check
    from gradbook.claim import Claim, gradient
    from gradbook.emit import emit
    from gradbook.judge import Judgement
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

#: Where each is: loaded when it is asked for, so that no command loads what it does not need.
_WHERE = {
    "case": ("Case",),
    "check": ("Verdict",),
    "check.of_python": ("check",),
    "claim": ("Claim", "gradient"),
    "emit": ("emit",),
    "judge": ("Judgement",),
    "kernels": ("Kernel", "augment"),
    "loss": ("Loss",),
    "page": ("Page", "PageLine", "read"),
    "proof": ("Proof",),
    "prove": ("prove",),
    "verify": ("Report", "verify"),
}


def _door(module: str, name: str) -> property:
    def found(self: ModuleType) -> Any:
        return getattr(import_module(f"gradbook.{module}"), name)

    def kept(self: ModuleType, value: Any) -> None:
        """The folder check is no other thing than the function when it is loaded."""

    return property(found, kept)


_doors = {name: _door(module, name) for module, names in _WHERE.items() for name in names}
sys.modules[__name__].__class__ = type("Gradbook", (ModuleType,), _doors)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What `%load_ext gradbook` calls: the magics `%%page` and `%%judge`."""
    deferred("load the magics", shell)
