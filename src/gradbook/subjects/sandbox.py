"""What the process of code that is not trusted is shut in with: bubblewrap, where that works.

With bubblewrap the process has its own process ids, network and /proc, and of the files nothing but
Python, its packages, the system's libraries and an empty folder in memory. Without it, it has what
the user has, less what `guard` refuses it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

#: What can be asked for. "auto" is bubblewrap where it works.
SANDBOXES = ("auto", "bwrap", "none")

#: This package, and of it what the process runs.
PACKAGE = Path(__file__).parents[1]
OWN = Path(__file__).parent
#: The base interpreter: what a virtual environment adds to it is in `packages`.
PYTHON = os.path.realpath(sys.executable)

#: Libraries, and what says where they are. /nix/store is the whole system where it is there.
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"),
)
#: Bytes of all files in the folder in memory.
_DISK = 1 << 28


@cache
def chosen(asked: str) -> str:
    """ "bwrap" or "none". Raises ValueError where bubblewrap is asked for and does not work."""
    if asked not in SANDBOXES:
        raise ValueError(f"sandbox must be one of {', '.join(SANDBOXES)}, not {asked!r}")
    if asked == "none":
        return "none"
    trouble = _trouble()
    if trouble and asked == "bwrap":
        raise ValueError(f"bubblewrap cannot be used: {trouble}")
    return "none" if trouble else "bwrap"


@cache
def _trouble() -> str:
    """Why bubblewrap cannot be used, in one clause; "" if it can."""
    if shutil.which("bwrap") is None:
        return "there is no bwrap on the path"
    command = shut_in([PYTHON, "-S", "-c", ""], new_folder())
    try:
        tried = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bwrap does not run: {error}"
    said = tried.stderr.strip().splitlines() or [f"bwrap ends with {tried.returncode}"]
    return said[0] if tried.returncode else ""


@cache
def _can_limit_size() -> bool:
    """Whether this bubblewrap can say how large a folder in memory may grow: since 0.7."""
    return "--size" in subprocess.run(["bwrap", "--help"], capture_output=True, text=True).stdout


@cache
def packages() -> tuple[str, ...]:
    """The folders of installed packages; none of an editable one, where its user works."""
    import numpy as np

    numpy = str(Path(np.__file__).parents[1])
    found = [place for place in sys.path if Path(place).name.endswith("-packages")]
    return tuple(dict.fromkeys([*filter(os.path.isdir, found), numpy]))


@cache
def readable() -> tuple[str, ...]:
    """What the process may read: Python, its packages, and the libraries of the system."""
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    places = (*_SYSTEM, sys.base_prefix, sys.base_exec_prefix, *packages(), *libraries)
    return tuple(dict.fromkeys(p for p in places if os.path.isabs(p) and os.path.exists(p)))


def new_folder() -> str:
    """A name for the folder of one process, which tells nothing."""
    return f"/tmp/tmp{secrets.token_hex(4)}"


def shut_in(
    program: Sequence[str], folder: str, shown: Path = OWN, tell: int | None = None
) -> list[str]:
    """The command that runs a program in bubblewrap, in a folder of its own, in memory.

    shown: what it may read of this package. tell: the descriptor that the first process's id is
    written to.
    """
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
    command += ["--cap-drop", "ALL"]  # root would keep them, and could mount
    command += [] if tell is None else ["--info-fd", str(tell)]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(_DISK)] * _can_limit_size() + ["--tmpfs", "/tmp"]
    command += ["--dir", folder, "--chdir", folder]
    for place in readable():
        command += ["--ro-bind", place, place]
    # Where they are among the packages, gradbook's own kernels and pages are covered.
    places = [Path(place) for place in readable()]
    own = (PACKAGE, PACKAGE.parent / "derivation")
    covered = [str(each) for each in own if set(places) & set(each.parents) and each.is_dir()]
    for place in covered:
        command += ["--tmpfs", place]
    command += ["--ro-bind", str(shown), str(shown)]
    for place in (*covered, "/dev", "/"):
        command += ["--remount-ro", place]
    return [*command, "--", *program]
