"""Queries: what is put to the solver is what is written, in two translations that agree."""

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, Eq, Ge, Gt, Heaviside, Integer, Le, Lt, Max, Min, Ne, Rational, Symbol, exp
from sympy import false as never

from gradbook.notation import equal, hinge, step, unequal
from gradbook.prove import query as queries
from gradbook.prove.query import Answer, CannotTell, Query
from gradbook.prove.second_solver import cvc5_answer
from gradbook.prove.slopes import borders_of, degree, is_affine_in_pieces, no_kink_between
from gradbook.prove.smt import Translator, Unsupported

a, b = Symbol("a", real=True), Symbol("b", real=True)
fractions = st.fractions(min_value=-3, max_value=3, max_denominator=4).map(
    lambda value: Rational(value.numerator, value.denominator)
)


def in_pieces(inner):
    one, two = inner, st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda pair: pair[0] + pair[1]),
        two.map(lambda pair: pair[0] * pair[1]),
        one.map(hinge),
        one.map(lambda u: hinge(u, 1)),
        st.tuples(one, st.sampled_from([0, 1, Rational(1, 3), 2])).map(lambda pair: step(*pair)),
        one.map(lambda u: Heaviside(u)),
        one.map(lambda u: u**2),
        one.map(Abs),
        two.map(lambda pair: Max(*pair)),
        two.map(lambda pair: Min(pair[0], pair[1], 1)),
    )


formulas = st.recursive(
    st.one_of(st.sampled_from([a, b, a - b + 1]), fractions), in_pieces, max_leaves=6
)


def equals(formula, value):
    """The query that the formula has this value."""
    return Query("it has the value", (Eq(formula, value, evaluate=False),))


@given(formula=formulas, at_a=fractions, at_b=fractions)
def test_what_the_solver_computes_is_what_sympy_computes(formula, at_a, at_b):
    value = formula.xreplace({a: at_a, b: at_b})
    translator = Translator(z3, z3.Context())
    term = translator.real(formula)
    numbers = [
        (letter, translator.real({a: at_a, b: at_b}[symbol]))
        for symbol, letter in translator.letters.items()
    ]
    found = z3.simplify(z3.substitute(term, *numbers))
    assert found.as_fraction() == value


@given(formula=formulas, at_a=fractions, at_b=fractions)
def test_the_text_for_other_solvers_says_the_same(formula, at_a, at_b):
    given_values = (Eq(a, at_a, evaluate=False), Eq(b, at_b, evaluate=False))
    value = formula.xreplace({a: at_a, b: at_b})
    for shown, expected in ((value, z3.unsat), (value + 1, z3.sat)):
        text = Query("its value", (Eq(formula, shown, evaluate=False),), given_values).smtlib()
        solver = z3.Solver(ctx=z3.Context())
        solver.from_string(text)
        assert solver.check() == expected
        assert cvc5_answer(text) == str(expected)


@pytest.mark.parametrize("compare", [Eq, Ne, Gt, Ge, Lt, Le])
def test_every_comparison_is_understood_in_both(compare):
    one_two = Query("1 and 2", (compare(a, b, evaluate=False),), (Eq(a, 1), Eq(b, 2)))
    expected = bool(compare(Integer(1), Integer(2)))
    assert one_two.decide().holds is expected
    solver = z3.Solver(ctx=z3.Context())
    solver.from_string(one_two.smtlib())
    assert (solver.check() == z3.unsat) is expected


def test_labels_are_whole_numbers_and_not_negative():
    y = Symbol("y", integer=True, nonnegative=True)
    both = Eq(equal(y, 1) + unequal(y, 1), 1, evaluate=False)
    between = Query("no label between", (never,), (y > 0, y < 1))
    assert Query("one of the two", (both,)).decide().holds
    assert between.decide().holds
    assert Query("not negative", (Ge(y, 0, evaluate=False),)).decide().holds
    for each in (between, Query("one of the two", (both,))):
        solver = z3.Solver(ctx=z3.Context())
        solver.from_string(each.smtlib())
        assert solver.check() == z3.unsat
        assert cvc5_answer(each.smtlib()) == "unsat"


