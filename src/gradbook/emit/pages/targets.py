"""What prints a program for each target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from gradbook.emit.pages.c_function import c_source, codegen_source
from gradbook.emit.pages.lambdified import lambdified_source
from gradbook.emit.pages.libraries import LIBRARIES
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.source import source_of


@dataclass(frozen=True)
class Target:
    """source: prints a program, for sizes where it is for one size alone (is_fixed).

    twin: for C, the target for Python whose text has the same operations.
    """

    source: Callable[[Program, Mapping[str, int]], str]
    is_fixed: bool = False
    language: str = "Python"
    twin: str = ""


TARGETS: Mapping[str, Target] = {
    **{name: Target(partial(source_of, words=words)) for name, words in LIBRARIES.items()},
    "c": Target(c_source, language="C", twin="numpy"),
    "lambdify": Target(lambdified_source, is_fixed=True),
    "codegen": Target(codegen_source, is_fixed=True, language="C", twin="lambdify"),
}
