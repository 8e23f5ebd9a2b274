"""A source in Python as a module and a kernel: its text at the top, and what it defines."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable
from hashlib import sha256
from textwrap import indent
from threading import Lock
from types import ModuleType
from typing import Any

from gradbook.emit.any_size_heading import heading
from gradbook.emit.arguments import described, gradient_of, numbers, penalty_of, signature
from gradbook.emit.arrays import Dialect
from gradbook.emit.plan import Plan
from gradbook.kernels import Kernel
from gradbook.kernels.kernel import Function
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
    comments = "\n".join(f"# {line}".rstrip() for line in heading(steps.lowered, target))
    return f"{comments}\n\n{code}"


def kernel_of(
    loss: Loss, target: str, title: str, source: str, made: Callable[[Any], Function]
) -> Kernel:
    """The kernel with this source; `made` gets what it defines, and makes of it what runs."""
    module = Lazy(loss.key, source, target)
    return Kernel(
        name=f"{title}, any size",
        origin=target,
        language="Python",
        source=source,
        function=made(module),
        loss=loss.key,
        module=module,
        parameters=numbers(loss),
        weighted=loss.weighted,
    )


def body(statements: Iterable[str]) -> str:
    """The statements of a function, indented."""
    return indent("\n".join(statements), INDENT)


class Lazy(ModuleType):
    """A module that runs its source when something in it is first asked for.

    So a source can be printed where the library that it uses is not installed; what it defines
    raises ImportError there.
    """

    def __init__(self, name: str, source: str, library: str) -> None:
        super().__init__(name)
        self.__dict__.update(_source=source, _library=library, _lock=Lock())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        with self._lock:
            if self._source:
                self._run()
        if name not in self.__dict__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return self.__dict__[name]

    def _run(self) -> None:
        path = f"<{self.__name__} {sha256(self._source.encode()).hexdigest()[:8]}>"
        lines = self._source.splitlines(keepends=True)
        linecache.cache[path] = (len(self._source), None, lines, path)  # for tracebacks
        try:
            exec(compile(self._source, path, "exec"), self.__dict__)
        except ModuleNotFoundError as error:
            raise ImportError(
                f"a kernel for {self._library} needs it to run, and there is none: "
                f"pip install {self._library}"
            ) from error
        self.__dict__["_source"] = ""
