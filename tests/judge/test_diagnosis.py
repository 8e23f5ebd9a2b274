"""What is said of a wrong function: the cause where one predicts everything, else the facts."""

import numpy as np
import pytest
from edited import LOOPS, VECTORIZED, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.penalties.forms import Form
from gradbook.subjects import InProcess


def judged(*changes, of=LOOPS):
    return judge(InProcess(edited(*changes, of=of)), svm)


def first(*changes, of=LOOPS):
    found = judged(*changes, of=of)
    assert found.status == "wrong"
    return found.findings[0]


ROW_Y = "dW[:, y[i]] -= X[i]"

#: A change of the loops, what the first finding says, and the line that it breaks.
CAUSES = [
    (("dW[:, j] += X[i]", "dW[:, j] += margin * X[i]"), "the rows j ≠ y are the margin", "N14"),
    ((ROW_Y, "pass"), "row y stays 0", "N14"),
    ((ROW_Y, "dW[:, y[i]] += X[i]"), "row y has the wrong sign", "N14"),
    ((ROW_Y, "dW[:, y[i]] -= X[0]"), "row y is built of another example: of the first", "N17"),
    (("dW / N", "dW"), "the gradient is not divided by n", "N17"),
    (("dW / N", "dW / C"), "the gradient is divided by C, not by n", "N17"),
    (("loss / N", "loss / N / C"), "the loss is divided by C as well as by n", "N17"),
    (("loss / N", "2 * loss / N"), "the loss is twice the right one", "N3"),
    (("dW / N", "2 * dW / N"), "the gradient is twice the right one", "N14"),
    (("return loss, dW", "return loss, 1.000001 * dW"), "is 1.000001 times the right one", "N14"),
    (("range(N)", "range(N - 1)"), "the loss and the gradient, the last example does not", "N17"),
    (("range(C)", "range(C - 1)"), "the last class is left out of the sum over j", "N3"),
    (("scores[y[i]] + 1", "scores[y[i]] + 2"), "the margin is s_j − s_y + 2, not", "N3"),
    (("dW[:, j] += X[i]", "dW[:, j] = X[i]"), "assigned, = in place of +=", "N17"),
    (("X[i].dot(W)", "-X[i].dot(W)"), "the scores have the wrong sign", "N3"),
    (("return loss, dW", "return loss + 0.25, dW"), "the loss is too large by 0.25", "N3"),
    (("return loss, dW", "return loss, np.clip(dW, -3, 3)"), "are clipped to ±3", "N17"),
    (("return loss, dW", "return loss, 1.01 * dW"), "is 1.01 times the right one", "N14"),
    (("margin > 0", "margin > 1e-5"), "and the gradient, a margin counts only from a", "N3"),
]


@pytest.mark.quick("change1-")
@pytest.mark.parametrize(("change", "words", "line"), CAUSES)
def test_the_fault_is_named_with_its_line(change, words, line):
    found = first(change)
    assert words in found.sentence
    assert found.line == line
    assert found.explained


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("mask", "words"),
    [
        ("margins > 0", "is stored in a Boolean array, as True"),
        ("(margins > 0).astype(np.uint8)", "row y is (256 − k) x̃ᵀ where k > 0"),
    ],
)
def test_a_type_that_holds_no_negative_number_is_told_by_what_it_makes_of_row_y(mask, words):
    usual = '(margins > 0).astype(X.dtype if X.dtype.kind == "f" else float)'
    store = ("-mask.sum(axis=1)", "(-mask.sum(axis=1)).astype(mask.dtype)")
    found = first((usual, mask), store, of=VECTORIZED)
    assert words in found.sentence
    assert found.line == "N14"


@pytest.mark.thorough
def test_a_fault_of_both_is_one_fault():
    found = judged(("scores[y[i]] + 1", "scores[y[i]]"))
    assert len(found.findings) == 1
    assert found.findings[0].sentence.startswith("in the loss and the gradient, the margin's 1")


@pytest.mark.thorough
def test_a_factor_of_everything_is_not_a_fault_of_the_penalty_too():
    found = judged(("return loss, dW", "return loss, -dW"))
    assert [one.sentence for one in found.findings] == [
        "in the gradient, everything has the wrong sign"
    ]


@pytest.mark.thorough
def test_two_faults_are_two_findings():
    found = judged(("dW / N", "dW / C"), ("loss / N", "loss"))
    assert [one.sentence for one in found.findings] == [
        "the gradient is divided by C, not by n",
        "the loss is not divided by n",
    ]


@pytest.mark.thorough
def test_a_cause_may_have_two_parts():
    found = first((ROW_Y, "dW[:, y[i]] += X[i]"), ("dW / N", "dW"))
    said = "the gradient is not divided by n; and in the gradient, row y has the wrong sign"
    assert found.sentence == said


@pytest.mark.thorough
def test_a_fault_may_be_confined():
    found = first(("return loss, dW", "return (loss, dW) if W.any() else (0.0, 0 * dW)"))
    assert found.sentence == "right unless W = 0; there, the loss and the gradient are 0 everywhere"


@pytest.mark.thorough
def test_a_tie_with_the_correct_class_is_told_from_a_kink():
    found = first(("j != y[i]", "scores[j] != scores[y[i]]"))
    assert "every class whose score equals s_y is left out" in found.sentence


@pytest.mark.thorough
def test_only_one_side_counting_the_kink_is_wrong_and_both_are_a_convention():
    assert first((f"{ROW_Y}", ""), ("margin > 0:", "margin > 0:\n                pass\n"
        "            if j != y[i] and margin >= 0:\n                dW[:, y[i]] -= X[i]\n"
        "            if j != y[i] and margin > 0:")).line == "N7"  # fmt: skip
    both = judged(("margin > 0", "margin >= 0"))
    assert both.passed
    assert both.convention.at_kink == 1


