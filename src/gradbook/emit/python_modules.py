"""A source in Python as a module and a kernel: its text at the top, and what it defines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib.util import find_spec
from textwrap import indent
from typing import Any

from gradbook.emit.arguments import described, gradient_of, numbers, penalty_of, signature
from gradbook.emit.arrays import Dialect
from gradbook.emit.compared import require_right
from gradbook.emit.heading import heading
from gradbook.emit.kept import kept
from gradbook.emit.lazy import Lazy
from gradbook.emit.plan import Plan
from gradbook.emit.stand_ins import StandIn
from gradbook.kernels import Kernel
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


def function_of(loss: Loss, target: str, dialect: Dialect, statements: Iterable[str]) -> str:
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
        library=target,
        signature=signature(loss, "W", "X", "y"),
        described=described(loss),
        statements=body(lines),
    )


def with_heading(steps: Plan, target: str, code: str) -> str:
    """The source with this code."""
    comments = "\n".join(
        f"# {line}".rstrip() for line in heading(steps.lowered.source, target, steps.lowered)
    )
    return f"{comments}\n\n{code}"


def kernel_of(
    loss: Loss, target: str, title: str, printed: Callable[[Loss], str], called: Callable[..., Any]
) -> Kernel:
    """The kernel with the source that `printed` returns; `called` gets the module that it defines,
    and the arguments of a call.
    """

    def compared(source: str) -> None:
        module = StandIn(loss.key, source, target) if stood_in else Lazy(loss.key, source, target)
        require_right(partial(called, module), loss)

    stood_in = find_spec(target) is None
    source = kept(lambda: printed(loss), compared, loss, target, stood_in)
    module = Lazy(loss.key, source, target)
    return Kernel(
        name=f"{title}, any size",
        origin=target,
        language="Python",
        source=source,
        function=partial(called, module),
        loss=loss.key,
        module=module,
        parameters=numbers(loss),
        weighted=loss.weighted,
    )


def body(statements: Iterable[str]) -> str:
    """The statements of a function, indented."""
    return indent("\n".join(statements), INDENT)
