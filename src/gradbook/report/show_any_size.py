"""The derivation for any C, m and n, step by step, each with its rule: as text and as LaTeX.

And one line of a page in entries: what it claims, how its left side is worked out, and in which
cases both sides were compared.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sympy import Expr, Piecewise

from gradbook.any_size.derive import AnySizeDerivation
from gradbook.any_size.indexed import ENTRY
from gradbook.any_size.letters import C, M, a, b, i, j, n, x
from gradbook.any_size.lines import ClaimProof
from gradbook.any_size.matrices import (
    DATA,
    LABELS,
    ONE,
    OTHERS,
    SCORES,
    WEIGHTS,
    Letter,
    Matrix,
    Ones,
    scaled,
    times,
    transposed,
)
from gradbook.any_size.matrix import MatrixRoute, Pair
from gradbook.any_size.of_page import claim_proofs, prove_for_any_size
from gradbook.any_size.rules import Chain, Lemma
from gradbook.page import PageLine
from gradbook.proof import Proof
from gradbook.report.in_unicode import in_unicode
from gradbook.report.plain import WIDTH
from gradbook.report.written import (
    brackets,
    derivative,
    formula,
    indexed,
    letter,
    matrix,
    prime,
    traces,
    when,
    words,
)

_M = Letter("M", n, C)

_INDENT = 2


@dataclass(frozen=True)
class Row:
    """left = right, and the rule by which, in LaTeX; left is "" where it is that of the row above.

    cases: instead of right, where it is one formula or another: (formula, "if …").
    """

    left: str
    right: str
    rule: str = ""
    cases: tuple[tuple[str, str], ...] = ()

    @property
    def in_unicode(self) -> Row:
        cases = ((in_unicode(right), in_unicode(said)) for right, said in self.cases)
        left, right, rule = map(in_unicode, (self.left, self.right, self.rule))
        return Row(left, right, rule, tuple(cases))


@dataclass(frozen=True)
class Section:
    """A title, what is given, and a chain of equalities."""

    title: str
    given: tuple[str, ...]
    rows: tuple[Row, ...]


def show_any_size(derivation: AnySizeDerivation) -> str:
    """The derivation in 80 columns: each step on a line, its rule at the right margin or below."""
    parts = [f"{derivation.loss.name}, for any C, m and n"]
    for section in sections(derivation):
        given = [
            _indented(" " * _INDENT * (place > 0) + part)
            for line in section.given
            for place, part in enumerate(_folded(in_unicode(line), WIDTH - 2 * _INDENT))
        ]
        rows = [line for row in section.rows for line in _lines(row)]
        parts.append("\n".join([section.title, *given, *rows]))
    if derivation.matrix is None:
        parts.append(f"Not in matrices: {derivation.no_matrix}.")
    return "\n\n".join(parts)


def latex_any_size(derivation: AnySizeDerivation) -> str:
    """The same as LaTeX, for a notebook."""
    return _below_one_another(line for part in sections(derivation) for line in _latex_of(part))


def latex_section(derivation: AnySizeDerivation, title: str) -> str:
    """The section whose title begins so, such as "One example". Raises ValueError for no such."""
    parts = list(sections(derivation))
    found = next((part for part in parts if part.title.startswith(title)), None)
    if found is None:
        titles = ", ".join(part.title for part in parts)
        raise ValueError(f"title must begin one of {titles}, not {title!r}")
    _, *lines = _latex_of(found)
    return _below_one_another(lines)


def show_line_any_size(line: PageLine) -> str:
    """One line as it is read, each claim in entries with its steps and cases, what was found."""
    parts = [[f"{line.id}, for any size"], _paragraph(line.as_read)]
    shown: set[Chain] = set()
    for _, claim_proof in claim_proofs(line):
        if isinstance(claim_proof, Proof):
            continue  # it has no formula in entries: why is said below
        parts.append([*_claim_lines(claim_proof, shown)])
        shown.update(claim_proof.sides[:1])
    found = prove_for_any_size(line)
    told = [] if found is None else [str(found), *found.assumptions]
    parts.append([part for word in told for part in _paragraph(word)])
    return "\n\n".join("\n".join(part) for part in parts)


def _claim_lines(proof: ClaimProof, shown: Collection[Chain]) -> Iterator[str]:
    """left = right, if …; the steps of the left side, unless they were shown; the cases."""
    claim = proof.claim
    left, right = formula(claim.left), formula(claim.right)
    given = f"  {in_unicode(when(*claim.given))}" if claim.given else ""
    stated = in_unicode(f"{left} {claim.relation} {right}")
    yield from map(_indented, _folded(f"{stated}{given}", WIDTH - _INDENT))
    for chain in proof.sides[:1]:
        for row in _chain(chain, left) if chain not in shown else ():
            yield from _lines(row)
    if proof.status == "proved":
        cases = "; ".join(filter(None, map(str, proof.cases)))
        found = {
            "=": "both sides have one form",
            "≥": "left − right is not negative, whatever the sign of each margin",
        }[claim.relation]
        yield from _paragraph(f"{found}, where {cases}" if cases else found)


def _paragraph(text: str) -> list[str]:
    return [_indented(line) for line in textwrap.wrap(text, WIDTH - _INDENT)]


# What is shown.


def sections(derivation: AnySizeDerivation) -> Iterator[Section]:
    """The scores, one example, its rows, n examples, and the same in matrices."""
    found, cites = derivation.indexed, derivation.loss.cites
    ell, entry = letter("ℓ"), formula(ENTRY)
    of_one, of_many = (derivative(f, entry, True) for f in (ell, "L"))
    yield Section("The scores", (), tuple(_chain(found.scores, formula(found.scores.start))))
    given = f"{ell} = {formula(found.example.start.args[0])}"
    named = Row("", f"{indexed('μ', 'a')} {formula(x[b])}", words("a letter for the coefficient"))
    example = (*_chain(found.example, of_one), named)
    yield Section("One example" + _cited("loss", cites), (given,), example)
    rows = (_row(of_one, found.rows.end, ""),)
    yield Section("One example, row by row" + _cited("gradient", cites), (), rows)
    mean = (*_chain(found.mean, of_many), _as_product())
    coefficients = f"{formula(M[i, a])} = {formula(found.M)}"
    yield Section("The mean over n examples" + _cited("mean", cites), (coefficients,), mean)
    if derivation.matrix is not None:
        yield _in_matrices(derivation.matrix)


def _cited(what: str, cites: Mapping[str, str]) -> str:
    return f" ({cites[what]})" if what in cites else ""


def _chain(chain: Chain, left: str) -> Iterator[Row]:
    """The start of the chain, unless it is what stands on the left, and each of its steps."""
    first = formula(chain.start)
    if first != left:
        yield Row(left, first)
        left = ""
    for step in chain:
        yield _row(left, step.after, _rule(step.rule, step.using))
        left = ""


def _row(left: str, right: Expr, rule: str) -> Row:
    if not isinstance(right, Piecewise):
        return Row(left, formula(right), rule)
    cases = ((formula(value), when(given)) for value, given in right.args)
    return Row(left, "", rule, tuple(cases))


def _rule(rule: str, using: Sequence[Lemma]) -> str:
    """The name of the rule, and the equations it was used with; the chain rule's are slopes."""
    using = [] if any(left.has(M) for left, _ in using) else using
    lefts = [formula(left) for left, _ in using]
    if rule == "chain rule":
        lefts = list(map(prime, lefts))
    rights = (formula(right) for _, right in using)
    equations = [f"{left} = {right}" for left, right in zip(lefts, rights, strict=True)]
    return words(f"{rule}: " if equations else rule) + ", ".join(equations)


