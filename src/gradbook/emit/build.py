"""C source to a loaded library: the system's own compiler, or what it made before.

A library is kept in `cache` by the source, the flags and what the compiler says of itself and of
this processor. A damaged one is noticed before it is loaded, which could end the process.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from gradbook.emit import cache
from gradbook.kernels.kernel import NoCompiler

#: Right on every machine. Contraction to a·b + c with one rounding would move a margin that is 0.
PLAIN = ("-std=c99", "-ffp-contract=off", "-fPIC", "-shared")

#: What else is asked of a compiler that knows it: all instructions of this processor.
TUNED = ("-march=native",)


class CompilationFailed(RuntimeError):
    """The C compiler refused the source, or its library cannot be loaded."""


def compiler() -> tuple[str, ...]:
    """The command of the C compiler: $CC, which may have arguments, or else cc, gcc or clang.

    Raises NoCompiler if there is none, or if $CC names one that is not there.
    """
    named = os.environ.get("CC", "")
    try:
        chosen = shlex.split(named)
    except ValueError:  # an open quotation
        chosen = [named]
    for command in [chosen] if chosen else [["cc"], ["gcc"], ["clang"]]:
        program = shutil.which(command[0])
        if program:
            return (os.path.abspath(program), *command[1:])
    if chosen:
        raise NoCompiler(
            f"no C compiler: the environment's CC is {chosen[0]!r}, which is not found"
        )
    raise NoCompiler("no C compiler: install cc, gcc or clang, or name one in the environment's CC")


def library(
    source: str, flags: Sequence[str] = (), load: Callable[[Path], Any] | None = None
) -> Any:
    """The library that `source` compiles to with PLAIN, TUNED and `flags`, loaded.

    load: what loads a file, if not ctypes.
    Raises NoCompiler, and CompilationFailed with the compiler's first error.
    """
    load = load or _loaded
    command = compiler()
    options = (*PLAIN, *TUNED, *flags)
    try:
        identity = _identity(command, options)
    except CompilationFailed:
        options = (*PLAIN, *flags)
        identity = _identity(command, options)
    key = cache.key_of(*command, *options, identity, source)
    if found := cache.found(key, "so"):
        with suppress(CompilationFailed):  # its folder may be one from which nothing is executed
            return load(found[0])

    def made_in(workshop: cache.Workshop) -> Any:
        made = _compiled(workshop.folder, command, options, source)
        return load(workshop.keep(made, key, "so"))

    try:
        with cache.workshop() as workshop:
            return made_in(workshop)
    except (CompilationFailed, OSError):  # the disk of the cache may be full, or execute nothing
        pass
    try:
        with cache.workshop(elsewhere=True) as workshop:
            return made_in(workshop)
    except OSError as error:
        raise CompilationFailed(f"the kernel cannot be compiled: {error}") from None


def function(library: ctypes.CDLL, name: str) -> Any:
    """A function of a library that `library` returned: of values of ctypes → int.

    Raises CompilationFailed where there is none.
    """
    try:
        found = getattr(library, name)
    except AttributeError:
        raise CompilationFailed(
            f"the compiled kernel cannot be loaded: there is no {name} in it"
        ) from None
    found.restype = ctypes.c_int
    return found


def built_by() -> str:
    """The compiler, its version and the processor it compiles for; "" where there is none."""
    with suppress(NoCompiler, CompilationFailed):
        command = compiler()
        return "\0".join((*command, _identity(command, (*PLAIN, *TUNED))))
    return ""


def _compiled(folder: Path, command: Sequence[str], options: Sequence[str], source: str) -> Path:
    made = Path(folder, "kernel.so")
    Path(folder, "kernel.c").write_text(source, encoding="utf-8")
    _run([*command, *options, "kernel.c", "-o", made.name, "-lm"], folder)
    if not made.is_file() or not made.stat().st_size:
        raise CompilationFailed(f"the C compiler {command[0]} failed: it wrote no library")
    return made


def _loaded(path: Path) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise CompilationFailed(f"the compiled kernel cannot be loaded: {error}") from None


def _identity(command: tuple[str, ...], options: tuple[str, ...]) -> str:
    """All macros that the compiler predefines: its version, and the processor it compiles for.

    Asked once in a process, unless the compiler is another file since.
    """
    try:
        found = os.stat(command[0])
    except OSError as error:
        raise CompilationFailed(f"the C compiler {command[0]} cannot be run: {error}") from None
    return _macros(command, options, (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=32)
def _macros(command: tuple[str, ...], options: tuple[str, ...], file: tuple[int, ...]) -> str:
    return _run([*command, *options, "-dM", "-E", "-x", "c", os.devnull])


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    """What the command prints, run in `folder`. Raises CompilationFailed with its first error."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise CompilationFailed(f"the C compiler {command[0]} cannot be run: {error}") from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if "error:" in line]
        reason = (errors or lines or [f"it ended with status {done.returncode}"])[0]
        raise CompilationFailed(f"the C compiler {command[0]} failed: {reason}")
    return done.stdout