@pytest.mark.thorough
def test_what_no_edit_predicts_is_stated_as_a_fact():
    found = first(
        ("return loss, dW", "return loss, dW * (1 + (N == C) * np.sin(np.arange(len(W)))[:, None])")
    )
    assert not found.explained
    said = "the gradient is wrong, and only where n = C"
    assert found.sentence == said


@pytest.mark.thorough
def test_lost_digits_are_called_so():
    found = first(
        ("X[i].dot(W)", "X[i].astype(np.float32).dot(W.astype(np.float32)).astype(float)")
    )
    assert "is right to about 7 digits only, as in single precision" in found.sentence


@pytest.mark.thorough
def test_what_is_raised_at_some_sizes_is_said_with_these_sizes():
    found = first(
        ("    for i in range(N)", "    if C > 12: raise IndexError(C)\n    for i in range(N)")
    )
    assert found.sentence == "it raises IndexError: 13 where C > 12"


@pytest.mark.quick("transpose")
@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("dW.T", "the gradient is returned as its transpose"),
        ("dW.ravel()", "the gradient is flattened"),
        ("np.zeros((3, 7))", "the gradient has the shape (3, 7), whatever the shape of W"),
    ],
)
def test_a_gradient_of_another_shape_is_described(returned, words):
    found = judged(("return loss, dW", f"return loss, {returned}"))
    assert any(words in one.sentence for one in found.findings)


@pytest.mark.quick("np.abs")
@pytest.mark.parametrize(
    ("loss", "gradient", "words"),
    [
        ("reg * np.sum(W * W)", "reg * W", "its gradient is reg·W, not 2·reg·W: the factor 2 is"),
        ("0.5 * reg * np.sum(W * W)", "2 * reg * W", "½·reg·ΣW², but its gradient is 2·reg·W"),
        ("reg * np.sum(W * W)", "0", "its term is missing in the gradient"),
        ("0", "2 * reg * W", "the penalty is missing in the loss"),
        ("0", "0", "reg is ignored"),
        ("reg * np.abs(W).sum()", "2 * reg * W", "the penalty in the loss is reg·Σ|W|"),
        ("reg * np.sum(W * W)", "2 * reg * W / N", "it is divided by n with the data's part"),
        ("reg * np.sum(W * W) / N", "2 * reg * W", "the penalty in the loss is reg·ΣW² / n, and"),
        ("reg * np.sum(W * W)", "2 * reg**2 * W", "its gradient is 2·reg²·W"),
        ("reg * np.sum(W * W)", "3 * reg * W", "its gradient is 3·reg·W"),
        ("reg * np.sum(W * W)", "2 * reg * np.sin(W)", "is not its gradient"),
    ],
)
def test_the_penalty_is_measured(loss, gradient, words):
    found = first(("reg * np.sum(W * W)", loss), ("2 * reg * W", gradient))
    assert words in found.sentence


@pytest.mark.quick("W[:-1]")
@pytest.mark.parametrize(
    ("loss", "gradient", "penalty"),
    [
        ("reg * np.sum(W * W)", "2 * reg * W", Form(1.0)),
        ("reg * np.sum(W * W) / N", "2 * reg * W / N", Form(1.0, divisor=" / n")),
        ("reg / 2 * np.linalg.norm(W) ** 2", "reg * W", Form(0.5)),
        (
            "reg * np.sum(W[:-1] ** 2)",
            "2 * reg * np.vstack([W[:-1], 0 * W[:1]])",
            Form(1.0, left_out=" without the last feature's weights"),
        ),
    ],
)
def test_a_penalty_that_agrees_with_its_gradient_is_a_convention(loss, gradient, penalty):
    found = judged(("reg * np.sum(W * W)", loss), ("2 * reg * W", gradient))
    assert found.passed
    assert found.convention.penalty == penalty


@pytest.mark.thorough
def test_the_measured_table_shows_where_it_departs_from_the_page():
    found = judged((ROW_Y, "dW[:, y[i]] = -X[i]"))
    rows = {row.where: row for row in found.table}
    assert rows["row j ≠ y, s_j − s_y + 1 > 0"].agrees
    assert (rows["row y, 2 active"].expected, rows["row y, 2 active"].measured) == ("−2", "−1")
    assert all(row.agrees for row in judged().table)


def test_the_example_can_be_pasted_and_shows_the_difference():
    function = edited(("dW / N", "dW"), of=LOOPS)
    found = judge(InProcess(function), svm)
    names = {"svm_loss": function, "print": lambda *_: None}
    exec(found.example, names)
    W, X, y = (names[name] for name in ("W", "X", "y"))
    right = edited(of=LOOPS)(W, X, y, names["reg"])[1]
    assert not np.allclose(names["gradient"], right)
    assert "# right: [[" in found.example


@pytest.mark.thorough
def test_of_a_gradient_that_nobody_reads_the_example_shows_the_worst_entry():
    function = edited(("/ N\n    dW = dW", "/ N\n    dW[0, 1] += min(dW.shape) > 4\n    dW = dW"))
    found = judge(InProcess(function), svm)
    *_, last = found.example.splitlines()
    shown, right = last.removeprefix("print(").split(")  # right: ")
    names = {"svm_loss": function, "print": lambda *_: None}
    exec(found.example, names)
    assert shown == "gradient[0, 1]"
    assert names["gradient"][0, 1] - 1 == float(right)
