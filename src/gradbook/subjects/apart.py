"""In the process of a subject: what it makes of modules that all share is its own affair.

A file that says np.asarray = …, or builtins.isinstance = …, means what it calls itself. What reads
its answers calls what was there before. This holds slips and simple tricks: see `sandbox`.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable
from types import ModuleType

import numpy as np

#: Modules of Python that write an answer down: whoever imports them gets others.
_OF_ANSWERS = ("json", "dataclasses", "socket")


def keep_apart(modules: Iterable[ModuleType]) -> None:
    """From here on these modules of gradbook have a NumPy of their own, and what others import as
    builtins is not what they use.
    """
    numpy = _copy(np)
    for module in modules:
        vars(module)["np"] = numpy
    sys.modules["builtins"] = _copy(builtins)
    for name in [name for name in sys.modules if name.partition(".")[0] in _OF_ANSWERS]:
        del sys.modules[name]


def own_builtins() -> ModuleType:
    """What a module of the subject finds there: what it changes in it, it changes for itself."""
    return sys.modules["builtins"]


def _copy(module: ModuleType) -> ModuleType:
    copied = ModuleType(module.__name__)
    vars(copied).update(vars(module))
    return copied
