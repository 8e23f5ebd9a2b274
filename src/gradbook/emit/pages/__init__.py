"""The objective of any page and its gradient, as code.

names           what a letter is called in code
objective       which number a page differentiates, and by which of its letters
lowered         its formulas entry by entry: `terms`, whose matrices are sums over axes
                (`algebra` puts terms together, `exponentials` keeps them from overflowing)
                `without_letters`: inverses, and where the largest is
slopes          the gradient, back from the objective to the letters: one rule a line
shared          what both would compute twice, made once
program         both in order, as arrays that are made of arrays
text            terms as a person writes them in NumPy; source: the whole function
                (`expressions` and `libraries`: how each language words them)
loops           the same as loops in C; c_function: the whole function
entries         the same at sizes that are numbers; lambdified: the whole function
targets         what prints a program for each target
run             a text in Python in the arithmetic of mpmath
compared        what was printed against the page at small sizes, with 50 digits (`chain_rule`)
given, calls    what a call gives, and the call of what was printed
kernel          what is returned: a function of the page's letters, with its source
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Integer, Symbol

from gradbook import arguments
from gradbook.emit.pages.compared import Derived, Printed, require_right
from gradbook.emit.pages.given import Argument
from gradbook.emit.pages.kernel import PageKernel
from gradbook.emit.pages.names import NotEmitted, sizes_of
from gradbook.emit.pages.objective import objective_of
from gradbook.emit.pages.program import Program, claim_of, program_of, program_of_line
from gradbook.emit.pages.targets import TARGETS
from gradbook.emit.pages.terms import Array
from gradbook.page.core import NUMBER, Letter, Ref
from gradbook.page.letters import size_symbol
from gradbook.page.page import Page, PageLine

__all__ = [
    "PAGE_TARGETS",
    "Argument",
    "Derived",
    "NotEmitted",
    "PageKernel",
    "Printed",
    "derived",
    "emit_page",
    "printed",
]

#: What a page is printed for.
PAGE_TARGETS = tuple(TARGETS)


def emit_page(
    page: Page | PageLine,
    target: str,
    of: str | None = None,
    sizes: Mapping[str, int] | None = None,
) -> PageKernel:
    """The objective of a page and its gradients, or the right side of one of its lines.

    sizes: of every size of the page, for a target for one size.

    Raises NotEmitted, a ValueError, where the page has none, or nothing that is printed, and
    WrongSource where the printed source does not compute what the page says.
    """
    return printed(derived(page, of), target, sizes).kernel


def derived(page: Page | PageLine, of: str | None = None) -> Derived:
    """What is printed of a page, or of a line of it; see `emit_page`."""
    if isinstance(page, PageLine):
        claim = claim_of(page)
        if not page.prove().holds:
            raise NotEmitted(f"{page.id} is not proved, and only what is proved is emitted")
        return Derived(page.page, claim, program_of_line(page, claim))
    objective = objective_of(page, of)
    letter = Ref(NUMBER, objective.of, objective.of.key, ())
    return Derived(page, letter, program_of(page, objective))


def printed(of: Derived, target: str, sizes: Mapping[str, int] | None = None) -> Printed:
    """A kernel, compared with the page; see `emit_page`."""
    page, program, kind = of.page, of.program, TARGETS[target]
    letters = sizes_of(page)
    fixed = _sizes(letters, target, sizes)
    numbers = {size_symbol(letters[name].head): Integer(value) for name, value in fixed.items()}
    source = kind.source(program, fixed)
    kernel = PageKernel(
        program.title,
        target,
        tuple(_argument(array, program, numbers) for array in program.given),
        tuple(
            Argument(name, _counts(program.arrays[array], numbers))
            for name, array in program.results
        ),
        tuple((name, each.least) for name, each in letters.items() if not fixed),
        source,
        kind.language,
        tuple(fixed.items()),
    )
    twin = TARGETS[kind.twin].source(program, fixed) if kind.twin else source
    found = Printed(of, kernel, twin)
    require_right(found)
    return found


def _sizes(
    letters: Mapping[str, Letter], target: str, sizes: Mapping[str, int] | None
) -> dict[str, int]:
    """The sizes that a target is for. Raises ValueError for others than it takes."""
    if not TARGETS[target].is_fixed:
        if sizes is not None:
            raise ValueError(f"sizes must not be given for {target!r}, which is for any size")
        return {}
    sizes = sizes or {}
    if sizes.keys() != letters.keys():
        raise ValueError(
            f"sizes must have a number for each of {', '.join(letters) or 'none'}, not for "
            f"{', '.join(sizes) or 'none'}: {target!r} is for one size"
        )
    for name, value in sizes.items():
        arguments.integer(f"sizes[{name!r}]", value, letters[name].least, arguments.MOST)
    return {name: sizes[name] for name in letters}


def _argument(array: Array, program: Program, numbers: Mapping[Symbol, Integer]) -> Argument:
    counts = _counts(array, numbers)
    if array.name not in program.labels:
        return Argument(array.name, counts, domain=array.domain)
    assert array.letter is not None
    assert array.letter.range is not None
    found = array.letter.range
    choices = (int(found.first), int(found.last)) if found.step != 1 else ()
    return Argument(array.name, counts, found.count.xreplace(numbers), choices)


def _counts(array: Array, numbers: Mapping[Symbol, Integer]) -> tuple[Expr, ...]:
    return tuple(axis.range.count.xreplace(numbers) for axis in array.axes)
