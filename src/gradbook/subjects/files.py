"""What is in a file that somebody handed in: its bytes, read and never looked into here."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from gradbook.subjects.subject import Obstacle

_LARGEST, _MOST = 20_000_000, 200_000_000
_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a FIFO"}
_MADE = (".pyc",)
SUFFIXES = (".py", ".ipynb")
_SKIPPED = frozenset(("__pycache__", "__MACOSX", "node_modules", "site-packages"))


def content(path: Path) -> bytes:
    """The bytes of a regular file. Raises Obstacle for any other, and for a very large one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO is not waited for
        try:
            _check(path, os.fstat(descriptor))
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(_LARGEST)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Obstacle(f"{path.name} cannot be read: {error.strerror}", "unreadable") from error


def _check(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "a device or a socket")
        raise Obstacle(f"{path.name} is no file but {kind}", "no file")
    if found.st_size > _LARGEST:
        size = f"{found.st_size / 1e6:,.0f} MB"
        raise Obstacle(f"{path.name} has {size}: that is no file of functions", "unreadable")


def handed_in(path: Path, beside: Sequence[Path]) -> dict[str, bytes]:
    """The file, and what is to lie beside it, by their names in one folder. Raises Obstacle."""
    found = {path.name: content(path)}
    for each in beside:
        below = sorted(each.rglob("*")) if each.is_dir() else [each]
        for file in below:
            if each.is_file() or (file.is_file() and file.suffix not in _MADE):
                found.setdefault(file.relative_to(each.parent).as_posix(), content(file))
    if sum(map(len, found.values())) > _MOST:
        raise Obstacle(f"what is to lie beside {path.name} has more than {_MOST / 1e6:.0f} MB")
    return found


def listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """What is to be read of a folder, with all below, and what is passed over; in natural order.

    To be read is whatever is called as a Python file or a notebook is, and a folder that cannot be
    looked into. Passed over are other files, hidden ones, and folders of installed packages.
    """
    found: list[Path] = []
    passed_over: list[Path] = []
    try:
        paths = sorted(folder.iterdir(), key=natural)
    except OSError:
        return [folder], []
    for path in paths:
        named = path.suffix.lower() in SUFFIXES
        hidden = path.name.startswith(".") or path.name in _SKIPPED
        if hidden or (path / "pyvenv.cfg").is_file():
            passed_over.append(path)
        elif path.is_dir() and not path.is_symlink():
            below, beside = listed(path)
            found += below or [path] * named
            passed_over += beside
        else:
            (found if named else passed_over).append(path)
    return found, passed_over


def natural(path: Path) -> tuple[tuple[int, str], ...]:
    """By which file2.py comes before file10.py."""
    parts = re.split(r"(\d+)", path.name)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