def _as_product() -> Row:
    """((1/n) Mᵀ X̃)_ab"""
    product = brackets(matrix(scaled(1 / n, times(transposed(_M), DATA))))
    return Row("", indexed(product, formula(a), formula(b)), words("the entry of a product"))


def _in_matrices(route: MatrixRoute) -> Section:
    """n dL = tr(𝟙ᵀ dv) = … = tr(Mᵀ dS), and ∇_W L = (1/n) Mᵀ X̃."""
    rows = [Row(r"n \, L", matrix(times(Ones(ONE, n), route.losses)))]
    rows += [Row(r"n \, dL", traces(step.before)) for step in route.steps[:1]]
    rows += [Row("", traces(step.after), words(step.rule)) for step in route.steps]
    if route.steps:
        named = words("a letter for the coefficient")
        rows.append(Row("", traces((Pair(_M, SCORES),)), named))
    rows.append(Row("M", matrix(route.M)))
    rows.append(Row(r"\nabla_W L", matrix(route.gradient), words("dS = X̃ dWᵀ")))
    return Section("In matrices", tuple(_given(route)), tuple(rows))


def _given(route: MatrixRoute) -> Iterator[str]:
    yield f"S = {matrix(times(DATA, transposed(WEIGHTS)))}"
    for name in (LABELS, OTHERS):
        if name in _letters(route.losses):
            yield f"{indexed(name.name, formula(i), formula(j))} = {formula(name.entry(i, j))}"
    for name in route.names:
        assert name.meaning is not None
        yield f"{name.name} = {matrix(name.meaning)}"


