"""Finds derivations, as pytest finds tests, and what belongs to them.

A derivation is a module-level `Derivation` in a Python file. Beside some.py, `some.md` or else
`notes.md` is its page, a table whose rows are `| N4 | statement | kind |`; and `some_any_size.py`
has the lines once more for any C, m and n, in an `AnySizePage`.
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
from typing import TypeVar

from gradbook.any_size import AnySizePage
from gradbook.derivation import Derivation
from gradbook.loss import Loss

_ROW = re.compile(r"\|\s*([A-Z]+\d+)\s*\|\s*(.+?)\s*\|\s*(definition|claim)\s*\|")


class NotFound(ValueError):
    """There is no derivation where one was asked for, or it cannot be read."""


@dataclass(frozen=True)
class Found:
    """A derivation, the file it stands in, and its lines for any size, where there are some."""

    path: Path
    derivation: Derivation
    any_size: AnySizePage | None = None

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
    defined = _values(path, Derivation)
    beside = path.with_name(f"{path.stem}_any_size.py")
    pages = _values(beside, AnySizePage) if defined and beside.is_file() else []
    return tuple(
        Found(path, derivation, _page_about(derivation.loss, pages, beside))
        for derivation in defined
    )


def _page_about(loss: Loss, pages: Iterable[AnySizePage], file: Path) -> AnySizePage | None:
    page = next((page for page in pages if page.loss.key == loss.key), None)
    if page is not None and page.loss != loss:
        raise NotFound(f"{file.name} is about another formula than {loss.key}: import the loss")
    return page


T = TypeVar("T")


def _values(path: Path, kind: type[T]) -> list[T]:
    """The values of this type that a file defines, each once. Raises NotFound as `read` does."""
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{path.name} cannot be read: {error}") from error
    module = _run(path, source, _beside(path))
    found = {id(value): value for value in vars(module).values() if isinstance(value, kind)}
    return list(found.values())


def _beside(path: Path) -> tuple[str, ...]:
    """The text of the file that a page for any size imports, so that an edit of it is noticed."""
    stem = path.stem.removesuffix("_any_size")
    other = path.with_name(f"{stem}.py")
    return (other.read_text("utf-8"),) if stem != path.stem and other.is_file() else ()


@lru_cache
def _run(path: Path, source: str, beside: tuple[str, ...]) -> ModuleType:
    """Once for each text of the file: after an edit, it is run anew.

    It runs in a package made for its folder, so that one file there can import another: the one
    that lies beside it, and not one of that name that is installed.
    """
    package = ModuleType(f"gradbook_derivations_{abs(hash(path.parent)):x}")
    package.__path__ = [str(path.parent)]
    package = sys.modules.setdefault(package.__name__, package)
    module = ModuleType(f"{package.__name__}.{path.stem}")
    module.__file__, module.__package__ = str(path), package.__name__
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    try:
        exec(compile(source, path, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        raise NotFound(f"{path.name} does not run: {type(error).__name__}: {error}") from error
    return module


def statements(page: Path) -> Mapping[str, str]:
    """id ↦ statement, from the table of a page in Markdown."""
    return {id: statement for id, (statement, _) in _rows(page).items()}


def _rows(page: Path) -> Mapping[str, tuple[str, str]]:
    """id ↦ statement and kind."""
    rows = (_ROW.fullmatch(row.strip()) for row in page.read_text("utf-8").splitlines())
    return {row[1]: (row[2], row[3]) for row in rows if row}


def differences_from_page(found: Found) -> Mapping[str, str]:
    """id ↦ what the page and the file say differently; empty without a page beside the file."""
    pages = (found.path.with_suffix(".md"), found.path.with_name("notes.md"))
    page = next((page for page in pages if page.is_file()), None)
    if page is None:
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
