"""A penalty that is right in most calls, and what is said of the others."""

import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess

LOSS, GRADIENT = "reg * np.sum(W * W)", "2 * reg * W"
START = "N, C = X.shape[0], W.shape[1]"


def sentences(*changes):
    judgement = judge(InProcess(edited(*changes)), svm)
    assert judgement.status == "wrong"
    return [one.sentence for one in judgement.findings]


def times(factor):
    return (LOSS, f"{LOSS} * ({factor})"), (GRADIENT, f"{GRADIENT} * ({factor})")


@pytest.mark.quick("changes1")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            times("margins.any()"),
            "unless no margin is active in any example; there, it is missing in the loss and",
        ),
        (times("N < 100"), "the penalty is right unless n > 99; there, it is missing in the loss"),
        (times("C > 2")[1:], "the penalty is right unless C = 2; there, it is missing in the grad"),
    ],
)
def test_where_alone_a_penalty_is_missing_is_said_and_in_what(changes, said):
    found = sentences(*changes)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.quick("np.isin")
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("np.isin(np.arange(C), y)", "without the weights of classes that do not occur"),
        ("(mask != 0).any(axis=0)", "without the rows in which the data's part is 0"),
        ("np.bincount(y, minlength=C)", "row c once for each example of class c"),
    ],
)
def test_rows_that_are_penalised_otherwise_than_the_others_are_named(rows, said):
    assert said in sentences((GRADIENT, f"{GRADIENT} * {rows}"))[0]


@pytest.mark.quick("int(reg)")
@pytest.mark.parametrize(
    ("strength", "said"),
    [
        ("reg or 1e-3", "where reg = 0, it is taken to be 0.001"),
        ("min(reg, 10)", "reg is taken to be 10 at most"),
        ("int(reg)", "reg is cut to a whole number"),
        ("reg + 1e-4", "reg + 0.0001 stands where reg belongs"),
    ],
)
def test_what_is_taken_for_reg_is_read_off_the_answers(strength, said):
    assert sentences((START, f"reg = {strength}; {START}")) == [said]


@pytest.mark.thorough
def test_a_strength_that_is_wrong_in_one_part_alone_is_said_of_that_part():
    changed = (GRADIENT, GRADIENT.replace("reg", "min(reg, 10)"))
    assert sentences(changed) == ["in the gradient, reg is taken to be 10 at most"]


@pytest.mark.thorough
def test_all_entries_of_a_product_of_W_with_itself_are_told_from_its_trace():
    said = sentences((LOSS, "reg * np.sum(W.T.dot(W))"))[0]
    assert "the penalty in the loss is reg·(the sum of all entries of WWᵀ), and not reg·ΣW²" in said
    said = sentences((LOSS, "reg * np.sum(W.dot(W.T))"))[0]
    assert "(the sum of all entries of WᵀW)" in said


@pytest.mark.thorough
def test_what_is_wrong_without_reg_alone_is_said_of_reg_0_alone():
    assert sentences(("dW = X.T.dot(mask) / N", "dW = X.T.dot(mask) / (N if reg else 1)")) == [
        "right unless reg = 0; there, the gradient is not divided by n"
    ]


@pytest.mark.thorough
def test_a_last_row_that_is_made_of_the_others_is_told_in_the_penalty():
    said = sentences(("dW = dW + 2 * reg * W", "dW += 2 * reg * W; dW[:, -1] = -dW[:, :-1].sum(1)"))
    assert "its gradient is 2·reg·(W with its last row minus the sum of the others)" in said[0]
