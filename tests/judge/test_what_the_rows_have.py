"""What a slip inside the loops is called: of the coefficients, the vectors, the margins."""

import pytest
from edited import LOOPS, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess

#: The loop with a count, which row y is given at its end.
COUNTED = LOOPS.replace("dW[:, y[i]] -= X[i]", "k += 1").replace(
    "    loss = loss / N", "        dW[:, y[i]] -= k * X[i]\n    loss = loss / N"
)
COUNTED = COUNTED.replace("scores = X[i].dot(W)", "scores, k = X[i].dot(W), 0")
ROW_J, ROW_Y = "dW[:, j] += X[i]", "dW[:, y[i]] -= X[i]"
COUNT, ACTIVE, ADDED = "k * X[i]", "j != y[i] and margin > 0:", "loss += margin"


def first(*changes, of=LOOPS):
    found = judge(InProcess(edited(*changes, of=of)), svm)
    assert found.status == "wrong"
    return found.findings[0]


SAID = [
    (COUNTED, COUNT, "(k + 1) * X[i]", "GB304", "row y counts the correct class itself"),
    (COUNTED, COUNT, "k ** 0.5 * X[i]", "GB316", "the square root of the number of active classes"),
    (COUNTED, COUNT, "(k * C) * X[i]", "GB310", "row y is C times too large"),
    (COUNTED, COUNT, "((k + 128) % 256 - 128) * X[i]", "GB316", "int8(k)"),
    (
        COUNTED,
        COUNT,
        "(k + (C > 5)) * X[i]",
        "GB304",
        "right unless C > 5; there, in the gradient, row y counts the correct class itself",
    ),
    (LOOPS, ROW_J, f"if y[i] > 0: {ROW_J}", "GB312", "right but for the examples where y = 0"),
    (LOOPS, ROW_J, "dW[:, j] += (j + 1) * X[i]", "GB312", "the rows j ≠ y have the weight j + 1"),
    (LOOPS, ADDED, "loss += margin**1.5", "GB208", "max(0, u)^1.5 stands where max(0, u) belongs"),
    (LOOPS, ADDED, "loss += min(margin, 3)", "GB209", "max(0, u) is cut at 3"),
    (LOOPS, ACTIVE, f"scores[j] > 0 and {ACTIVE}", "GB244", "counts only where s_j > 0"),
    (LOOPS, ACTIVE, f"j % 2 and {ACTIVE}", "GB244", "counts only where j is odd"),
    (LOOPS, ROW_Y, "dW[:, y[i]] -= np.sign(X[i])", "GB315", "in row y alone, sign(x̃) stands"),
    (LOOPS, ROW_Y, "dW[:, y[i]] -= np.roll(X[i], 1)", "GB315", "feature d stands in column d + 1"),
    (LOOPS, ROW_J, "dW[:, j] += W[:, j]", "GB315", "in the rows j ≠ y alone, W_j"),
    (
        LOOPS,
        ROW_Y,
        "dW[:, y[i]] -= X[i] - X.mean(axis=0)",
        "GB408",
        "in row y alone, x̃ less the mean of the examples stands where x̃ belongs",
    ),
    (LOOPS, "X[i].dot(W)", "np.clip(X[i].dot(W), -5, 5)", "GB104", "the scores are clipped to ±5"),
]


@pytest.mark.quick("square root")
@pytest.mark.parametrize(("program", "old", "new", "code", "words"), SAID)
def test_a_slip_is_named_with_its_code(program, old, new, code, words):
    found = first((old, new), of=program)
    assert found.explained
    assert words in found.sentence
    assert code in found.code


@pytest.mark.thorough
def test_a_slip_that_nobody_knows_is_located_and_not_named():
    table = "[0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, *range(13, 300)][k]"
    found = first((COUNT, f"{table} * X[i]"), of=COUNTED)
    assert not found.explained
    assert found.sentence.startswith("row y of the gradient is wrong")
