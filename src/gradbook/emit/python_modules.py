"""The source of a module in Python: comments at the top, an import, and functions of arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from textwrap import indent

from gradbook.emit.arguments import described, gradient_of, penalty_of, signature
from gradbook.emit.arrays import Dialect
from gradbook.emit.plan import Plan

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


def printed_by(
    kind: type[Dialect], statements: Callable[[Plan, Dialect], Iterable[str]]
) -> Callable[[Plan, Sequence[str]], str]:
    """What prints a source with one function. statements: those up to L and M."""

    def printed(steps: Plan, lines: Sequence[str]) -> str:
        loss, dialect = steps.lowered.source, kind(steps)
        inside = [
            "n = len(y)",
            f"i = {dialect.call('arange', 'n')}",
            *dialect.listed(statements(steps, dialect)),
            *penalty_of(loss, dialect),
            *gradient_of(loss, dialect),
            "return L, G",
        ]
        code = FUNCTION.format(
            library=kind.library.partition(".")[0],
            signature=signature(loss, "W", "X", "y"),
            described=described(loss),
            statements=body(inside),
        )
        return in_comments(lines, code)

    return printed


def in_comments(lines: Sequence[str], code: str) -> str:
    """The code below the lines."""
    comments = "\n".join(f"# {line}".rstrip() for line in lines)
    return f"{comments}\n\n{code}"


def body(statements: Iterable[str]) -> str:
    """The statements of a function, indented."""
    return indent("\n".join(statements), INDENT)
