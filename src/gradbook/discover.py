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

from gradbook.derivation import Derivation

_ROW = re.compile(r"\|\s*(N\d+)\s*\|\s*(.+?)\s*\|\s*(definition|claim)\s*\|")


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


@lru_cache
def read(path: Path) -> tuple[Found, ...]:
    """The derivations that one file defines; the file is run under a name of its own.

    Raises NotFound where it does not run.
    """
    path = path.resolve()
    name = f"gradbook_derivation_{path.stem}_{abs(hash(path)):x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise NotFound(f"{path.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # so that inspect can find the source of what it defines
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise NotFound(f"{path.name} does not run: {type(error).__name__}: {error}") from error
    return tuple(
        Found(path, value) for value in vars(module).values() if isinstance(value, Derivation)
    )


def statements(page: Path) -> Mapping[str, str]:
    """id ↦ statement, from the table of a page in Markdown."""
    rows = (_ROW.fullmatch(row.strip()) for row in page.read_text("utf-8").splitlines())
    return {row[1]: row[2] for row in rows if row}


def differences_from_page(found: Found) -> Mapping[str, str]:
    """id ↦ what the page and the file say differently; empty without a page beside the file."""
    page = found.path.with_name("notes.md")
    if not page.is_file():
        return {}
    on_page = statements(page)
    in_file = {line.id: line.statement for line in found.derivation}
    if not on_page.keys() & in_file.keys():
        return {}
    differ = {}
    for id in dict.fromkeys([*on_page, *in_file]):
        if id not in in_file:
            differ[id] = f"the page says “{on_page[id]}”, {found.path.name} has no such line"
        elif id not in on_page:
            differ[id] = f"{found.path.name} has a line that the page has not"
        elif on_page[id] != in_file[id]:
            differ[id] = f"the page says “{on_page[id]}”, {found.path.name} “{in_file[id]}”"
    return differ
