"""Finds derivations, as pytest finds tests, and compares them with the page they come from.

A derivation is a module-level `Derivation` in a Python file. A file named `notes.md` beside it is
its page: a table whose rows are `| N4 | statement | kind |`.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from gradbook.derivation import Derivation

_ROW = re.compile(r"\|\s*([A-Z]+\d+)\s*\|\s*(.+?)\s*\|\s*(definition|claim)\s*\|")


class NotFound(ValueError):
    """There is no derivation where one was asked for, or it cannot be read."""


@dataclass(frozen=True)
class Found:
    """A derivation, the file it stands in, and the name it has there."""

    path: Path
    derivation: Derivation

    @property
    def key(self) -> str:
        return self.derivation.loss.key


def find(targets: Iterable[str | Path] = ()) -> list[Found]:
    """The derivations in `targets`: files, folders, or the names of files in `derivation/`.

    Without targets, those in the folder `derivation/` of the working directory or, if there is
    none, those installed with gradbook. Raises NotFound with one sentence that says what is wrong.
    """
    chosen = [Path(target) for target in targets] or [_home()]
    found = [item for target in chosen for path in _files(target) for item in read(path)]
    if not found:
        raise NotFound(f"no derivation in {', '.join(map(str, chosen))}")
    return found


def _home() -> Path:
    here = Path("derivation")
    if here.is_dir():
        return here
    spec = importlib.util.find_spec("derivation")
    if spec is None or not spec.submodule_search_locations:
        raise NotFound("there is no folder derivation/ here; name a file or a folder")
    return Path(next(iter(spec.submodule_search_locations)))


def _files(target: Path) -> list[Path]:
    if target.is_dir():
        return sorted(path for path in target.glob("*.py") if not path.name.startswith("_"))
    if target.is_file():
        return [target]
    by_name = _home() / f"{target}.py"
    if target.parent == Path() and by_name.is_file():
        return [by_name]
    raise NotFound(f"there is no file, folder or derivation named {target}")


def read(path: Path) -> tuple[Found, ...]:
    """The derivations that one file defines; the file is run under a name of its own.

    Raises NotFound where it does not run.
    """
    path = path.resolve()
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{path.name} cannot be read: {error}") from error
    return _run(path, source)


@lru_cache
def _run(path: Path, source: str) -> tuple[Found, ...]:
    """Once for each text of the file: after an edit, it is run anew."""
    module = ModuleType(f"gradbook_derivation_{path.stem}_{abs(hash(path)):x}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    try:
        exec(compile(source, path, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        raise NotFound(f"{path.name} does not run: {type(error).__name__}: {error}") from error
    defined = {id(value): value for value in vars(module).values() if isinstance(value, Derivation)}
    return tuple(Found(path, derivation) for derivation in defined.values())


def statements(page: Path) -> Mapping[str, str]:
    """id ↦ statement, from the table of a page in Markdown."""
    return {id: statement for id, (statement, _) in _rows(page).items()}


def _rows(page: Path) -> Mapping[str, tuple[str, str]]:
    """id ↦ statement and kind."""
    rows = (_ROW.fullmatch(row.strip()) for row in page.read_text("utf-8").splitlines())
    return {row[1]: (row[2], row[3]) for row in rows if row}


def differences_from_page(found: Found) -> Mapping[str, str]:
    """id ↦ what the page and the file say differently; empty without a page beside the file."""
    page = found.path.with_name("notes.md")
    if not page.is_file():
        return {}
    on_page = _rows(page)
    in_file = {line.id: (line.statement, line.kind) for line in found.derivation}
    if not on_page.keys() & in_file.keys():
        return {}
    differ = {}
    for id in dict.fromkeys([*on_page, *in_file]):
        if id not in in_file:
            differ[id] = f"the page says “{on_page[id][0]}”, {found.path.name} has no such line"
        elif id not in on_page:
            differ[id] = f"{found.path.name} has a line that the page has not"
        elif on_page[id] != in_file[id]:
            which = 0 if on_page[id][0] != in_file[id][0] else 1
            page_says, file_says = on_page[id][which], in_file[id][which]
            differ[id] = f"the page says “{page_says}”, {found.path.name} “{file_says}”"
    return differ
