"""The objective of any page and its gradient, as code.

objective       which number a page differentiates, and by which of its letters
lowered         its formulas entry by entry: `terms`, whose matrices are sums over axes
slopes          the gradient, back from the objective to the letters: one rule a line
shared          what both would compute twice, made once
program         both in order, as arrays that are made of arrays
text            terms as a person writes them in NumPy; source: the whole function
run             the text in the arithmetic of mpmath
compared        the text, run with 50 digits, against the page at small sizes
kernel          what is returned: a function of the page's letters, with its source
"""

from __future__ import annotations

from gradbook.emit.pages.compared import Printed, require_right
from gradbook.emit.pages.given import Argument
from gradbook.emit.pages.kernel import PageKernel
from gradbook.emit.pages.libraries import LIBRARIES
from gradbook.emit.pages.names import NotEmitted
from gradbook.emit.pages.objective import objective_of
from gradbook.emit.pages.program import Program, claim_of, program_of, program_of_line
from gradbook.emit.pages.source import source_of
from gradbook.emit.pages.terms import Array
from gradbook.page.core import NUMBER, Ref
from gradbook.page.page import Page, PageLine

__all__ = [
    "PAGE_TARGETS",
    "Argument",
    "NotEmitted",
    "PageKernel",
    "Printed",
    "emit_page",
    "printed",
]

#: What a page is printed for.
PAGE_TARGETS = tuple(LIBRARIES)


def emit_page(page: Page | PageLine, target: str, of: str | None = None) -> PageKernel:
    """The objective of a page and its gradients, or the right side of one of its lines.

    Raises NotEmitted, a ValueError, where the page has none, or nothing that is printed, and
    WrongSource where the printed source does not compute what the page says.
    """
    return printed(page, target, of).kernel


def printed(page: Page | PageLine, target: str, of: str | None = None) -> Printed:
    """The same, with what it was printed from; see `emit_page`."""
    if isinstance(page, PageLine):
        claim = claim_of(page)
        if not page.prove().holds:
            raise NotEmitted(f"{page.id} is not proved, and only what is proved is emitted")
        program = program_of_line(page, claim)
        found = Printed(page.page, claim, program, _kernel(page.page, program, target))
    else:
        objective = objective_of(page, of)
        letter = Ref(NUMBER, objective.of, objective.of.key, ())
        program = program_of(page, objective)
        found = Printed(page, letter, program, _kernel(page, program, target))
    require_right(found)
    return found


def _kernel(page: Page, program: Program, target: str) -> PageKernel:
    return PageKernel(
        program.title,
        target,
        tuple(_argument(array, program) for array in program.given),
        tuple(name for name, _ in program.results[1:]),
        tuple((str(letter.head), letter.least) for letter in page.letters if letter.kind == "size"),
        source_of(program, LIBRARIES[target]),
    )


def _argument(array: Array, program: Program) -> Argument:
    counts = tuple(axis.range.count for axis in array.axes)
    if array.name not in program.labels:
        return Argument(array.name, counts)
    assert array.letter is not None
    assert array.letter.range is not None
    found = array.letter.range
    choices = (int(found.first), int(found.last)) if found.step != 1 else ()
    return Argument(array.name, counts, found.count, choices)
