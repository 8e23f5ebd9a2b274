"""Two readings of every page agree: that which is proved, and one with numbers alone.

They agree on formulas at random as well, which are made as trees, written with the brackets that a
person would write, and read again.
"""

import re
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from dots_filled import NotRead, without_places
from helpers_of_pages import DERIVATION, PAGES, example
from hypothesis import assume, given, settings
from random_formulas import HERE, latex, numbers
from second_reading import SecondReading
from sympy import diff

from gradbook.notation import partial
from gradbook.page import read, read_statements, read_text, reading
from gradbook.page import tree as t
from gradbook.page.at_sizes import AtSizes
from gradbook.page.cases import cases_at, example_sizes
from gradbook.page.declare import Declarations
from gradbook.page.elaborate import Elaboration
from gradbook.page.entries import matrix
from gradbook.page.letters import Letters

FILES = [*sorted(DERIVATION.glob("*.md")), PAGES / "network.md"]


def stem(path):
    return path.stem


def first_reading(page, claim, case, second):
    """The two sides as the provers get them, at the numbers of the second reading."""
    at = AtSizes(case.at.sizes, case.at.labels, case.at.kept, page.letters.numbering)
    sides = [matrix(at.value(side, case.free)) for side in (claim.left, claim.right)]
    return [in_numbers(side, at, second) for side in sides]


def in_numbers(side, at, second):
    """A matrix of formulas, at the numbers of the second reading."""

    def unfolded(f, until=None):
        family = {symbol for symbol, place in at.meant.family.items() if place == until}
        while known := (f.free_symbols & at.meant.of.keys()) - family:
            f = f.xreplace({symbol: at.meant.of[symbol] for symbol in known})
        return f

    def worked_out(f, v):
        return diff(unfolded(f, at.meant.family.get(v)), v)

    side = unfolded(side.replace(partial, worked_out))
    values = {}
    for (key, own), (letter, symbols) in at.given.items():
        drawn = np.asarray(second.given(letter, (key, own))).ravel()
        values |= dict(zip(symbols, map(float, drawn), strict=True))
    return np.array(side.xreplace(values).evalf(15).tolist(), dtype=complex)


def compared(page, claim, statement, most=2):
    """Whether the two readings of a claim agree, in its last cases; None where one says nothing."""
    sides = statement.chain.sides[claim.link[0] - 1 : claim.link[0] + 1]
    agree = None
    for case in list(cases_at(page, claim, example_sizes(page)))[-most:]:
        second = SecondReading(page, case.at.sizes, case.at.labels, dict(case.free))
        try:
            with np.errstate(invalid="ignore"):
                mine = [second.of(side) for side in sides]
        except NotRead:
            continue
        first = first_reading(page, claim, case, second)
        if not all(np.isfinite(side).all() for side in mine):
            continue  # the log of a number below 0
        agree = agree is not False and all(map(same, mine, first))
    return agree


def same(one, other):
    """0 stands for a matrix of zeros too."""
    if one.size != other.size:
        return one.size == 1 and not one.any() and not other.any()
    return np.allclose(one.ravel(), other.ravel(), rtol=1e-5, atol=1e-5)


def readings(page):
    """(line, whether the two agree) for each claim of a page."""
    for line in page:
        for found in line.statements:
            for claim in found.claims:
                if not claim.shape:
                    yield line.id, compared(page, claim, found.statement)


def conditions_agree(page, claim, statement):
    """Whether both readings say of the same cases, at numbers, that the claim is about them: as far
    as the statement says it, and not a definition that it uses.
    """
    own = [each for each in claim.given if is_in(each.span, statement.span)]
    for case in cases_at(page, claim, example_sizes(page)):
        second = SecondReading(page, case.at.sizes, case.at.labels, dict(case.free))
        try:
            mine = all(map(second.says, statement.conditions))
        except NotRead:
            continue
        at = AtSizes(case.at.sizes, case.at.labels, case.at.kept, page.letters.numbering)
        said = [each for given in own for each in at.each_condition(given, case.free)]
        theirs = False not in said and all(
            HOLDS[each.rel_op](in_numbers(matrix(each.lhs - each.rhs), at, second).real.item())
            for each in said
            if each is not True
        )
        if mine != theirs:
            return False
    return True


