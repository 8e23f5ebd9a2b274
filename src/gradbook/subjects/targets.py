"""What is asked for on the command line: a function, the functions of a file, those of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gradbook.subjects.candidates import candidates, files_of
from gradbook.subjects.methods import method_names
from gradbook.subjects.source import Source, read_source
from gradbook.subjects.subject import Obstacle, printable

SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Target:
    """A function to be judged, or a file in which there is none.

    shown: the path as it is to be printed. name: the function's; "" if there is none, and then
    `obstacle` says why. unread: whether something may be there that could not be read.
    """

    path: Path
    shown: str
    name: str = ""
    obstacle: str = ""
    unread: bool = False

    def __str__(self) -> str:
        return f"{self.shown}:{self.name}" if self.name else self.shown


def find_targets(asked: str) -> list[Target]:
    """The functions in FILE, in FILE:FUNCTION or in a folder; nothing is run to find them.

    Raises ValueError with one sentence if there is no such file or folder.
    """
    path = Path(asked)
    if path.is_dir():
        files = list(files_of(path))
        if not files:
            raise ValueError(f"there is no Python file and no notebook in {asked}")
        return [
            target
            for file in files
            for target in _of_file(file, printable(file.relative_to(path).as_posix()))
        ]
    file, _, name = (asked, "", "") if path.is_file() else asked.rpartition(":")
    if not Path(file).is_file():
        raise ValueError(f"there is no file or folder {file or asked}")
    if Path(file).suffix not in SUFFIXES:
        raise ValueError(f"{file} must be a Python file (.py) or a notebook (.ipynb)")
    shown = printable(file)
    return [Target(Path(file), shown, name)] if name else _of_file(Path(file), shown)


def _of_file(path: Path, shown: str) -> list[Target]:
    try:
        source = read_source(path)
    except Obstacle as obstacle:
        return [Target(path, shown, obstacle=str(obstacle), unread=True)]
    return [Target(path, shown, name) for name in candidates(source)] or [_without(source, shown)]


def _without(source: Source, shown: str) -> Target:
    if source.unread:
        why = f"no function that can be read looks like a loss of W, X and y: {source.unread[0]}"
        return Target(source.path, shown, obstacle=why, unread=True)
    names = [*source.functions, *method_names(source)]
    there = f"its functions: {', '.join(names[:8])}{', …' * (len(names) > 8)}"
    why = "no function looks like a loss of W, X and y"
    return Target(source.path, shown, obstacle=f"{why}; {there if names else 'it has none'}")
