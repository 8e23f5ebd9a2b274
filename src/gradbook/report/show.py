"""A page, or one line of it, as aligned Unicode mathematics."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from sympy import Expr, ImmutableMatrix, Symbol, pretty
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from gradbook.notation import as_written, partial, step
from gradbook.page import Page, PageLine
from gradbook.page import core as c
from gradbook.page.as_read import text
from gradbook.page.cases import PageCase, cases_at, example_sizes
from gradbook.page.core import ClaimRead
from gradbook.page.stated import Stated
from gradbook.prove.decision import Decision
from gradbook.prove.derivatives import meaning_of
from gradbook.regions import forms_of
from gradbook.report.plain import WIDTH
from gradbook.report.terminal import statement

SHOWN = 4
_MARGIN = 4


def show_pages(pages: Sequence[Page]) -> str:
    """Which pages there are, with their first and last lines, in 80 columns."""
    names = [page.path.stem for page in pages]
    wide = max(map(len, names)) + 3
    rows = ["The pages; to show one, gradbook show --page NAME:", ""]
    for name, page in zip(names, pages, strict=True):
        ids = [id for id in page.ids if not id.startswith("line ")]
        said = f"{page.title} ({ids[0]} … {ids[-1]})" if ids else page.title
        first, *others = textwrap.wrap(said, WIDTH - wide)
        rows += [f"{name:<{wide}}{first}", *(f"{'':<{wide}}{other}" for other in others)]
    return "\n".join(rows)


def show_page(page: Page) -> str:
    """Every line: its id and statement, the statements aligned and folded at 80 columns."""
    wide = max((len(line.id) for line in page), default=0) + 3
    rows = [page.title, ""]
    for line in page:
        first, *others = textwrap.wrap(statement(line), WIDTH - wide) or [""]
        rows += [f"{line.id:<{wide}}{first}", *(f"{'':<{wide}}{other}" for other in others)]
    return "\n".join(rows)


def show_line(line: PageLine, decision: Decision | None = None) -> str:
    """One line: as it is written, as it is read, what was found of it, and what it claims at one
    small size, in full.
    """
    parts = [f"{line.id} · {line.page.title}"]
    if line.code is None:
        parts += [_paragraph(statement(line)), "Read as:", _paragraph(line.as_read)]
    else:
        parts += [_paragraph(line.as_read), "Said in Python:", _indented(line.code.text.rstrip())]
    if line.unread:
        errors = (error for error in line.page.errors if line.id in (error.line, *error.waits))
        parts += ["Not read:", *(_paragraph(f"{e.message}; {e.hint}".rstrip("; ")) for e in errors)]
    elif decision is not None:
        parts += [f"{decision.status.capitalize()}:", _found(decision)]
    example = shown_at(line)
    if example is not None:
        where, body = example
        worked_out = "with the derivatives worked out:"
        parts += [f"For {where}, {worked_out}" if where else worked_out.capitalize(), body]
    return "\n\n".join(parts)


def _found(decision: Decision) -> str:
    """What each method found, in a row of its own."""
    rows = (textwrap.wrap(row, WIDTH - _MARGIN - 2) for row in str(decision).splitlines())
    return _indented("\n".join("\n  ".join(row) for row in rows))


def shown_at(line: PageLine) -> tuple[str, str] | None:
    """The sizes and the label of one small case, and what the line claims there; None for a line
    without a claim that fits on a page.
    """
    where, written = "", []
    for claim in line.claims:
        found = [] if claim.shape else list(_instances(line.page, claim))
        for case, stated in found[:2]:
            where = where or ", ".join(_sizes_and_labels(case))
            written.append(_claim(claim, case, stated))
    written = [each for each in dict.fromkeys(written) if _fits(each)]
    if not written:
        return None
    body = [_indented(each) for each in written[:SHOWN]]
    if len(written) > SHOWN:
        body.append(f"… and {len(written) - SHOWN} more of the kind.")
    return where, "\n\n".join(body)


def _instances(page: Page, claim: ClaimRead) -> Iterator[tuple[PageCase, Stated]]:
    """The cases of the small size in which the label is the second class, where there is one."""
    for case in cases_at(page, claim, example_sizes(page)):
        if all(label == 2 for label in case.at.labels.values()):
            stated = case.at.claim(claim, case.free)
            if stated is not None:
                yield case, stated


def _sizes_and_labels(case: PageCase) -> Iterator[str]:
    return (f"{name} = {value}" for name, value in case.numbers() if name not in case.free)


def _paragraph(words: str) -> str:
    return _indented("\n".join(textwrap.wrap(words, WIDTH - _MARGIN)))


def _indented(words: str) -> str:
    return textwrap.indent(words, " " * _MARGIN)


def _fits(words: str) -> bool:
    return max(map(len, words.splitlines())) <= WIDTH - _MARGIN


def _claim(claim: ClaimRead, case: PageCase, stated: Stated) -> str:
    """left = right, the conditions below; margins get a letter where the sides are too wide."""
    names = _plain_names(stated)
    meaning = meaning_of(stated.meant)

    def worked_out(side: ImmutableMatrix) -> ImmutableMatrix:
        return side.applyfunc(lambda entry: meaning.worked_out(entry).xreplace(names))

    left: ImmutableMatrix | str = _gradient_by_name(claim.left, stated.left, names)
    left, right = left or worked_out(stated.left), worked_out(stated.right)
    for letters in _abbreviations(right):
        shown = left if isinstance(left, str) else left.xreplace(letters)
        written = _equation(shown, stated.relation, right.xreplace(letters))
        if _fits(written):
            break
    where = [f"{pretty(name)} = {_one_line(meant)}" for meant, name in letters.items()]
    of = [(condition.lhs.xreplace(names), condition.rel_op) for condition in stated.given]
    given = [f"{_one_line(u)} {relation.replace('==', '=')} 0" for u, relation in of]
    free = [f"{name} = {value}" for name, value in case.numbers() if name in case.free]
    notes = [f"    where {', '.join(where)}"] if where else []
    notes += [f"    for {', '.join(free)}"] if free else []
    notes += [f"    if {', '.join(given)}"] if given else []
    return "\n".join([written, *notes])


def _plain_names(stated: Stated) -> dict[Symbol, Symbol]:
    """s(1)_2 as s_2 where there is one example, else as s^(1)_2; W_1,2 as W_12."""
    parts = (*stated.left, *stated.right, *stated.given)
    letters = {letter for part in parts for letter in part.free_symbols} | set(stated.meant.of)
    letters |= {letter for part in stated.meant.of.values() for letter in part.free_symbols}
    many = any(re.search(r"(?<!\^)\(2\)", letter.name) for letter in letters)
    found = {}
    for letter in letters:
        name = re.sub(r"(?<!\^)(\(\d+\))", r"^\1" if many else "", letter.name)
        found[letter] = Symbol(re.sub(r"(?<=_\d),(?=\d$)", "", name), real=True)
    return found


def _one_line(u: Expr) -> str:
    return str(pretty(as_written(u), wrap_line=False, order="none"))


def _gradient_by_name(side: c.Core, entries: ImmutableMatrix, names: dict[Symbol, Symbol]) -> str:
    """ "∇_W f" or "∇_{W_k} f" where the whole side is that; else ""."""
    functions = {entry.args[0] for entry in entries if isinstance(entry, partial)}
    if not isinstance(side, c.GradientBy) or len(functions) != 1:
        return ""
    by = re.sub(r"\^\(\w\)", "", text(side.by))
    by = by if len(by) == 1 else f"{{{by}}}"
    (f,) = functions
    body = pretty(f.xreplace(names), wrap_line=False)
    return f"∇_{by} ({body})" if f.is_Add else f"∇_{by} {body}"


def _abbreviations(side: ImmutableMatrix) -> Iterator[dict[Expr, Symbol]]:
    """None, then u_j for each margin, then a_j for each indicator."""
    yield {}
    margins = {u: i for i, u in enumerate(forms_of(*side))}
    yield {u: Symbol(f"u_{i}", real=True) for u, i in margins.items()}
    steps = sorted({atom for entry in side for atom in entry.atoms(step)}, key=str)
    yield {atom: Symbol(f"a_{i}", real=True) for i, atom in enumerate(steps)}


def _equation(left: ImmutableMatrix | str, relation: str, right: ImmutableMatrix) -> str:
    """On one line if that fits, else the left side above the right."""
    shown = [_form(side) for side in (left, right)]
    together = str(prettyForm(*stringPict.next(shown[0], f" {relation} ", shown[1])))
    if _fits(together):
        return together
    below = prettyForm(*stringPict.next(f"  {relation} ", shown[1]))
    return f"{shown[0]}\n{below}"


def _form(side: ImmutableMatrix | str) -> prettyForm:
    if isinstance(side, str):
        return prettyForm(side)
    whole = side[0] if side.shape == (1, 1) else side
    return prettyForm(pretty(whole, wrap_line=False))
