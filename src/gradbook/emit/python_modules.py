"""A source in Python as a module: its text at the top, and what it defines."""

from __future__ import annotations

import linecache
from collections.abc import Iterable
from hashlib import sha256
from textwrap import indent
from types import ModuleType

INDENT = " " * 4


def source_of(heading: Iterable[str], code: str) -> str:
    """A module's text: the heading as comments, then the code."""
    comments = "\n".join(f"# {line}".rstrip() for line in heading)
    return f"{comments}\n\n{code}"


def body(statements: Iterable[str]) -> str:
    """The statements of a function, indented."""
    return indent("\n".join(statements), INDENT)


def module_of(name: str, source: str) -> ModuleType:
    """What the source defines. A traceback shows its lines."""
    path = f"<{name} {sha256(source.encode()).hexdigest()[:8]}>"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    module = ModuleType(name)
    exec(compile(source, path, "exec"), module.__dict__)
    return module
