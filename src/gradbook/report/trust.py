"""What each kind of claim rests on: one source for docs/trust.md and for the foot of a report.

What is counted or named here is taken from the library itself (the sizes of the methods, the
checks, the budgets), so that it cannot say anything else than the library does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from importlib.metadata import requires
from importlib.util import find_spec

from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.check.verdict import ROUNDING, SOURCE
from gradbook.page.cases import PageSizes
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.methods import METHODS
from gradbook.prove.properties import FEW, MORE
from gradbook.prove.query import UNITS
from gradbook.prove.second_solver import SECOND
from gradbook.prove.second_solver import UNITS as UNITS_AGAIN
from gradbook.report.page import row, table
from gradbook.report.terminal import CHECKS, COLUMNS, HEADS, OF_LOSS


@dataclass(frozen=True)
class Ground:
    """What one kind of claim rests on.

    key:      its anchor. claim: the kind, in words. columns: the heads of a report that claim it.
    by:       how it is established.
    modules:  of ours, that have to be right for it. packages: of others, the same; by the names
              under which they are installed. besides: what else there is to trust.
    not_said: what it does not say.
    """

    key: str
    claim: str
    columns: tuple[str, ...]
    by: str
    modules: tuple[str, ...]
    packages: tuple[str, ...]
    not_said: str
    besides: str = ""


def _sizes(sizes: PageSizes) -> str:
    words = f"the {sizes.few} smallest values of each size"
    return words if sizes.few == sizes.many else f"{words}, {sizes.many} of more than two sizes,"


_BY_REGIONS, _BY_SOLVER = METHODS[0], METHODS[1]
#: The heads of the parts of an HTML report.
PROPERTIES_HEAD = "The loss as a whole"
KERNELS_HEAD = "The kernels, and what was checked"
_READING = ("gradbook.page",)
_REALS = "Anything of floating-point numbers."
_SLOPES = "That a function by cases, or with 1{…}, has no jump where its slope is claimed."

GROUNDS = (
    Ground(
        "small",
        "a line, at small sizes",
        (COLUMNS[_BY_REGIONS.name],),
        f"At {_sizes(_BY_REGIONS.sizes)} and for every label, both sides are the same polynomial "
        "in every sign pattern of what stands in a kink. Derivatives are worked out in two ways "
        "that share no rule. exp, log, roots and quotients are a field over independent letters. "
        "Both sides are computed at a few points as well.",
        (*_READING, "gradbook.prove.by_regions", "gradbook.prove.derivatives", "gradbook.regions"),
        ("sympy", "markdown-it-py", "mdit-py-plugins"),
        f"Anything of other sizes. {_SLOPES} {_REALS}",
    ),
    Ground(
        "any",
        "a line, for any size",
        (COLUMNS[ANY_SIZE],),
        "Both sides have the same form as sums over letters, for each way in which the letters can "
        "be the same class, or are the same in each cell that their kinks make. No number stands "
        "for a size. Both sides are computed at small sizes as well.",
        (
            *_READING,
            "gradbook.any_size.rules",
            "gradbook.any_size.canonical",
            "gradbook.any_size.decide",
            "gradbook.regions",
        ),
        ("sympy", "markdown-it-py", "mdit-py-plugins"),
        "Anything of a line with a – or ? in this column: it is claimed at the sizes of the other "
        f"columns alone. {_SLOPES} {_REALS}",
    ),
    Ground(
        "z3",
        "a line, for all reals at once",
        (COLUMNS[_BY_SOLVER.name],),
        f"At {_sizes(_BY_SOLVER.sizes)} z3 finds no values of the letters at which the line is "
        f"false, within {UNITS:,} of its resource units for a query. It is given laws of exp, log "
        "and roots, and nothing else is known of these.",
        (*_READING, "gradbook.prove.smt", "gradbook.prove.cleared"),
        ("z3-solver", "sympy", "markdown-it-py", "mdit-py-plugins"),
        f"Anything of other sizes. {_SLOPES} {_REALS}",
    ),
    Ground(
        "second",
        "an answer of z3, by a second solver",
        tuple(SECOND),
        "With --recheck cvc5, every query that z3 answers is translated once more, into standard "
        f"text, and put to cvc5, within {UNITS_AGAIN:,} of its units. Where the two disagree, the "
        "page does not pass.",
        ("gradbook.prove.smt_text",),
        ("cvc5",),
        "Anything of a query that cvc5 gives up. Neither solver differentiates: both are asked "
        "about what gradbook derived.",
    ),
    Ground(
        "properties",
        "a property of the loss",
        (OF_LOSS[INDUCTION], "induction", PROPERTIES_HEAD),
        f"Region by region for {FEW}; by z3 for {MORE}; for every C by an induction over the "
        "classes whose base and step z3 decides, each a query about a few letters.",
        ("gradbook.prove.loss_properties", "gradbook.prove.induction", "gradbook.loss"),
        ("z3-solver", "sympy"),
        "The induction is said of losses that are a sum over the other classes, and its principle "
        f"is not itself proved by a machine. {_REALS}",
    ),
    Ground(
        "certificate",
        "a certificate that Coq accepts",
        (),
        "The slopes that the page claims of a loss, off its kinks, that those of a sum over the "
        "other classes are subgradients, that they add up to 0, and the shift, for every number of "
        "classes, are proved from definitions.",
        (*_READING, "gradbook.certify.summed", "gradbook.certify.totalled"),
        ("sympy",),
        "Anything of a loss that is neither such a sum nor of a total over all. The definitions at "
        "the head of each module of the script have to be read beside the page.",
        "Coq, the axioms of its real numbers (classical logic, with log)",
    ),
    Ground(
        "source",
        "the text of a kernel",
        (),
        "Before anybody gets it, it is run on data that reach its kinks and ties, and compared "
        "with the formula, exactly or within what rounding comes to in the formula.",
        ("gradbook.emit.compared", "gradbook.emit.pages.compared", "gradbook.questions.values"),
        ("numpy", "sympy"),
        "That it is right at other data: it is compared, and not proved.",
    ),
    Ground(
        "proved-text",
        "the text of a kernel in C or for NumPy, for all reals",
        (SOURCE,),
        "It is run on letters, and whichever way its comparisons fall, it computes the page's "
        "objective and its gradient, at small sizes, no two alike for a text for any, and every "
        "label of an example. In C every access is within bounds and of what was written, and a "
        "lack of memory is told. A text for NumPy is run by NumPy, on arrays of letters.",
        ("gradbook.prove.source", "gradbook.prove.field", "gradbook.check.source"),
        ("pycparser", "numpy", "sympy"),
        "Anything of other sizes, of rounding and overflow, of REAL = float, of large integers, or "
        "of what a compiler makes of it, or NumPy of floats where it has other code for objects; "
        "that it has a value wherever the page's formula has one; anything of the vectorised "
        "kernel.",
    ),
    Ground(
        "rounding",
        "a bound of the rounding of a kernel for one size",
        (ROUNDING,),
        "Every operation of its text, in its order, is put to Gappa, statement by statement, for "
        "all inputs of a box. Without Gappa, a term that passes through k operations is off by γ_k "
        "of its size, in any order. The kernel is called at points of the box, and is nowhere off "
        "by more.",
        ("gradbook.check.gappa", "gradbook.questions.rounding_in_a_box"),
        ("numpy", "sympy"),
        "Anything of inputs outside the box, of several examples, of overflow, or, without Gappa, "
        "of underflow; of the gradient where a margin is within its own bound of 0.",
        "Gappa where it is named, a compiler that keeps to the order of the text",
    ),
    Ground(
        "machine",
        "a kernel as it runs",
        (*(HEADS.get(name, name) for name in CHECKS), KERNELS_HEAD),
        f"It is called: {', '.join(CHECKS)}. Small whole numbers are compared to the last bit, in "
        "every region and at every kink of few classes; other data within bounds of the rounding.",
        ("gradbook.check", "gradbook.kernels"),
        ("numpy", "scikit-learn"),
        "That it is right at inputs that were not tried. It is evidence, and no proof of the "
        "machine code.",
        "the C compiler, the processor",
    ),
    Ground(
        "speed",
        "how fast a kernel is",
        (),
        "Ratios of medians, measured in turns in one process, with the machine named.",
        (),
        ("numpy",),
        "Anything of another machine, compiler or shape. Speed decides no verdict.",
        "benchmarks/, the clock of the machine",
    ),
    Ground(
        "remembered",
        "a finding that is remembered",
        (),
        "It was decided before, and is kept by all that it depends on: the claims and what they "
        "are made of, the method and its sizes, gradbook's own source, and the versions of what "
        "decides. Of an edited page, what was proved is computed at a few points again.",
        ("gradbook.verify.remembered",),
        (),
        "That it was decided in this run. --fresh decides everything anew.",
        "the file that it is kept in, which nobody else could have written",
    ),
    Ground(
        "verdict",
        "a verdict of gradbook check",
        (),
        "Wrong: shown by inputs at which the function differs from the page. Right: it answered "
        "a fixed set of exact questions, and some at random, as the page does.",
        ("gradbook.judge", "gradbook.subjects"),
        ("numpy", "sympy"),
        "That a right function is right at every input, or when nobody judges it. The cause that "
        "is named predicts every answer that was seen, and may not be the only one that does.",
        "with --sandbox, bubblewrap",
    ),
)


def trust_page() -> str:
    """docs/trust.md: a row for each kind of claim."""
    rows = [
        f'| <a id="{each.key}"></a>**{each.claim}** | {each.by} | {_trusted(each, _linked)} | '
        f"{each.not_said} |"
        for each in GROUNDS
    ]
    return "\n".join([_HEAD, *rows]) + "\n"


_HEAD = """# What has to be trusted

