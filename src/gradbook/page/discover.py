"""Finds pages, as pytest finds tests: files, the files of a folder, names in `derivation/`."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from gradbook import arguments
from gradbook.page import NoPage, Page, read


class NotFound(ValueError):
    """There is no page where one was asked for, or it cannot be read."""


def find(targets: Iterable[str | Path] = (), line: str = "") -> list[Page]:
    """The pages in `targets`: files, folders, or the names of files in `derivation/`; where some of
    them have a line with this id, those alone are read.

    Without targets, those in the folder `derivation/` of the working directory or, if there is
    none, those installed with gradbook. Of a folder, a page is left out that says in its front
    matter `verify: when named`. Raises NotFound with one sentence that says what is wrong.
    """
    chosen = [arguments.path("a page", target) for target in targets] or [_home()]
    files = [path for target in chosen for path in _files(target)]
    try:
        with_line = [path for path in files if line and _has(path, line)]
        found = [read(path) for path in with_line or files]
    except NoPage as error:
        raise NotFound(str(error)) from error
    if not found:
        raise NotFound(f"no page in {', '.join(map(str, chosen))}")
    return found


def files_there() -> list[Path]:
    """The files that `find` reads without targets. Raises NotFound."""
    return _files(_home())


def page_with(pages: Sequence[Page], line: str) -> Page:
    """The one page that has a line of this id. Raises NotFound where none has it, or several."""
    found = [page for page in pages if line in page.ids]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(page.path.stem for page in found)
        raise NotFound(f"{len(found)} pages have a line {line}: name one with --page: {names}")
    if len(pages) == 1:
        pages[0][line]  # says which lines there are
    meant = arguments.meant(line, [id for page in pages for id in page.ids])
    raise NotFound(f"none of the {len(pages)} pages has a line {line}{meant}")


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
        found = (path for path in target.glob("*.md") if not path.name.startswith("_"))
        return sorted(path for path in found if not _only_when_named(path))
    if target.is_file():
        return [_page(target)]
    by_name = _home() / f"{target}.md"
    if target.parent == Path() and by_name.is_file():
        return [by_name]
    there = [path.stem for path in _files(_home())] if target.parent == Path() else []
    meant = arguments.meant(str(target), there)
    raise NotFound(f"there is no file, folder or page named {target}{meant}")


def _has(file: Path, line: str) -> bool:
    """Whether a line of this id is in its text."""
    text = file.read_text("utf-8", errors="replace")
    return rf"\tag{{{line}}}" in text or f"line={line}" in text.split()


def _only_when_named(file: Path) -> bool:
    matter = re.match(r"---\n(.*?)\n---\n", file.read_text("utf-8", errors="replace"), re.S)
    return matter is not None and "verify: when named" in matter[1].splitlines()


def _page(file: Path) -> Path:
    """The file, if it can be a page."""
    if file.suffix in (".md", ".ipynb"):
        return file
    beside = file.with_suffix(".md")
    hint = f": did you mean {beside}?" if beside.is_file() else ""
    raise NotFound(f"a page is a file .md or .ipynb, not {file}{hint}")
