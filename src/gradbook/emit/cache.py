"""Files that are kept from one process to the next, and that cannot mislead.

A file is called `<key>-<digest>.<kind>`. The key is a hash of everything that it was made from; the
digest is one of the key and of what is in the file. So a file that is damaged, cut off, or not what
its name says is noticed before it is used, is removed, and is made anew.

Whoever can write here can have code run: so a folder, and a file, is trusted only if it belongs to
the user, and nobody else may write to it. Without such a folder nothing is kept.

There are at most `LIMIT` bytes of such files: those that were not used for longest are removed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

#: More bytes than this are not kept: some thousand compiled kernels.
LIMIT = 64 * 2**20

#: What is left of a process that was ended while it made something, after a day.
ABANDONED = 24 * 3600.0

RECENT = 60.0

_OURS = re.compile(r"[0-9a-f]{32}-[0-9a-f]{64}\.\w+")
_UNFINISHED = "building-"


def folder() -> Path | None:
    """Where files are kept: $GRADBOOK_CACHE, $XDG_CACHE_HOME/gradbook or ~/.cache/gradbook.

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


def key_of(*parts: str) -> str:
    """The key of what is made from these."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def found(key: str, kind: str) -> tuple[Path, bytes] | None:
    """The undamaged file of this key, and what is in it, if there is one. Others are removed."""
    place = folder()
    try:
        if place is None or not _is_own(os.stat(place), stat.S_ISDIR):
            return None
        paths = sorted(place.glob(f"{key}-*.{kind}"))
    except (OSError, ValueError):  # it is not there, or its path is none
        return None
    for path in paths:
        content = _read(path)
        if content is None:
            continue
        with suppress(OSError):  # nothing may be changed here, or somebody else was faster
            if path.name != _name(key, content, kind):
                path.unlink()
                continue
            os.utime(path)
        if path.name == _name(key, content, kind):
            return path, content
    return None


def _is_own(about: os.stat_result, kind: Callable[[int], bool]) -> bool:
    """Whether it is of this kind, belongs to the user, and nobody else may write to it."""
    if not hasattr(os, "geteuid"):  # a system that has no such modes
        return kind(about.st_mode)
    shared = about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return kind(about.st_mode) and about.st_uid == os.geteuid() and not shared


def _read(path: Path) -> bytes | None:
    """What is in a file that can be trusted. A FIFO is not waited for, a link not followed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with suppress(OSError):
        handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as file:
            if _is_own(os.fstat(handle), stat.S_ISREG):
                return file.read()
    return None


@dataclass(frozen=True)
class Workshop:
    """A folder in which something is made; place: where it is kept then, if it can be."""

    folder: Path
    place: Path | None

    def keep(self, made: Path, key: str, kind: str) -> Path:
        """Moves what was made into its place, in one step; returns where it is now.

        Two processes that do this at once get two equal files, or one after the other.
        """
        if self.place is None:
            return made
        final = self.place / _name(key, made.read_bytes(), kind)
        try:
            os.chmod(made, 0o600)
            os.replace(made, final)
        except OSError:  # a folder in its place, or nothing may be changed here any more
            return made
        with suppress(OSError):
            prune(self.place, LIMIT)
        return final


@contextmanager
def workshop(elsewhere: bool = False) -> Iterator[Workshop]:
    """A folder, gone afterwards: in the cache, or elsewhere where nothing can be kept there."""
    place = None if elsewhere else folder()
    if place is not None and not _writable(place):
        place = None
    with tempfile.TemporaryDirectory(
        dir=place, prefix=_UNFINISHED, ignore_cleanup_errors=True
    ) as own:
        yield Workshop(Path(own), place)


def keep(content: bytes, key: str, kind: str) -> None:
    """Keeps this in place of what was kept by the key; raises OSError where it cannot be."""
    with workshop() as own:
        if own.place is None:
            return
        made = own.folder / f"made.{kind}"
        made.write_bytes(content)
        final = own.keep(made, key, kind)
        for other in set(own.place.glob(f"{key}-*.{kind}")) - {final}:
            with suppress(OSError):  # somebody else was faster
                other.unlink()


def prune(place: Path, limit: int) -> None:
    """Removes what was not used for longest, until there are at most `limit` bytes.

    What was used within the last minute stays: somebody may be about to load it.
    """
    now, files = time.time(), []
    for entry in os.scandir(place):
        with suppress(OSError):  # somebody else removed it
            about = entry.stat()
            if entry.name.startswith(_UNFINISHED) and now - about.st_mtime > ABANDONED:
                shutil.rmtree(entry.path)
            elif _OURS.fullmatch(entry.name):
                files.append((about.st_mtime, about.st_size, entry.path))
    total = 0
    for used, size, path in sorted(files, reverse=True):
        total += size
        if total > limit and now - used > RECENT:
            with suppress(OSError):
                os.unlink(path)


def _writable(place: Path) -> bool:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(os.stat(place), stat.S_ISDIR):
            return False
        tempfile.TemporaryFile(dir=place).close()
    except (OSError, ValueError):
        return False
    return True


def _name(key: str, content: bytes, kind: str) -> str:
    return f"{key}-{hashlib.sha256(key.encode() + content).hexdigest()}.{kind}"
