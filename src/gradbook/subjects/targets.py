"""What is asked for on the command line: a function, the functions of a file, those of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gradbook.subjects.candidates import Letters
from gradbook.subjects.files import SUFFIXES, listed
from gradbook.subjects.isolated import LIMITS, Limits
from gradbook.subjects.reading import Reader
from gradbook.subjects.source import NOT_FILLED_IN
from gradbook.subjects.subject import Obstacle, printable


@dataclass(frozen=True)
class Target:
    """A function to be judged, or what is in its way.

    shown: the path as it is to be printed. name: the function's; "" where the file has none.
    obstacle: why it cannot be judged, in a sentence, and `code` in a word or two; "" if it can.
    by_name: whether this function was asked for, and not the file that it is in.
    """

    path: Path
    shown: str
    name: str = ""
    obstacle: str = ""
    code: str = ""
    by_name: bool = False

    def __str__(self) -> str:
        return f"{self.shown}:{self.name}" if self.name else self.shown


@dataclass(frozen=True)
class Targets:
    """What is to be judged, in natural order, and the names of what is no Python."""

    targets: tuple[Target, ...]
    passed_over: tuple[str, ...] = ()


def find_targets(
    asked: Sequence[str | Path],
    limits: Limits = LIMITS,
    letters: Letters | None = None,
) -> Targets:
    """The functions in each FILE, FILE:FUNCTION or folder; nothing is run to find them.

    letters: of a page, as for `candidates`.

    Those beside a function that looks like a loss and do not have the code "left out". Each file of
    a folder is there at least once. Raises ValueError with one sentence if there is no such file or
    folder.
    """
    targets: list[Target] = []
    passed_over: list[str] = []
    with Reader(limits) as reader:
        for one in map(str, asked):
            if not os.path.isdir(one):
                targets += _of_one(one, reader, letters)
                continue
            # With several, where a file lies is part of its name.
            root = Path(one) if len(asked) == 1 else Path()
            files, others = listed(Path(one))
            if not files:
                raise ValueError(f"there is no Python file and no notebook in {one}")
            for file in files:
                targets += _of_file(file, _shown(file, root), reader, letters, follows=False)
            passed_over += (_shown(each, root) for each in others)
    return Targets(tuple(targets), tuple(passed_over))


def _shown(path: Path, root: Path) -> str:
    return printable((path.relative_to(root) if root.parts else path).as_posix())


def _of_one(asked: str, reader: Reader, letters: Letters | None) -> Iterator[Target]:
    file, _, name = (asked, "", "") if os.path.lexists(asked) else asked.rpartition(":")
    if not os.path.lexists(file):
        raise ValueError(f"there is no file or folder {file or asked}")
    if Path(file).suffix.lower() not in SUFFIXES:
        raise ValueError(f"{file} must be a Python file (.py) or a notebook (.ipynb)")
    shown = printable(file)
    if name:
        yield Target(Path(file), shown, name, *_blank(Path(file), name, reader), by_name=True)
    else:
        yield from _of_file(Path(file), shown, reader, letters)


def _of_file(
    path: Path, shown: str, reader: Reader, letters: Letters | None, follows: bool = True
) -> Iterator[Target]:
    """follows: symbolic links; one in a folder may lead out of it."""
    try:
        if path.is_symlink() and not follows:
            raise Obstacle(f"{path.name} is a symbolic link, which is not followed", "no file")
        found = reader.functions(path, letters)
    except Obstacle as obstacle:
        yield Target(path, shown, obstacle=str(obstacle), code=obstacle.code)
        return
    for one in found:
        yield Target(path, shown, one.name, one.why, one.code)


def _blank(path: Path, name: str, reader: Reader) -> tuple[str, str]:
    with suppress(Obstacle):  # which is told when it is called
        for one in reader.functions(path):
            if one.name == name and one.code == NOT_FILLED_IN:
                return one.why, one.code
    return "", ""