def _letters(A: Matrix) -> set[Matrix]:
    return {A}.union(*map(_letters, A.parts))


# As text.


#: A left side longer than this has a line of its own.
_LEFT = 30


def _lines(row: Row) -> list[str]:
    """The row; its rule at the right margin if there is room, else on a line of its own."""
    row = row.in_unicode
    above = [_indented(row.left)] if len(row.left) > _LEFT else []
    head = f"{row.left} = " if row.left and not above else "  = "
    room = WIDTH - _INDENT - len(head)
    lines = _case_lines(row, room) if row.cases else _folded(row.right, room)
    first, *others = lines
    shown = [_indented(head + first), *(_indented(" " * len(head) + line) for line in others)]
    if row.rule and len(shown[-1]) + 3 + len(row.rule) <= WIDTH:
        shown[-1] += f"{row.rule:>{WIDTH - len(shown[-1])}}"
    elif row.rule:
        shown += [f"{line:>{WIDTH}}" for line in _folded(row.rule, WIDTH - 8)]
    return above + shown


def _case_lines(row: Row, room: int) -> list[str]:
    """formula  if condition; or "if condition:" and the formula below, where that is too long."""
    widest = max(len(formula) for formula, _ in row.cases)
    beside = [f"{formula:<{widest}}  {when}" for formula, when in row.cases]
    if max(map(len, beside)) <= room:
        return beside
    return [
        line
        for formula, when in row.cases
        for line in (f"{when}:", *map(_indented, _folded(formula, room - _INDENT)))
    ]


def _folded(text: str, width: int) -> list[str]:
    """The text in lines: broken before an outer + or −, or before any, or where it must be."""
    for breaks in (_outer_signs, _signs, _gaps):
        lines = _filled(text, breaks(text), width)
        if max(map(len, lines)) <= width:
            return lines
    return textwrap.wrap(text, width)


def _depths(text: str) -> Iterator[tuple[int, str, int, int]]:
    """Each place, its character, and how many brackets, and braces, it is inside of."""
    brackets = braces = 0
    for place, character in enumerate(text):
        brackets += (character in "([{") - (character in ")]}")
        braces += (character == "{") - (character == "}")
        yield place, character, brackets, braces


def _gaps(text: str) -> list[int]:
    """Spaces, but none in an indicator."""
    return [place for place, sign, _, braces in _depths(text) if sign == " " and not braces]


def _signs(text: str) -> list[int]:
    return [place for place in _gaps(text) if text[place + 1 : place + 3] in ("+ ", "− ")]


def _outer_signs(text: str) -> list[int]:
    outside = {place for place, _, brackets, _ in _depths(text) if not brackets}
    return [place for place in _signs(text) if place in outside]


def _filled(text: str, breaks: Sequence[int], width: int) -> list[str]:
    """The text broken at some of the places, with as much on each line as it holds."""
    ends = [0, *breaks, len(text)]
    pieces = [text[start:end].strip() for start, end in pairwise(ends)]
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def _indented(line: str) -> str:
    return " " * _INDENT + line


# As LaTeX.


def _latex_of(section: Section) -> Iterator[str]:
    yield rf"\textbf{{{section.title}}}"
    yield from (rf"\displaystyle {line}" for line in section.given)
    yield _aligned(section.rows)


def _below_one_another(lines: Iterable[str]) -> str:
    body = r" \\ ".join(lines)
    return rf"$\displaystyle \begin{{array}}{{l}} {body} \end{{array}}$"


def _aligned(rows: Sequence[Row]) -> str:
    """Three columns: the left side, = and the right side, and small the rule or the condition."""
    lines = [
        rf"\displaystyle {left} & = \displaystyle {right} & {{\scriptsize {remark}}}"
        for row in rows
        for left, right, remark in _latex_lines(row)
    ]
    body = r" \\ ".join(lines)
    return rf"\begin{{array}}{{rll}} {body} \end{{array}}"


def _latex_lines(row: Row) -> Iterator[tuple[str, str, str]]:
    if not row.cases:
        yield row.left, row.right, row.rule
    for place, (value, given) in enumerate(row.cases):
        yield "" if place else row.left, value, given
