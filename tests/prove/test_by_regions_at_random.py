"""Claims at random: no point contradicts what is proved, a point shows what is refuted.

The numbers are small and whole, so that kinks are met often.
"""

from math import prod

from exact_values import letters_at, shows_it, value
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational

from gradbook.case import Case
from gradbook.claim import Claim, gradient
from gradbook.notation import hinge, step, total
from gradbook.prove.in_python import prove_by_regions

CASE = Case(3, 2, 1)
W, x, s = CASE.W, CASE.x, CASE.s
HALF = Rational(1, 2)
LETTERS = (*s, x[1], W[0, 1], W[1, 1])
small = st.integers(-2, 2).map(Integer)
kinks = st.sampled_from([Integer(0), Integer(1), HALF])
forms = st.tuples(small, small, small, small).map(
    lambda c: c[0] * s[0] + c[1] * s[1] + c[2] * s[2] + c[3] + s[0] * 0
)
pieces = st.builds(hinge, forms, kinks) | st.builds(step, forms, kinks)
factors = pieces | st.sampled_from(LETTERS) | small
terms = st.lists(factors, min_size=1, max_size=3).map(prod)
formulas = st.lists(terms, min_size=1, max_size=3).map(total)


def written_otherwise(formula, ways):
    """The same function: each hinge and step replaced by what equals it."""
    other = {
        hinge: (
            lambda u, c: u * step(u, c),
            lambda u, c: u + hinge(-u, c),
            lambda u, c: hinge(2 * u, c) / 2,
        ),
        step: (
            lambda u, c: 1 - step(-u, 1 - c),
            lambda u, c: step(3 * u, c),
            lambda u, c: (1 - c) * step(u, 0) + c * step(u, 1),
        ),
    }
    atoms = sorted(formula.atoms(hinge, step), key=str)
    chosen = zip(atoms, ways * len(atoms), strict=False)
    return formula.xreplace({atom: other[type(atom)][way](*atom.args) for atom, way in chosen})


ways = st.lists(st.integers(0, 2), min_size=1, max_size=4)


@settings(max_examples=20)
@given(formulas, ways)
def test_a_formula_written_otherwise_is_the_same(formula, ways):
    claim = Claim(formula, written_otherwise(formula, ways).expand())
    found = prove_by_regions(claim, CASE)
    assert found.status == "proved", str(found)


@settings(max_examples=20)
@given(formulas, ways, forms, st.sampled_from([1, 3, 10**6]), st.booleans())
def test_a_formula_changed_in_one_region_is_another(formula, ways, where, size, only_on_it):
    bump = step(where, 1) - step(where) if only_on_it else step(where)
    claim = Claim(formula, written_otherwise(formula, ways) + bump / size)
    found = prove_by_regions(claim, CASE)
    if bump == 0:
        assert found.status == "proved"
    else:
        assert found.status == "refuted"
        assert shows_it(found.counterexample, claim, CASE)


@settings(max_examples=20)
@given(
    f=formulas,
    right=formulas,
    letter=st.sampled_from((None, s[0], W[0, 0], W[1, 1], x[1])),
    condition=forms,
    relation=st.sampled_from("=≥"),
    seed=st.randoms(use_true_random=False),
)
def test_no_random_point_contradicts_what_is_proved(f, right, letter, condition, relation, seed):
    left = f if letter is None or (letter == s[0] and f.has(*W)) else gradient(f, letter)
    given = () if condition.is_number else (condition >= 0,)
    claim = Claim(left, right, given, relation)
    found = prove_by_regions(claim, CASE)
    if found.status == "refuted":
        assert shows_it(found.counterexample, claim, CASE)
        return
    if found.status == "undecided":
        assert relation == "≥"  # with weights or features in it, which only a solver could decide
        return
    for _ in range(100):
        numbers = [[seed.randint(-2, 2) for _ in range(3)] for _ in range(4)]
        values = letters_at(numbers[:3], [[1, *numbers[3][1:]]], (CASE,))
        if all(value(c.lhs - c.rhs, values, (CASE,)) >= 0 for c in claim.given):
            a, b = (value(side[0], values, (CASE,)) for side in (claim.left, claim.right))
            assert a == b if relation == "=" else a >= b
