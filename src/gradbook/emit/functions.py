"""The functions that a language has: a loss with another is refused in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sympy.printing.codeprinter import PrintMethodNotImplementedError


@contextmanager
def functions_of(language: str, printer: Any = None, *modules: str) -> Iterator[None]:
    """Raises ValueError where a printer of SymPy meets a function that it does not know.

    printer, modules: for Python, what prints, and the only modules whose functions may be used.
    """
    try:
        yield
    except PrintMethodNotImplementedError as error:
        unknown = [str(error).splitlines()[0].rpartition(" ")[2]]
    else:
        imports = {} if printer is None else printer.module_imports
        others = sorted(module for module in imports if module not in modules)
        unknown = sorted(f"{module}.{name}" for module in others for name in imports[module])
    if unknown:
        raise ValueError(
            f"loss must be made of functions that {language} has, not {unknown[0]}"
        ) from None