Each kind of claim: by what it is established, what has to be right for it to be true, and what it
does not say. The page is made of [what the library does](../src/gradbook/report/trust.py), by
`python tools/write_trust.py`; `gradbook verify --html` has the same at the foot of its report.
Python is trusted in all of them, and so is that a page says what its author means.

| claim | by what it is established | what has to be trusted | what it does not say |
|---|---|---|---|"""


def trust_section() -> str:
    """The same as HTML, at the foot of a report."""
    rows = (
        row(
            escape(each.claim),
            f'{escape(each.by)}<div class="title">trusted: {escape(_trusted(each))}</div>'
            f'<div class="title">not said: {escape(each.not_said)}</div>',
            anchor=f"trust-{each.key}",
        )
        for each in GROUNDS
    )
    shown = table("By what a claim is established, and what has to be trusted", (), rows)
    return f"<h2>What each claim rests on</h2>{shown}"


def linked(head: str) -> str:
    """The head of a column as HTML, with a link to what its claims rest on."""
    keys = (each.key for each in GROUNDS if head in each.columns)
    key = next(keys, None)
    return escape(head) if key is None else f'<a href="#trust-{key}">{escape(head)}</a>'


def _trusted(ground: Ground, named: Callable[[str], str] = str) -> str:
    bounds = dict(_required())
    packages = (bounds[each] for each in ground.packages)
    return ", ".join(filter(None, (*packages, *map(named, ground.modules), ground.besides)))


def _required() -> Iterator[tuple[str, str]]:
    """What gradbook needs, with the versions: "sympy >=1.14,<1.15"."""
    for requirement in requires("gradbook") or ():
        name, bounds = re.findall(r"^([\w.-]+)([^;]*)", requirement)[0]
        yield name, f"{name} {','.join(sorted(bounds.strip().split(','), reverse=True))}"


def _linked(module: str) -> str:
    found = find_spec(module)
    is_folder = found is not None and found.submodule_search_locations is not None
    path = f"../src/{module.replace('.', '/')}{'/__init__' * is_folder}.py"
    return f"[{module.removeprefix('gradbook.')}]({path})"
