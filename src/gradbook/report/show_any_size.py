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
from gradbook.report.signs import Latex
from gradbook.report.written import Writer

_M = Letter("M", n, C)

WIDTH = 80
_INDENT = 2


@dataclass(frozen=True)
class Row:
    """left = right, and the rule by which; left is "" where it is that of the row above.

    cases: instead of right, where it is one formula or another: (formula, "if …").
    """

    left: str
    right: str
    rule: str = ""
    cases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """A title, what is given, and a chain of equalities."""

    title: str
    given: tuple[str, ...]
    rows: tuple[Row, ...]


def show_any_size(derivation: AnySizeDerivation) -> str:
    """The derivation in 80 columns: each step on a line, its rule at the right margin or below."""
    parts = [f"{derivation.loss.name}, for any C, m and n"]
    for section in sections(derivation, Writer()):
        given = [
            _indented(" " * _INDENT * (place > 0) + part)
            for line in section.given
            for place, part in enumerate(_folded(line, WIDTH - 2 * _INDENT))
        ]
        rows = [line for row in section.rows for line in _lines(row)]
        parts.append("\n".join([section.title, *given, *rows]))
    if derivation.matrix is None:
        parts.append(f"Not in matrices: {derivation.no_matrix}.")
    return "\n\n".join(parts)


def latex_any_size(derivation: AnySizeDerivation) -> str:
    """The same as LaTeX, for a notebook."""
    parts = sections(derivation, Writer(Latex()))
    return _below_one_another(line for part in parts for line in _latex_of(part))


def latex_section(derivation: AnySizeDerivation, title: str) -> str:
    """The section whose title begins so, such as "One example". Raises ValueError for no such."""
    parts = list(sections(derivation, Writer(Latex())))
    found = next((part for part in parts if part.title.startswith(title)), None)
    if found is None:
        titles = ", ".join(part.title for part in parts)
        raise ValueError(f"title must begin one of {titles}, not {title!r}")
    _, *lines = _latex_of(found)
    return _below_one_another(lines)


def show_line_any_size(line: PageLine) -> str:
    """One line as it is read, each claim in entries with its steps and cases, what was found."""
    write = Writer()
    parts = [[f"{line.id}, for any size"], _paragraph(line.as_read)]
    shown: set[Chain] = set()
    for _, claim_proof in claim_proofs(line):
        if isinstance(claim_proof, Proof):
            continue  # it has no formula in entries: why is said below
        parts.append([*_claim_lines(claim_proof, shown, write)])
        shown.update(claim_proof.sides[:1])
    found = prove_for_any_size(line)
    words = [] if found is None else [str(found), *found.assumptions]
    parts.append([part for word in words for part in _paragraph(word)])
    return "\n\n".join("\n".join(part) for part in parts)


def _claim_lines(proof: ClaimProof, shown: Collection[Chain], write: Writer) -> Iterator[str]:
    """left = right, if …; the steps of the left side, unless they were shown; the cases."""
    claim = proof.claim
    left, right = write.formula(claim.left), write.formula(claim.right)
    given = f"  {write.when(*claim.given)}" if claim.given else ""
    yield from map(_indented, _folded(f"{left} {claim.relation} {right}{given}", WIDTH - _INDENT))
    for chain in proof.sides[:1]:
        for row in _chain(chain, left, write) if chain not in shown else ():
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


def sections(derivation: AnySizeDerivation, write: Writer) -> Iterator[Section]:
    """The scores, one example, its rows, n examples, and the same in matrices."""
    indexed, cites = derivation.indexed, derivation.loss.cites
    entry = write.formula(ENTRY)
    ell = write.signs.letter("ℓ")
    of_one, of_many = (write.signs.derivative(f, entry, True) for f in (ell, "L"))
    scores = write.formula(indexed.scores.start)
    yield Section("The scores", (), tuple(_chain(indexed.scores, scores, write)))
    given = f"{ell} = {write.formula(indexed.example.start.args[0])}"
    coefficient = f"{write.signs.indexed('μ', ['a'])} {write.formula(x[b])}"
    named = Row("", coefficient, write.signs.words("a letter for the coefficient"))
    yield Section(
        "One example" + _cited("loss", cites),
        (given,),
        (*_chain(indexed.example, of_one, write), named),
    )
    yield Section(
        "One example, row by row" + _cited("gradient", cites),
        (),
        (_row(of_one, indexed.rows.end, "", write),),
    )
    mean = (*_chain(indexed.mean, of_many, write), _as_product(write))
    coefficients = f"{write.formula(M[i, a])} = {write.formula(indexed.M)}"
    yield Section("The mean over n examples" + _cited("mean", cites), (coefficients,), mean)
    if derivation.matrix is not None:
        yield _in_matrices(derivation.matrix, write)


