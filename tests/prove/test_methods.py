"""Every method of proof behind the one interface: what is claimed and a case in, a proof out."""

from fractions import Fraction

import pytest
from exact_values import data
from wrong_gradients import WRONG, claim, right

from derivation.multiclass_svm import notes
from gradbook import Case, Claim
from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.page.cases import PageSizes
from gradbook.prove import prove
from gradbook.prove.in_python import prove_by_regions, prove_by_solver
from gradbook.prove.methods import METHODS, Method, method_named
from gradbook.report.terminal import COLUMNS

every_method = pytest.mark.parametrize("decide", [prove_by_regions, prove_by_solver])


def test_there_are_more_than_ten_wrong_gradients_to_refute():
    assert len(WRONG) > 10


@every_method
@pytest.mark.parametrize("name", WRONG)
def test_every_method_refutes_a_wrong_gradient_with_data_that_show_it(decide, name):
    case, wrong = Case(3, 1, 1), WRONG[name]
    assert wrong.differs(case.C, case.y)
    proof = decide(claim(case, wrong.claims(case)), case)
    assert proof.status == "refuted"
    found = proof.counterexample
    there = data(found)
    ((x,), (y,), (a, b)) = there.x, there.y, there.entry
    s = [sum((w * v for w, v in zip(row, x, strict=True)), Fraction(0)) for row in there.W]
    assert there.left == right(s, y)[a] * x[b]
    assert there.right == wrong.says(s, y)[a] * x[b]
    assert there.left != there.right


@every_method
def test_every_method_refutes_a_transposed_shape(decide):
    case = Case(3, 1, 1)
    transposed = claim(case, WRONG["the sign"].claims(case))
    proof = decide(Claim(transposed.left, transposed.right.T), case)
    assert (proof.status, proof.reason) == (
        "refuted",
        "the left side is 3 × 2, the right side 2 × 3",
    )


every_listed = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)


@every_listed
def test_every_method_proves_the_right_gradient(method):
    assert prove(notes["N14"], method.name).holds


@every_listed
def test_a_method_says_where_verify_uses_it(method):
    assert method_named(method.name) is method
    assert method.missing == ""
    assert method.sizes.few < method.thorough.few


def test_a_method_whose_package_is_not_there_says_so():
    method = Method(
        "by magic", "magic", None, "", PageSizes(), PageSizes(), needs=("no_such_module", "magic")
    )
    assert method.missing == "magic is not installed"


def test_every_method_has_a_column_in_the_report():
    assert COLUMNS.keys() == {ANY_SIZE, *(method.name for method in METHODS)}
    assert [COLUMNS[method.name] for method in METHODS] == [method.head for method in METHODS]
