"""What is in a file that somebody handed in: its bytes, read and never looked into here."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from gradbook.subjects.subject import Obstacle

_LARGEST, _MOST = 20_000_000, 200_000_000
_MADE = (".pyc",)


def content(path: Path) -> bytes:
    """The bytes of a regular file. Raises Obstacle for any other, and for a very large one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO is not waited for
    except OSError as error:
        raise Obstacle(f"{path.name} cannot be read: {error.strerror}", "unreadable") from error
    with open(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Obstacle(f"{path.name} is no file but {_kind(found.st_mode)}", "no file")
        if found.st_size > _LARGEST:
            size = f"{found.st_size / 1e6:,.0f} MB"
            raise Obstacle(f"{path.name} has {size}: that is no file of functions", "unreadable")
        try:
            return file.read(_LARGEST)
        except OSError as error:
            raise Obstacle(f"{path.name} cannot be read: {error.strerror}", "unreadable") from error


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


def _kind(mode: int) -> str:
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a FIFO", stat.S_IFLNK: "a symbolic link"}
    return kinds.get(stat.S_IFMT(mode), "a device or a socket")
