"""Every single edit that makes the page wrong is found at the line that it makes wrong.

It is refuted with a counterexample or, where a side of a claim does not exist any more, told as an
error in the line.

The edits are made to the text of derivation/multiclass_svm.py, one at a time, as a slip of the pen
would; the whole file is then proved again, at small sizes, up to the first line that fails.
"""

import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from derivation import multiclass_svm
from gradbook.derivation import Derivation, Proof
from gradbook.prove import Sizes, Unusable, prove

TEXT = Path(multiclass_svm.__file__).read_text(encoding="utf-8")
SMALL = Sizes(range(2, 4), range(2))

#: (the function edited, what it says, what it is made to say, the first line that is wrong)
EDITS = [
    ("", "hinge(s[j] - s[y] + 1, at_kink=0)", "hinge(s[j] - s[y] - 1, at_kink=0)", "N3"),
    ("", "hinge(s[j] - s[y] + 1, at_kink=0)", "hinge(s[j] + s[y] + 1, at_kink=0)", "N3"),
    ("", "hinge(s[j] - s[y] + 1, at_kink=0)", "(s[j] - s[y] + 1)", "N3"),
    ("", "at_kink=0", "at_kink=1", "N4"),
    ("", "unequal(j, y) * ", "", "N3"),
    ("", "(j, 0, C - 1)", "(j, 1, C - 1)", "N3"),
    ("", "(j, 0, C - 1)", "(j, 0, C - 2)", "N3"),
    ("example_and_weights", "case.m + 1, 1", "case.m, 1", "N1"),
    ("example_and_weights", "(case.C, case.m + 1)", "(case.m + 1, case.C)", "N1"),
    ("example_and_weights", "case.x[0], 1", "case.x[0], 0", "N1"),
    ("class_scores", "case.W * case.x", "case.x.T * case.W.T", "N2"),
    ("class_scores", "case.s[j], case.W[j, :]", "case.s[j], case.W[case.y, :]", "N2"),
    ("class_scores", "(case.C, 1)", "(1, case.C)", "N2"),
    ("margin", "+ 1\n", "- 1\n", "N3"),
    ("margin", "case.s[j] - ", "case.s[j] + ", "N3"),
    ("loss_of_one_example", "case.other_classes", "case.classes", "N3"),
    ("gradient_is_linear", "case.other_classes", "case.classes", "N4"),
    ("gradient_is_linear", "hinge(margin(case, j))", "margin(case, j)", "N4"),
    ("term", "hinge(margin(case, j))", "hinge(-margin(case, j))", "N5"),
    ("one_term", "+ 1)", "- 1)", "N5"),
    ("entries_and_shape", "range(case.m + 1)", "range(case.m)", "N6"),
    ("margin_kept", "< 0", "> 0", "N7"),
    ("margin_kept", "case.zeros(case.C, case.m + 1)", "case.zeros(case.m + 1, case.C)", "N7"),
    ("declared_at_the_kink", "zero, given", "case.ones(*zero.shape), given", "N7"),
    ("declared_at_the_kink", "(case.s_prime - case.s)", "(case.s - case.s_prime)", "N7"),
    ("declared_at_the_kink", 'relation="≥"', 'relation="="', "N7"),
    ("margin_violated", "> 0", "< 0", "N8"),
    ("margin_violated", "- (W[y, :] * x)[0] + 1", "+ (W[y, :] * x)[0] + 1", "N8"),
    ("margin_violated", "W[j, :] - W[y, :]", "W[y, :] - W[j, :]", "N8"),
    ("stack_of_rows", "for k in case.classes", "for k in reversed(case.classes)", "N9"),
    ("stack_of_rows", "for k in case.classes", "for k in case.other_classes", "N9"),
    ("row_of_violated_term", "else -case.x.T", "else case.x.T", "N10"),
    ("row_of_violated_term", "if k == case.y", "if k != case.y", "N10"),
    ("row_of_violated_term", "> 0", ">= 0", "N10"),
    ("row_of_violated_term", "case.x.T if k == j", "case.x if k == j", "N10"),
    ("matrix_of_violated_term", "case.y: -case.x.T", "case.y: case.x.T", "N11"),
    ("whole_matrix", "> 0", ">= 0", "N11"),
    ("with_indicator", "> 0", ">= 0", "N12"),
    ("with_indicator", "> 0", "> 1", "N12"),
    ("every_row", "> 0) * case", ">= 0) * case", "N14"),
    ("every_row", "> 0) for", ">= 0) for", "N14"),
    ("every_row", "0) for j in case.other_classes", "0) for j in case.classes", "N14"),
    ("every_row", "0) for j in case.other_classes", "0) for j in [case.y]", "N14"),
    ("every_row", "-violated", "violated", "N14"),
    ("every_row", "case.W[case.y, :]", "case.W[0, :]", "N14"),
    ("ones", "(1, case.m + 1)", "(case.m + 1, 1)", "N15"),
    ("M", "-total", "total", "N15"),
    ("M", "> 0", ">= 0", "N15"),
    ("M", "case.other_classes", "case.classes", "N15"),
    ("mu", "[:, 0]", "[0, :]", "N16"),
    ("product_with_example", "diag(*case.x)", "case.x", "N16"),
    ("product_with_example", "mu(case) * case.x.T", "case.x * mu(case).T", "N16"),
    ("mean_over_examples", "for example in batch) / n", "for example in batch)", "N17"),
    ("mean_over_examples", ") / n\n        stacked_M", ")\n        stacked_M", "N17"),
    ("mean_over_examples", "stacked_X / n", "stacked_X / (n + 1)", "N17"),
    ("mean_over_examples", "mu(example).T for", "-mu(example).T for", "N17"),
    ("row_of_ones", "[1] *", "[0] *", "N18"),
]  # fmt: skip