def test_an_indicator_times_a_letter_stays_linear():
    translator = Translator(z3, z3.Context())
    term = translator.real((step(a) + step(b, 1)) * (a - b) * 3)
    assert "* a" not in term.sexpr()
    assert "(* 3.0" in term.sexpr()


def test_a_query_can_be_read():
    query = Query("a hinge is no less", (hinge(a - b + 1) >= a,), (b > 0, Ne(a, 1)))
    assert str(query) == (
        "a hinge is no less: for all real a, b\n"
        "  given  b > 0\n"
        "  given  a ≠ 1\n"
        "  show   max(0, a - b + 1) ≥ a"
    )
    assert query._repr_latex_() == (
        r"$\displaystyle \begin{array}{ll} \text{given} & b > 0 \\ \text{given} & a \neq 1 \\ "
        r"\text{show} & \max(0, a - b + 1) \geq a \end{array}$"
    )


def test_a_long_query_is_broken_at_its_sign():
    total = sum((hinge(a - b + k) for k in range(1, 6)), a)
    assert r" \\  & \quad \ge " in Query("long", (total >= a,))._repr_latex_()
    assert "show   False" in str(Query("no", (never,)))


def test_the_text_for_other_solvers_names_its_functions():
    assert Query("it is positive", (hinge(a) > 0,), (step(a) > 0,)).smtlib() == (
        "; it is positive: for all real a\n"
        ";   given  1{a > 0} > 0\n"
        ";   show   max(0, a) > 0\n"
        "(set-logic ALL)\n"
        "(define-fun hinge ((u Real)) Real (ite (> u 0.0) u 0.0))\n"
        "(define-fun step ((u Real) (c Real)) Real (ite (> u 0.0) 1.0 (ite (= u 0.0) c 0.0)))\n"
        "(declare-const a Real)\n"
        "(assert (> (step a 0.0) 0.0))\n"
        "(assert (not (> (hinge a) 0.0)))\n"
        "(check-sat)\n"
    )


def test_a_query_that_is_false_comes_with_values():
    answer = Query("it is positive", (hinge(a) + b**2 > 0,), (b < 1,)).decide()
    assert answer.holds is False
    assert (hinge(a) + b**2).xreplace(dict(answer.values)) == 0


def test_a_value_that_is_no_fraction_is_left_out():
    answer = equals(a**2, 3).decide()
    assert answer.holds is False
    root = Query("no root of 2", (Ne(a**2, 2, evaluate=False),)).decide()
    assert (root.holds, dict(root.values)) == (False, {})


def test_nothing_to_show_is_true_and_conditions_can_be_empty():
    assert Query("nothing", ()).decide() == Answer(True)
    assert Query("nothing given", (a > 0,)).never_applies() is False
    assert Query("no such a", (a > 0,), (a > 1, a < 0)).never_applies()
    assert Query("some a", (a > 0,), (a > 0, a < 1)).never_applies() is False


def test_no_query_is_asked_twice(monkeypatch):
    monkeypatch.setattr(queries, "_answers", {})
    query = Query("one way to say it", (hinge(a) >= 0,))
    asked = []
    ask = Query._ask
    monkeypatch.setattr(Query, "_ask", lambda *given: asked.append(given) or ask(*given))
    assert query.decide().holds
    assert Query("another way", (hinge(a) >= 0,)).decide().holds
    assert len(asked) == 1
    monkeypatch.setattr(queries, "REMEMBERED", 0)
    assert Query("more than can be remembered", (hinge(a) >= -1,)).decide().holds
    assert len(queries._answers) == 1


def test_what_could_not_be_told_is_asked_again(monkeypatch):
    query = Query("it may be told later", (hinge(a) >= -3,))
    with monkeypatch.context() as impatient:
        impatient.setattr(Query, "_ask", lambda *_: Answer(None, reason="no time"))
        assert query.decide().reason == "no time"
    assert query.decide().holds


#: A query that takes some thousand units, and one that takes many, with products of letters.
SUMS = Query("a sum", (sum(hinge(u) for u in (a, b, a + b, a - b)) >= hinge(2 * a + b) - 1,))
PRODUCTS = Query("a product", (a**4 + b**4 + a**2 * b**2 + 1 >= a**3 * b,))


