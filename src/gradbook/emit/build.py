"""C source to a loaded library: the system's own compiler, and a cache that cannot mislead.

A library is cached as `<key>-<digest>.so`. The key is a hash of the source, the flags and what the
compiler says of itself and of this processor; the digest is the SHA-256 of the file, so that a
damaged one is noticed before it is loaded (loading it could end the process) and is built anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

#: Right on every machine. Contraction to a·b + c with one rounding would move a margin that is 0.
PLAIN = ("-std=c99", "-ffp-contract=off", "-fPIC", "-shared")

#: What else is asked of a compiler that knows it: all instructions of this processor.
TUNED = ("-march=native",)


class NoCompiler(RuntimeError):
    """No C compiler: $CC is not set or not there, and neither is cc, gcc or clang."""


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
    parts = (*command, *options, identity, source)
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    if found := _cached(cache(), key):
        return load(found)
    with _folder() as folder:
        return load(_compiled(folder, key, command, options, source))


def cache() -> Path | None:
    """Where libraries are kept: $GRADBOOK_CACHE, $XDG_CACHE_HOME/gradbook or ~/.cache/gradbook.

    None where there is not even a home.
    """
    own, shared = os.environ.get("GRADBOOK_CACHE"), os.environ.get("XDG_CACHE_HOME", "")
    if own:
        return Path(own)
    if os.path.isabs(shared):
        return Path(shared, "gradbook")
    try:
        return Path.home() / ".cache" / "gradbook"
    except RuntimeError:
        return None


@contextmanager
def _folder() -> Iterator[Path]:
    """The cache; or, where nothing can be written there, a folder that is gone afterwards.

    A library that is loaded stays in memory when its file is removed.
    """
    folder = cache()
    if folder is not None and _writable(folder):
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="gradbook-") as private:
            yield Path(private)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _cached(folder: Path | None, key: str) -> Path | None:
    """The undamaged library for this key, if there is one. Damaged ones are removed."""
    if folder is None or not folder.is_dir():
        return None
    for path in sorted(folder.glob(f"{key}-*.so")):
        try:
            if path.stem == f"{key}-{_digest(path)}":
                return path
            path.unlink()
        except OSError:  # somebody else was faster, or nothing may be removed here
            continue
    return None


def _compiled(
    folder: Path, key: str, command: Sequence[str], options: Sequence[str], source: str
) -> Path:
    """Compiles in a folder of its own and moves the result into place in one step.

    Two processes that do this at once get two equal files, or one after the other.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix="building-") as own:
        Path(own, "kernel.c").write_text(source, encoding="utf-8")
        _run([*command, *options, "kernel.c", "-o", "kernel.so", "-lm"], own)
        made = Path(own, "kernel.so")
        final = folder / f"{key}-{_digest(made)}.so"
        os.replace(made, final)
    return final


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


def _run(command: Sequence[str], folder: str | None = None) -> str:
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


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
