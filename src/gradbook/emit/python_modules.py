"""The source of a module in Python: comments at the top, an import, and functions of arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

from gradbook.emit.arguments import described, gradient_of, penalty_of, signature
from gradbook.emit.arrays import Dialect
from gradbook.loss import Loss

INDENT = " " * 4

FUNCTION = '''\
import {library}


def loss_and_gradient({signature}):
    """The mean loss, and its gradient by W, (C, D).

    W: (C, D) and X: (n, D) of one float dtype; by convention X[:, 0] is 1, for the bias.
    y: (n,) of labels 0 … C − 1. M below holds ∂ℓ/∂s of every example, one class a row.
{described}    """
{statements}
'''


def function_of(loss: Loss, library: str, dialect: Dialect, statements: Iterable[str]) -> str:
    """The code of one function, given the statements up to L and M."""
    lines = [
        "n = len(y)",
        f"i = {dialect.call('arange', 'n')}",
        *dialect.listed(statements),
        *penalty_of(loss, dialect),
        *gradient_of(loss, dialect),
        "return L, G",
    ]
    return FUNCTION.format(
        library=library,
        signature=signature(loss, "W", "X", "y"),
        described=described(loss),
        statements=body(lines),
    )


def in_comments(lines: Sequence[str], code: str) -> str:
    """The code below the lines."""
    comments = "\n".join(f"# {line}".rstrip() for line in lines)
    return f"{comments}\n\n{code}"


def body(statements: Iterable[str]) -> str:
    """The statements of a function, indented."""
    return indent("\n".join(statements), INDENT)
