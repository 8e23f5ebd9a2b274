"""What was found of a page before: what has not changed since is not decided again.

A finding is kept by all that it depends on: the claims of the line with every definition that they
use, or the loss, or the number that is printed; what the letters of the page are; the method and
its sizes; for a kernel also the compiler, its version and the processor, and whether Gappa is
there. The findings of one page are one file, by the page's path, all of gradbook's own source and
the versions of Python and of what decides: SymPy, z3 and what they compute with. The file is
trusted as a compiled kernel is (`emit.cache`): only where nobody else could have written it.

Of an edited page every line that is remembered as proved is computed at a few points. One that is
false there is decided anew, whatever the key of its finding says.

Only what is decided is kept, or what a counted budget leaves undecided. Nothing is kept of a line
that is said in Python, whose text does not say what it calls, nor of queries to a second solver.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from shutil import which
from typing import Any

from gradbook.check import Verdict
from gradbook.emit import cache as files
from gradbook.emit import kept
from gradbook.emit.build import built_by
from gradbook.emit.pages.objective import objectives_of
from gradbook.page import Page
from gradbook.page.content import content_of_definitions, content_of_letters, content_of_line
from gradbook.page.core import ClaimRead
from gradbook.page.source import Span
from gradbook.proof import Proof
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.lines import prove_claim
from gradbook.prove.methods import POINTS
from gradbook.prove.properties import PropertyFound
from gradbook.verify.tasks import (
    KernelTask,
    LineTask,
    NotEmitted,
    PageKernelTask,
    PropertyTask,
    Task,
    loss_or_none,
)

#: What decides, and what it computes with.
DECIDING = ("z3-solver", "python-flint", "gmpy2", "scikit-learn", "scipy")

#: So many findings of one page are kept, those that were used last: a page has about a hundred.
MOST = 1000
#: The key of the text of the page that they are of.
TEXT = "text"


class Remembered:
    """The findings of one page, from earlier and from now.

    kept, decided: how many were found from earlier, and how many are new.
    """

    def __init__(self, page: Page) -> None:
        self.kept = self.decided = 0
        self._page, self._letters = page, content_of_letters(page)
        self._loss = kept.content(loss) if (loss := loss_or_none(page)) else None
        self._file = _file_of(page)
        self._before: dict[str | None, Any] = _read(self._file) if self._file else {}
        self._now: dict[str | None, Any] = {TEXT: files.key_of(page.source.text)}
        self._is_new = self._is_edited = self._before.get(TEXT) != self._now[TEXT]

    def among(self, tasks: Iterable[Task]) -> dict[Task, Any]:
        """Those of which it is known what was found, each with that."""
        keys = {task: self._key(task) for task in tasks}
        known = {task: key for task, key in keys.items() if key in self._before}
        if self._is_edited:
            false = self._false({task for task, key in known.items() if _proved(self._before[key])})
            known = {task: key for task, key in known.items() if task not in false}
        self._now |= {key: self._before[key] for key in known.values()}
        self.kept += len(known)
        return {task: _moved(self._before[key], self._begin(task)) for task, key in known.items()}

    def _false(self, proved: set[Task]) -> set[Task]:
        """Those of these that are about a line which is false at a point."""
        of = {task: task.line for task in proved if isinstance(task, LineTask)}
        claims = {line: self._page[line].claims for line in set(of.values())}
        false = {line for line, said in claims.items() if any(map(self._fails, said))}
        return {task for task, line in of.items() if line in false}

    def _fails(self, claim: ClaimRead) -> bool:
        return prove_claim(self._page, claim, POINTS).status == "refuted"

    def note(self, task: Task, result: Any) -> None:
        """What was found of it now."""
        self.decided += 1
        key = self._key(task)
        if key is not None and _is_final(result):
            self._now[key] = _moved(result, -self._begin(task))
            self._is_new = True

    def save(self) -> None:
        """Keeps what is new; where it cannot be kept it is found again the next time."""
        if self._file is None or not self._is_new:
            return
        earlier = {key: of for key, of in self._before.items() if key not in self._now}
        latest = list({**earlier, **self._now}.items())[-MOST:]
        with suppress(OSError):
            files.keep(pickle.dumps(dict(latest)), self._file, "found")

    def _begin(self, task: Task) -> int:
        """Where the line begins that it is about: places are kept as they are within it."""
        return self._page[task.line].span.start if isinstance(task, LineTask) else 0

    def _key(self, task: Task) -> str | None:
        depends = self._depends(task)
        if depends is None:
            return None
        asked = (repr(getattr(task, each.name)) for each in fields(task) if each.name != "source")
        return files.key_of(type(task).__name__, *asked, self._letters, *depends)

    def _depends(self, task: Task) -> tuple[str, ...] | None:
        """What else its finding depends on; None where a text does not say it."""
        if isinstance(task, LineTask):
            line = self._page[task.line]
            if line.code is not None or (task.method == INDUCTION and self._loss is None):
                return None
            of_loss = self._loss or "" if task.method == INDUCTION else ""
            return content_of_line(line), of_loss
        if isinstance(task, PageKernelTask):
            by = {name: str(of.by) for name, of in objectives_of(self._page).items()}
            lines = [(line.id, [d.key for d in line.definitions]) for line in self._page]
            said = self._page.title, content_of_definitions(self._page), repr(by), repr(lines)
            return *said, built_by()
        if self._loss is None or not isinstance(task, PropertyTask | KernelTask):
            return None
        runs = (built_by(), which("gappa") or "") if isinstance(task, KernelTask) else ()
        return self._loss, *runs


@cache
def _versions() -> tuple[str, ...]:
    return tuple(map(_version, DECIDING))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _file_of(page: Page) -> str | None:
    """What the findings of a page are kept by; None where it cannot be told what would run."""
    program = kept.running()
    if program is None:
        return None
    return files.key_of(*kept.VERSIONS, *_versions(), program, str(page.path.absolute()))


def _read(file: str) -> dict[str | None, Any]:
    found = files.found(file, "found")
    with suppress(Exception):  # another version of a class, which its source would tell
        return dict(pickle.loads(found[1])) if found else {}
    return {}


def _is_final(result: Any) -> bool:
    """Whether it would be found again, whatever else the machine is busy with."""
    if isinstance(result, Proof):
        return result.status != "undecided" or result.exhausted or result.vacuous
    if isinstance(result, PropertyFound):
        return all(map(_is_final, result.decision.proofs))
    if isinstance(result, Verdict):
        return result.passed
    if isinstance(result, tuple):
        return _is_final(result[1])
    return result is None or isinstance(result, NotEmitted)


def _proved(result: Any) -> bool:
    return isinstance(result, Proof) and result.status == "proved"


def _moved(result: Any, by: int) -> Any:
    """The finding of a line that stands so many characters further on; found in no time."""
    if isinstance(result, PropertyFound):
        proofs = tuple(_moved(each, by) for each in result.decision.proofs)
        stated = len(result.decision.stated)
        return replace(result, decision=Decision(proofs[:stated], proofs[stated:]))
    if not isinstance(result, Proof):
        return result
    span = result.span and Span(result.span.start + by, result.span.end + by)
    return replace(result, span=span, seconds=0.0)