@pytest.fixture
def nothing_known(monkeypatch):
    """No query has been answered before."""
    monkeypatch.setattr(queries, "_answers", {})


@pytest.mark.usefixtures("nothing_known")
@pytest.mark.parametrize("query", [SUMS, PRODUCTS], ids=lambda query: query.says)
def test_what_a_query_takes_does_not_depend_on_what_was_asked_before(query, monkeypatch):
    first = query.decide().units
    other = SUMS if query is PRODUCTS else PRODUCTS
    other.decide()
    monkeypatch.setattr(queries, "_answers", {})
    assert query.decide().units == first > 100


@pytest.mark.usefixtures("nothing_known")
@pytest.mark.parametrize("query", [SUMS, PRODUCTS], ids=lambda query: query.says)
def test_the_budget_decides_and_neither_a_clock_nor_what_is_known(query):
    units = query.decide().units
    enough = units * (queries.OF_PRODUCTS if query is PRODUCTS else 1)
    too_few = Answer(None, reason=f"z3 gave up after {units - 1:,} resource units", exhausted=True)
    for _ in range(2):
        assert query.decide(enough).holds
        assert query.decide(enough - 1) == too_few
        queries._answers.clear()
    assert query.decide(enough // 2).holds is None


def test_what_is_not_told_within_the_budget_is_an_error_where_only_true_or_false_will_do():
    with pytest.raises(CannotTell, match="z3 gave up after 0 resource units"):
        Query("too late", (hinge(a) >= -7,), (a > 0,)).holds(0)
    with pytest.raises(CannotTell, match="z3 gave up after 0 resource units"):
        Query("too late", (hinge(a) >= -7,), (a > 0,)).never_applies(0)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (exp(a), "exp(a) is not made of sums, products, max and indicators"),
        (1 / a, "1/a is not a power with a positive whole exponent"),
        (a**b, "a**b is not a power with a positive whole exponent"),
        (hinge(a) ** Rational(1, 2), "not a power with a positive whole exponent"),
        (
            Rational(1, 3).evalf(),
            "the decimal 0.333333333333333 is not exact: write it as a Rational",
        ),
    ],
)
def test_what_has_no_exact_counterpart_is_refused_by_both(formula, reason):
    with pytest.raises(Unsupported) as refused:
        equals(formula, 1).decide()
    assert reason in str(refused.value)
    with pytest.raises(Unsupported) as refused:
        equals(formula, 1).smtlib()
    assert reason in str(refused.value)


def test_a_condition_that_is_no_comparison_is_refused_by_both():
    query = Query("either", ((a > 0) | (b > 0),))
    for translate in (query.decide, query.smtlib):
        with pytest.raises(Unsupported, match="is not a comparison"):
            translate()


def test_a_letter_that_no_solver_could_read_is_refused():
    with pytest.raises(Unsupported, match="has a sign in its name"):
        Query("a bar", (Symbol("a|b", real=True) > 0,)).smtlib()


# Degrees and borders.


def test_the_degree_of_a_piece():
    assert [degree(f) for f in (Integer(3), step(a), hinge(a) * step(b), a * hinge(b), a**3)] == [
        0,
        0,
        1,
        2,
        3,
    ]
    assert [degree(f) for f in (1 / a, exp(a), exp(a) + 1, a * exp(a), exp(a) ** 2)] == [None] * 5


def test_a_kink_inside_a_kink_is_not_affine_in_pieces():
    assert is_affine_in_pieces(2 * hinge(a - b) + step(a) - b)
    assert not is_affine_in_pieces(hinge(hinge(a) - 1))
    assert not is_affine_in_pieces(hinge(a) ** 2)


def test_borders_are_found_inside_one_another():
    assert borders_of(hinge(a + hinge(b))) == (a + hinge(b), b)
    assert set(borders_of(Max(a, b, 1))) == {1 - Max(a, b), a - b}


def test_no_kink_between_two_points_means_one_side_of_it():
    there = Symbol("a'", real=True)
    conditions = no_kink_between([a], {a: there})
    same_side = Query("one side", (Gt(a * there, 0, evaluate=False),), conditions)
    assert same_side.decide().holds
    assert Query("any side", (a > 0,), conditions).decide().holds is False