def is_in(span, other):
    return other.start <= span.start < span.end <= other.end


#: What is said of a difference, and the relations of a claim as LaTeX has them.
HOLDS = {
    "==": lambda u: u == 0,
    "!=": lambda u: u != 0,
    ">": lambda u: u > 0,
    ">=": lambda u: u >= 0,
    "<": lambda u: u < 0,
    "<=": lambda u: u <= 0,
}
RELATIONS = {"=": "=", r"\le": "≤", r"\ge": "≥", "<": "<", ">": ">", r"\in": "∈"}
#: What stands between statements, and around them.
BETWEEN = r"\\(tag|begin|end|text)\{[^}]*\}|\\\\|\\q?quad|\\ |[&,;.\s]"


def unread(page):
    """What is left of the displays of a page without the statements that were read."""
    left = list(page.source.text)
    for line in page:
        for found in line.statements:
            span = found.statement.span
            left[span.start : span.end] = " " * (span.end - span.start)
    displays = re.findall(r"\$\$(.*?)\$\$", "".join(left), re.DOTALL)
    return [rest for each in displays if (rest := re.sub(BETWEEN, "", each))]


#: n ≥ 1 and a, b > 0 of an inline formula: the letters, the relation, the number.
BOUNDED = re.compile(r"((?:\\?[A-Za-z]+, *)*\\?[A-Za-z]+) *(\\ge|>) *(\d+)$")


def bounded_otherwise(page):
    """The letters that are not bounded as the prose says, read without the reader."""
    prose = re.sub(r"\$\$.*?\$\$", "", page.source.text, flags=re.DOTALL)
    for said in filter(None, map(BOUNDED.fullmatch, re.findall(r"\$([^$]+)\$", prose))):
        heads, sign, number = said.groups()
        for head in heads.replace("\\", "").replace(" ", "").split(","):
            letter = page.letters.known[head, 0, 0]
            bound = letter.least if letter.kind == "size" else letter.sign
            meant = {r"\ge": ">=", ">": ">"}[sign]
            if bound != (int(number) + (sign == ">") if letter.kind == "size" else meant):
                yield head


@pytest.mark.parametrize("path", FILES, ids=stem)
def test_letters_are_bounded_as_the_prose_says(path):
    assert list(bounded_otherwise(read(path))) == []


def one_more(self, name, least, right=Declarations._size):
    return right(self, name, least + 1)


def not_0(self, letter, right=Letters.add):
    return right(self, replace(letter, sign=letter.sign.rstrip("=")))


@pytest.mark.parametrize(
    ("where", "name", "wrong", "told"),
    [(Declarations, "_size", one_more, ["n", "m"]), (Letters, "add", not_0, ["lambda"])],
)
def test_a_fault_of_declarations_is_noticed(where, name, wrong, told, monkeypatch):
    text = r"Let $n, m > 1$, $\lambda \ge 0$, $\mu > 0$, $x \in \mathbb{R}^{n \times m}$."
    assert list(bounded_otherwise(read_text(text))) == []
    monkeypatch.setattr(where, name, wrong)
    assert list(bounded_otherwise(read_text(text))) == told


def left_out(page):
    """The lines of which a relation, or a condition, is not read as it stands; text of no line."""
    yield from unread(page)
    for line in page:
        for found in line.statements:
            chain = found.statement.chain
            signs = [RELATIONS[each.sign] for each in chain.relations if each.sign != ":="]
            if isinstance(chain.sides[1], t.Numbered):  # y ∈ {1, …, C} declares
                signs = []
            agree = (conditions_agree(page, each, found.statement) for each in found.claims)
            if [each.sign for each in found.claims] != signs or not all(agree):
                yield line.id


@pytest.mark.parametrize("path", [path for path in FILES if path.stem != "scan"], ids=stem)
def test_nothing_of_a_page_is_left_out(path):
    assert list(left_out(read(path))) == []


def the_last_link(patch, right=read_statements._claims):
    patch.setattr(read_statements, "_claims", lambda *asked, **how: right(*asked, **how)[:-1])


def the_second_statement(patch, right=reading.statements):
    patch.setattr(reading, "statements", lambda *asked: islice(right(*asked), 1))