def edited(function: str, old: str, new: str) -> str:
    """The file with the first `old` after the function's docstring replaced by `new`."""
    start = TEXT.index(f"\ndef {function}(") if function else TEXT.index("svm = Loss(")
    docstring = re.compile(r'""".*?"""', re.S)
    at = TEXT.index(old, docstring.search(TEXT, start).end() if function else start)
    return TEXT[:at] + new + TEXT[at + len(old) :]


#: Those after which a side cannot be formed.
ERRORS = [
    ("one_term", "case.other_classes", "case.classes", "N5"),
    ("entries_and_shape", "case.other_classes", "case.classes", "N6"),
    ("entries_and_shape", "case.W[a, b]", "case.W[b, a]", "N6"),
    ("summed", "case.other_classes", "case.classes", "N13"),
    ("M", " * ones(case)", "", "N15"),
]


def first_failure(text: str) -> tuple[str, Proof] | None:
    module = ModuleType("edited")
    exec(compile(text, "edited.py", "exec"), vars(module))
    notes: Derivation = module.notes
    proofs = ((line.id, prove(line, SMALL)) for line in notes)
    return next(((id, proof) for id, proof in proofs if not proof.holds), None)


@cache
def unedited() -> tuple[str, Proof] | None:
    return first_failure(TEXT)


def test_the_page_as_it_is_has_no_wrong_line():
    assert unedited() is None


@pytest.mark.parametrize(("function", "old", "new", "line"), EDITS)
def test_an_edit_that_makes_a_line_wrong_is_refuted_there(function, old, new, line):
    failure = first_failure(edited(function, old, new))
    assert failure is not None
    id, proof = failure
    assert (id, proof.status) == (line, "refuted")
    assert proof.counterexample is not None


@pytest.mark.parametrize(("function", "old", "new", "line"), ERRORS)
def test_an_edit_after_which_a_side_does_not_exist_is_an_error_in_that_line(
    function, old, new, line
):
    with pytest.raises(Unusable, match=rf"^line {line} fails for C = 2, .*, edited\.py:\d+: "):
        first_failure(edited(function, old, new))


TRUE_VARIANTS = [
    ("", "unequal(j, y) * ", "(1 - equal(j, y)) * "),
    ("loss_of_one_example", "case.other_classes", "reversed(case.other_classes)"),
    ("margin", "case.s[j] - case.s[case.y] + 1", "1 - (case.s[case.y] - case.s[j])"),
    ("with_indicator", "indicator(margin(case, j) > 0)", "(1 - indicator(margin(case, j) <= 0))"),
    ("with_indicator", "indicator(margin(case, j) > 0)", "indicator(0 < margin(case, j))"),
    ("every_row", "-violated * case.x.T", "violated * -case.x.T"),
    ("M", "-total(violated.values())", "total(-v for v in violated.values())"),
    ("mean_over_examples", "stacked_M.T * stacked_X / n", "(stacked_X.T * stacked_M).T / n"),
    ("row_of_violated_term", "case.x.T if k == j", "+case.x.T if j == k"),
]


@pytest.mark.parametrize(("function", "old", "new"), TRUE_VARIANTS)
def test_another_way_to_write_a_line_is_not_refuted(function, old, new):
    text = edited(function, old, new).replace("import C, hinge", "import C, equal, hinge")
    assert first_failure(text) is None