def _cited(what: str, cites: Mapping[str, str]) -> str:
    return f" ({cites[what]})" if what in cites else ""


def _chain(chain: Chain, left: str, write: Writer) -> Iterator[Row]:
    """The start of the chain, unless it is what stands on the left, and each of its steps."""
    first = write.formula(chain.start)
    if first != left:
        yield Row(left, first)
        left = ""
    for step in chain:
        yield _row(left, step.after, _rule(step.rule, step.using, write), write)
        left = ""


def _row(left: str, right: Expr, rule: str, write: Writer) -> Row:
    if not isinstance(right, Piecewise):
        return Row(left, write.formula(right), rule)
    cases = ((write.formula(value), write.when(given)) for value, given in right.args)
    return Row(left, "", rule, tuple(cases))


def _rule(rule: str, using: Sequence[Lemma], write: Writer) -> str:
    """The name of the rule, and the equations it was used with; the chain rule's are slopes."""
    using = [] if any(left.has(M) for left, _ in using) else using
    lefts = [write.formula(left) for left, _ in using]
    if rule == "chain rule":
        lefts = [write.signs.prime(left) for left in lefts]
    equations = [
        f"{left} = {write.formula(right)}" for left, (_, right) in zip(lefts, using, strict=True)
    ]
    return write.signs.words(f"{rule}: " if equations else rule) + ", ".join(equations)


def _as_product(write: Writer) -> Row:
    """((1/n) Mᵀ X̃)_ab"""
    product = write.matrix(scaled(1 / n, times(transposed(_M), DATA)))
    entry = write.signs.indexed(write.signs.brackets(product), [write.formula(a), write.formula(b)])
    return Row("", entry, write.signs.words("the entry of a product"))


def _in_matrices(route: MatrixRoute, write: Writer) -> Section:
    """n dL = tr(𝟙ᵀ dv) = … = tr(Mᵀ dS), and ∇_W L = (1/n) Mᵀ X̃."""
    rows = [Row("n L", write.matrix(times(Ones(ONE, n), route.losses)))]
    start = [Row("n dL", write.traces(step.before)) for step in route.steps[:1]]
    rows += start
    rows += [
        Row("", write.traces(step.after), write.signs.words(step.rule)) for step in route.steps
    ]
    if route.steps:
        rows.append(
            Row(
                "",
                write.traces((Pair(_M, SCORES),)),
                write.signs.words("a letter for the coefficient"),
            )
        )
    rows.append(Row("M", write.matrix(route.M)))
    rows.append(
        Row(
            f"{write.signs.nabla}_W L",
            write.matrix(route.gradient),
            write.signs.words("dS = X̃ dWᵀ"),
        )
    )
    return Section("In matrices", tuple(_given(route, write)), tuple(rows))


def _given(route: MatrixRoute, write: Writer) -> Iterator[str]:
    yield f"S = {write.matrix(times(DATA, transposed(WEIGHTS)))}"
    for letter in (LABELS, OTHERS):
        if letter in _letters(route.losses):
            left = write.signs.indexed(letter.name, [write.formula(i), write.formula(j)])
            yield f"{left} = {write.formula(letter.entry(i, j))}"
    for letter in route.names:
        assert letter.meaning is not None
        yield f"{letter.name} = {write.matrix(letter.meaning)}"


def _letters(matrix: Matrix) -> set[Matrix]:
    return {matrix}.union(*map(_letters, matrix.parts))


# As text.


#: A left side longer than this has a line of its own.
_LEFT = 30


def _lines(row: Row) -> list[str]:
    """The row; its rule at the right margin if there is room, else on a line of its own."""
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
    for place, (formula, when) in enumerate(row.cases):
        yield "" if place else row.left, formula, when