def the_last_condition(patch, right=Elaboration.conditions):
    patch.setattr(Elaboration, "conditions", lambda self, found: right(self, found)[:-1])


def that_less_is_not_equal(patch):
    patch.setitem(read_statements._SIGNS, "<", "≤")


@pytest.mark.parametrize(
    "lost", [the_last_link, the_second_statement, the_last_condition, that_less_is_not_equal]
)
def test_what_is_lost_in_reading_is_noticed(lost, monkeypatch):
    text = r"u_b = u_b = u_b \quad \text{for } b \ne 1, \qquad u_b - 1 < u_b \tag{R1}"
    assert list(left_out(example(text))) == []
    lost(monkeypatch)
    assert list(left_out(example(text))) != []


#: Lines of which some claim is for one reading only: matrices whose height only the first knows,
#: and what has no real value at the numbers that are drawn.
NOT_READ_TWICE = {"N9", "N15", "N16", "N17", "M11", "M12"}


@pytest.mark.quick("ridge", "squared_hinge", "weston")
@pytest.mark.parametrize("path", FILES, ids=stem)
def test_two_readings_of_a_page_agree(path):
    found = list(readings(read(path)))
    assert [id for id, agree in found if agree is False] == []
    assert {id for id, agree in found if agree is None} <= NOT_READ_TWICE
    assert len(found) > 5


def nested(node):
    """Whether one Σ over k stands in another."""
    totals = [each for each in t.parts_of(node) if isinstance(each, t.Total)]
    return any(isinstance(each, t.Total) for one in totals for each in t.parts_of(one.of))


FORMULAS = numbers({"C": ["j"], "m": ["b"]})


def read_again(formula):
    page = example(f"{latex(formula)} = 0 \\tag{{R1}}")
    assert page.errors == (), page.errors
    (found,) = page["R1"].statements
    return page, found


@settings(max_examples=10, deadline=None)
@given(formula=FORMULAS)
def test_a_formula_at_random_is_read_as_it_was_meant(formula):
    reads_as_meant(formula)


@pytest.mark.thorough
@settings(max_examples=400, deadline=None)
@given(formula=FORMULAS)
def test_many_formulas_at_random_are_read_as_they_were_meant(formula):
    reads_as_meant(formula)


def reads_as_meant(formula):
    assume(not nested(formula))
    page, found = read_again(formula)
    assert without_places(found.statement.chain.sides[0]) == without_places(formula)
    meant = t.Statement(HERE, t.Chain(HERE, (formula, ZERO), (t.Relation(HERE, "="),)))
    (claim,) = found.claims
    assert compared(page, claim, meant) is True


ZERO = t.Number(HERE, "0")
FORMULA = r"\sum_{k \ne j} W_{k b} (u_b - (v_b - W_{j b})) - u^\top A v = 0 \tag{R1}"


def everywhere(self, part, at):
    """Σ without the conditions under it."""
    return sum(self.value(part.of, {**at, part.index: k}) for k in self.range(part.range))


def all_added(self, part, at):
    """Every term with a +."""
    return sum(self.value(term, at) for _, term in part.terms)


def turned(self, part, at):
    """A square matrix by its columns."""
    left, right = matrix(self.value(part.left, at)), matrix(self.value(part.right, at))
    product = (left.T if left.is_square else left) * (right.T if right.is_square else right)
    return product[0] if part.shape.is_number else product


@pytest.mark.parametrize(
    ("kind", "wrong"), [("SumOver", everywhere), ("Plus", all_added), ("MatMul", turned)]
)
def test_a_fault_of_the_first_reading_is_noticed(kind, wrong, monkeypatch):
    page = example(FORMULA)
    assert [agree for _, agree in readings(page)] == [True]
    value = AtSizes.value

    def faulty(self, part, at):
        return (wrong if type(part).__name__ == kind else value)(self, part, at)

    monkeypatch.setattr(AtSizes, "value", faulty)
    assert [agree for _, agree in readings(page)] == [False]


def test_a_bracket_that_is_read_over_is_noticed():
    page = example(FORMULA)
    (found,) = page["R1"].statements
    text = FORMULA.replace("(u_b - (v_b - W_{j b}))", "(u_b - v_b - W_{j b})")
    (other,) = example(text)["R1"].statements
    assert compared(page, found.claims[0], other.statement) is False
