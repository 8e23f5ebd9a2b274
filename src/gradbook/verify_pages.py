"""Verifies pages: reads each, proves every line of it, says what was found.

>>> from gradbook.page import read_text
>>> page = read_text(r"$d \\ge 1$, $x \\in \\mathbb{R}^d$. $$\\nabla_x \\|x\\|^2 = x \\tag{G1}$$")
>>> print(verify_page(page).lines[0][1].deciding.witness)
with d = 1, x = [1]: the left is 2, the right is 1
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.any_size.of_page import prove_line_for_any_size
from gradbook.any_size.roles import NotInEntries, Roles
from gradbook.page import Page, PageLine
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.decision import Decision
from gradbook.prove.methods import METHODS
from gradbook.prove.pages.lines import LineProof, prove_line

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class PageReport:
    """What was found of a page.

    lines:     each with what every method found of it.
    not_asked: a method that could not be asked ↦ why.
    """

    page: Page
    lines: tuple[tuple[PageLine, Decision], ...]
    seconds: float
    not_asked: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all of it is read, and every line holds."""
        return not self.page.errors and all(decision.holds for _, decision in self.lines)

    @property
    def false(self) -> tuple[str, ...]:
        """The ids of the lines that are false."""
        return tuple(line.id for line, decision in self.lines if decision.status == "refuted")

    @property
    def refuted(self) -> bool:
        """Whether a line is false."""
        return bool(self.false)

    @property
    def claims(self) -> tuple[int, int]:
        """How many claims were proved, and how many of them by their shapes alone."""
        counted = [
            proof.counted
            for _, decision in self.lines
            if isinstance(proof := decision.deciding, LineProof) and proof.holds
        ]
        return sum(all_ for all_, _ in counted), sum(shapes for _, shapes in counted)

    def __str__(self) -> str:
        from gradbook.report.pages import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from gradbook.report.pages import as_html

        return as_html(self)


def verify_page(page: Page, progress: Progress | None = None) -> PageReport:
    """Proves every line by every method that can be asked here."""
    started = time.perf_counter()
    asked, roles, missing = _methods(page)
    lines = []
    for done, line in enumerate(page, 1):
        lines.append((line, _decided(page, line, asked, roles)))
        if progress is not None:
            progress(line.id, done, len(page))
    seconds = time.perf_counter() - started
    return PageReport(page, tuple(lines), seconds, tuple(missing.items()))


def decide_line(line: PageLine) -> Decision:
    """What every method that can be asked here finds of one line of a page."""
    asked, roles, _ = _methods(line.page)
    return _decided(line.page, line, asked, roles)


def _methods(page: Page) -> tuple[list[str], Roles | None, dict[str, str]]:
    """The methods for numbers, the letters for any size, and why a method cannot be asked."""
    missing = {method.name: method.missing for method in METHODS if method.missing}
    asked = [name for name in (REGIONS, SOLVER) if name not in missing]
    try:
        return asked, Roles.of(page), missing
    except NotInEntries as error:
        return asked, None, {**missing, ANY_SIZE: str(error)}


def _decided(page: Page, line: PageLine, asked: list[str], roles: Roles | None) -> Decision:
    """What is false by one method is not put to the next one."""
    proofs: list[LineProof] = []
    for method in asked:
        if not any(proof.status == "refuted" for proof in proofs):
            proofs.append(prove_line(page, line, method))
    any_size = roles and prove_line_for_any_size(page, roles, line)
    return Decision((*proofs, *([any_size] if any_size else [])))
