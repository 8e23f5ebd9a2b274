"""Finds derivations, as pytest finds tests, and what belongs to them.

A derivation is a module-level `Derivation` in a Python file. Beside some.py, `some.md` or else
`notes.md` is its page, a table whose rows are `| N4 | statement | kind |`; and `some_any_size.py`
has the lines once more for any C, m and n, in an `AnySizePage`.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from gradbook import arguments
from gradbook.any_size import AnySizePage
from gradbook.derivation import Derivation

_ROW = re.compile(r"\|\s*([A-Z]+\d+)\s*\|\s*(.+?)\s*\|\s*(definition|claim)\s*\|")


class NotFound(ValueError):
    """There is no derivation where one was asked for, or it cannot be read."""


@dataclass(frozen=True)
class Found:
    """A derivation, the file it stands in, and its lines for any size, where there are some.

    place: which of the derivations of its file it is, from 0.
    """

    path: Path
    place: int
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
    chosen = [arguments.path("a derivation", target) for target in targets] or [_home()]
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
    there = [path.stem for path in _files(_home())] if target.parent == Path() else []
    meant = arguments.meant(str(target), there)
    raise NotFound(f"there is no file, folder or derivation named {target}{meant}")


def read(path: Path) -> tuple[Found, ...]:
    """The derivations that one file defines, not those that it imports from another.

    The file is run under a name of its own. Raises NotFound where it does not run, or the page for
    any size beside it does not fit.
    """
    path = path.resolve()
    defined = _values(path, Derivation)
    beside = path.with_name(f"{path.stem}_any_size.py")
    page = _page_beside(beside, defined) if defined and beside.is_file() else None
    about = None if page is None else next(d for d in defined if d.loss == page.loss)
    return tuple(
        Found(path, place, derivation, page if derivation is about else None)
        for place, derivation in enumerate(defined)
    )


def _page_beside(file: Path, defined: Sequence[Derivation]) -> AnySizePage:
    """The one page in the file. Raises NotFound unless it is about one of the derivations."""
    pages = _values(file, AnySizePage)
    if len(pages) != 1:
        raise NotFound(f"{file.name} must define one AnySizePage, not {len(pages)}")
    page = pages[0]
    derivation = next((d for d in defined if d.loss == page.loss), None)
    if derivation is None:
        raise NotFound(
            f"{file.name} is about another formula than the file beside it: import the loss from it"
        )
    unknown = [line.id for line in page if line.id not in derivation.ids]
    if unknown:
        raise NotFound(f"{file.name} has a line {unknown[0]} that {derivation.name} has not")
    return page


Kind = TypeVar("Kind", Derivation, AnySizePage)


def _values(path: Path, kind: type[Kind]) -> list[Kind]:
    """The values of this type that a file defines, each once. Raises NotFound as `read` does."""
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{path.name} cannot be read: {error}") from error
    module = _run(path, source, _beside(path))
    found = {id(value): value for value in vars(module).values() if isinstance(value, kind)}
    return [value for value in found.values() if _is_written_in(path, value)]


def _is_written_in(path: Path, value: Derivation | AnySizePage) -> bool:
    """Whether its lines are functions of this file, so that it was not imported from another."""
    codes = [getattr(line.claims, "__code__", None) for line in value]
    return not codes or any(code is None or code.co_filename == str(path) for code in codes)


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
