"""Every method of proof behind the one interface: a claim and a case in, a proof out."""

from fractions import Fraction

import pytest
from wrong_gradients import WRONG, claim, right

from derivation.multiclass_svm import notes
from gradbook import Case, Claim
from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.prove import Sizes, prove
from gradbook.prove.methods import METHODS, Method, method_named
from gradbook.report.terminal import COLUMNS

every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)


def test_there_are_more_than_ten_wrong_gradients_to_refute():
    assert len(WRONG) > 10


@every_method
@pytest.mark.parametrize("name", WRONG)
def test_every_method_refutes_a_wrong_gradient_with_data_that_show_it(method, name):
    case, wrong = Case(3, 1, 1), WRONG[name]
    assert wrong.differs(case.C, case.y)
    proof = method.decide(claim(case, wrong.claims(case)), case)
    assert (proof.status, proof.method) == ("refuted", method.name)
    found = proof.counterexample
    (x,), (y,), (a, b) = found.x, found.y, found.entry
    s = [sum(w * v for w, v in zip(row, x, strict=True)) for row in found.W]
    assert Fraction(found.left) == right(s, y)[a] * x[b]
    assert Fraction(found.right) == wrong.says(s, y)[a] * x[b]
    assert found.left != found.right


@every_method
def test_every_method_refutes_a_transposed_shape(method):
    case = Case(3, 1, 1)
    transposed = claim(case, WRONG["the sign"].claims(case))
    transposed = Claim(transposed.left, transposed.right.T)
    proof = method.decide(transposed, case)
    assert (proof.status, proof.reason) == (
        "refuted",
        "the left side is 3 × 2, the right side 2 × 3",
    )


@every_method
def test_every_method_proves_the_right_gradient(method):
    assert prove(notes["N14"], Sizes(range(3, 4), range(2)), method.decide).holds


@every_method
def test_a_method_says_where_verify_uses_it(method):
    assert method_named(method.name) is method
    assert method.missing == ""
    ours = {case.C for case in method.sizes.cases()}
    assert ours <= {case.C for case in method.thorough.cases()}
    assert len(list(method.sizes.cases())) < len(list(method.thorough.cases()))


def test_the_solver_is_asked_up_to_ten_classes():
    assert method_named("z3, all reals").sizes.C[-1] == 10


def test_a_method_whose_package_is_not_there_says_so():
    method = Method(
        "by magic", "magic", None, "", Sizes(), Sizes(), needs=("no_such_module", "magic")
    )
    assert method.missing == "magic is not installed"


def test_every_method_has_a_column_in_the_report():
    assert COLUMNS.keys() == {ANY_SIZE, *(method.name for method in METHODS)}
    assert [COLUMNS[method.name] for method in METHODS] == [method.head for method in METHODS]
