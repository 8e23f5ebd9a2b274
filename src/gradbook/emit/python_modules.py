"""A source in Python as a module: its text at the top, and what it defines."""

from __future__ import annotations

import linecache
from collections.abc import Iterable
from hashlib import sha256
from textwrap import indent
from types import ModuleType
from typing import Any

INDENT = " " * 4


def source_of(heading: Iterable[str], code: str) -> str:
    """A module's text: the heading as comments, then the code."""
    comments = "\n".join(f"# {line}".rstrip() for line in heading)
    return f"{comments}\n\n{code}"


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
        self.__dict__.update(_source=source, _library=library)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "_source" not in self.__dict__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
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
        del self.__dict__["_source"]
        return getattr(self, name)
