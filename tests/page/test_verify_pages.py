# ruff: noqa: E501 - a formula is written on one line
"""Every claim of a page is decided, and what is false comes with its place and values."""

import json
from fractions import Fraction
from importlib import import_module

import pytest
from helpers_of_pages import DECLARED, NAMES, edited, example, statuses, text_of
from rich.cells import cell_len

from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.any_size.of_page import prove_for_any_size
from gradbook.cli import main
from gradbook.page import Page, read_text
from gradbook.prove import prove
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.report.data import as_data
from gradbook.verify import Report, verify


@pytest.fixture(scope="module")
def svm() -> Report:
    """The lines of the page alone, without its kernels and its loss as a whole."""
    lines, _, _ = text_of("multiclass_svm").partition("## The loss as a whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("gradbook.verify.pages"), "kernels_for", lambda loss: ())
        return verify(read_text(lines), jobs=0)


@pytest.mark.thorough
def test_all_32_claims_of_the_svm_page_are_proved_at_small_sizes_and_for_any_size(
    svm: Report,
) -> None:
    assert svm.passed
    assert svm.claims == (32, 6)
    for line, decision in svm.lines:
        assert [proof.method for proof in decision.proofs] == [
            REGIONS,
            ANY_SIZE,
            SOLVER,
            *[INDUCTION] * (line.id == "N14"),
        ]
        assert all(proof.holds for proof in decision.proofs), line.id


@pytest.mark.thorough
def test_the_report_says_what_was_proved_for_which_sizes(svm: Report) -> None:
    text = str(svm)
    assert "18 lines hold: 32 claims proved, 6 of them by their shapes" in text
    assert "small  C 2–4, m 0–2, n 1–2, all y" in text
    assert max(map(cell_len, text.splitlines())) <= 80


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["ridge", "network"])
def test_polynomial_pages_are_proved(name: str) -> None:
    report = verify(read_text(text_of(name)), jobs=0)
    assert report.passed
    assert f"{len(report.lines)} lines hold: {report.claims[0]} claims proved" in str(report)
    assert max(map(cell_len, str(report).splitlines())) <= 80


@pytest.mark.thorough
@pytest.mark.parametrize("method", [REGIONS, SOLVER])
def test_every_line_of_softmax_is_proved_in_two_ways(method: str) -> None:
    for line in read_text(text_of("softmax")):
        found = prove(line, method)
        assert found.holds, f"{line.id}: {found}"
        assert found.where == ()


# What is false.

#: A page, an edit, the line that is false, the part of the page that is marked.
WRONG = [
    ("ridge", r"+ \lambda w \tag{R4}", r"- \lambda w \tag{R4}", "R4"),
    ("ridge", r"= \frac{1}{n} X^\top (X w - y)", r"= \frac{2}{n} X^\top (X w - y)", "R4"),
    ("ridge", r"X_{ij} r_i", r"X_{ij} y_i", "R5"),
    ("ridge", r"- X^\top y", r"+ X^\top y", "R7"),
    ("ridge", r"- 2 (X w - y)", r"- (X w - y)", "R6"),
    ("network", r"= v - t, \qquad", r"= t - v, \qquad", "T2"),
    ("network", r"\{z > 0\} \tag{T5}", r"\{z \ge 0\} \tag{T5}", "T5"),
    ("network", r"\{z > 0\} \right]", r"\{z < 0\} \right]", "T6"),
    ("softmax", r"(\mathbb{1}\{k = j\} - p_j)", r"(\mathbb{1}\{k = j\} + p_j)", "S5"),
    ("softmax", r"\log \sum_j \exp(z_j) - z_y", r"\log \sum_j \exp(z_j) + z_y", "S3"),
    ("softmax", r"p_k - \mathbb{1}\{k = y\} \tag", r"\mathbb{1}\{k = y\} - p_k \tag", "S6"),
    ("softmax", r"\exp(z_j - t)", r"\exp(z_j + t)", "S4"),
    ("softmax", r"= (q - e) x^\top", r"= (e - q) x^\top", "S8"),
    ("softmax", "- p_k p_j", "- p_k", "S9"),
    ("softmax", r"\ell}{\partial z_k} = 0", r"\ell}{\partial z_k} = 1", "S10"),
    ("softmax", r"\sum_k p_k = 1", r"\sum_k p_k = 2", "S2"),
]  # fmt: skip


def wrong_line(page: Page, id: str):
    assert page.errors == ()
    return prove(page[id])


@pytest.mark.parametrize(("name", "old", "new", "id"), WRONG)
def test_a_wrong_line_is_refuted_with_values(name: str, old: str, new: str, id: str) -> None:
    page = read_text(edited(text_of(name), (old, new)))
    proof = wrong_line(page, id)
    assert proof.status == "refuted"
    assert proof.counterexample is not None
    assert proof.counterexample.left != proof.counterexample.right
    others = {line.id for line in page if line.id != id}
    before = {line.id for line in page if line.id != id and not line.claims}
    assert before < others


def test_a_branch_of_cases_is_marked_and_the_values_are_of_the_page() -> None:
    right = r"-\tilde{x}^{(i)\top} & \text{if } k = y^{(i)}"
    page = read_text(edited(text_of("multiclass_svm"), (right, right[1:])))
    proof = wrong_line(page, "N10")
    assert page.source.at(proof.span) == page.source.at(proof.span)
    assert str(proof.counterexample) == (
        "with C = 2, m = 0, y = 1, j = 2, k = 1, W = [[0], [0]]: the left is −1, the right is 1"
    )


def test_the_values_are_confirmed_by_arithmetic_that_knows_nothing_of_pages() -> None:
    page = read_text(edited(text_of("ridge"), (r"+ \lambda w \tag{R4}", r"- \lambda w \tag{R4}")))
    witness = wrong_line(page, "R4").counterexample
    values = dict(witness.values)
    n, d = (dict(witness.numbers)[size] for size in "nd")
    X, y, w, strength = (values.get(letter) for letter in ("X", "y", "w", "λ"))
    residual = [sum(X[i][j] * w[j] for j in range(d)) - y[i] for i in range(n)]
    data = [sum(X[i][j] * residual[i] for i in range(n)) / Fraction(n) for j in range(d)]
    place = (witness.entry or (1, 1))[0] - 1
    assert Fraction(witness.left.replace("−", "-")) == data[place] + strength * w[place]
    assert Fraction(witness.right.replace("−", "-")) == data[place] - strength * w[place]


def test_the_link_of_a_chain_that_is_false_is_named() -> None:
    wrong = edited(text_of("ridge"), (r"\frac{1}{2n} r^\top r", r"\frac{1}{n} r^\top r"))
    text = str(verify(read_text(wrong), jobs=0))
    assert "page.md:16:5: R3 is false, in the first of its 2 relations" in text


def test_what_is_false_at_a_tie_alone_is_refuted() -> None:
    page = example(r"\max(0, \mathbb{1}\{v_b \ge 0\}) = \mathbb{1}\{v_b > 0\} \tag{A}")
    assert "v = [0]" in str(wrong_line(page, "A").counterexample)


def test_inequalities_are_decided_where_they_are_piecewise_affine() -> None:
    assert statuses(example(r"\max(0, v_b) \ge v_b \tag{A}")) == {"A": "proved"}
    assert statuses(example(r"v_b \ge \max(0, v_b) \tag{A}")) == {"A": "refuted"}
    assert statuses(example(r"v_b < v_b + 1 \tag{A}")) == {"A": "proved"}
    assert statuses(example(r"v_b < v_b \tag{A}")) == {"A": "refuted"}
    assert statuses(example(r"v^\top v \ge 0 \tag{A}")) == {"A": "proved"}
    assert statuses(example(r"v_b^4 - v_b^3 + 1 \ge 0 \tag{A}")) == {"A": "undecided"}


def test_a_claim_whose_conditions_no_case_fulfils_is_undecided() -> None:
    for condition in (r"\text{if } k \ne k", r"\text{if } v_b > 0, v_b < 0"):
        page = example(rf"W_k = 2 W_k \quad {condition} \tag{{A}}")
        proof = wrong_line(page, "A")
        assert proof.status == "undecided"
        assert proof.reason.startswith("no case fulfils its conditions")


def test_a_condition_that_is_seldom_fulfilled_has_a_point_in_its_region() -> None:
    page = example(r"v_b = 0 \quad \text{if } v_b \ge 100, v_b \le 100 \tag{A}")
    assert "v = [100]: the left is 100" in str(wrong_line(page, "A").counterexample)


def test_a_derivative_by_a_defined_letter_beside_all_that_it_is_made_of_is_not_decided() -> None:
    says = r"\quad L := s^\top s + v^\top v, \quad \nabla_s L = 2 s \tag{A}"
    assert statuses(example(rf"s := v + u, {says}")) == {"A": "proved"}  # as u may change
    proof = wrong_line(example(rf"s := 2 v, {says}"), "A")
    assert proof.status == "undecided"
    assert "∂/∂s_1 is not clear: v_1 stands beside s_1" in proof.reason


def test_a_derivative_by_one_of_many_numbers_takes_the_others_as_free() -> None:
    page = example(
        r"p_k := W_k v, \quad L := \sum_k p_k^2, \quad \frac{\partial L}{\partial p_j} = 2 p_j \tag{A}"
    )
    assert wrong_line(page, "A").status == "proved"


def test_values_are_named_as_the_letters_are_on_the_page() -> None:
    declared = r"Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $m \ge 1$, $w_j \in \mathbb{R}^m$."
    page = example(r"\sum_j w_j = w_k \tag{A}", declared)
    assert "k = 1, w_1 = [0], w_2 = [1]: the left is 1, the right is 0" in str(
        wrong_line(page, "A").counterexample
    )


@pytest.mark.parametrize(
    "latex",
    [r"x^{(i)} = x^{(l)}", r"x^{(i)} = x^{(1)}", r"x^{(i)} = x^{(n)}", r"W_k = W_{y^{(i)}}"],
)
def test_one_example_does_not_stand_for_two(latex: str) -> None:
    declared = DECLARED + r" Also $l \in \{1, \dots, n\}$."
    page = example(rf"{latex} \tag{{A}}", declared)
    assert page.errors == ()
    assert statuses(page) == {"A": "refuted"}


def test_positive_letters_are_positive() -> None:
    assert statuses(example(r"\max(0, \lambda) = \lambda \tag{A}")) == {"A": "proved"}
    assert statuses(example(r"\max(0, v_b) = v_b \tag{A}")) == {"A": "refuted"}


def test_small_matrices_have_inverses_traces_and_determinants() -> None:
    page = example(
        r"\operatorname{tr}(A) = \sum_b A_{bb}, \quad \nabla_A \operatorname{tr}(A) = "
        r"\operatorname{diag}((1, \dots, 1)^\top), \quad \det(A^\top) = \det A \tag{A}"
    )
    assert page.errors == ()
    assert statuses(page) == {"A": "proved"}
    wrong = example(r"\det(2 A) = 2 \det A \tag{A}")
    assert statuses(wrong) == {"A": "refuted"}


# The command.


def test_verify_prints_the_place_and_exits_with_1(tmp_path, capsys) -> None:
    path = tmp_path / "lecture.md"
    path.write_text(edited(text_of("network"), (r"= v - t, \qquad", r"= t - v, \qquad")))
    assert main(["verify", str(path), "--jobs", "1", "--json", str(tmp_path / "found.json")]) == 1
    out = capsys.readouterr().out
    assert "lecture.md:18:14: T2 is false" in out
    assert "   18 | \\nabla_v E = t - v, \\qquad" in out
    data = json.loads((tmp_path / "found.json").read_text())
    (line,) = [line for line in data["lines"] if line["status"] == "refuted"]
    assert (line["id"], line["place"]) == ("T2", "lecture.md:18:14")


@pytest.mark.thorough
def test_verify_exits_with_0_where_all_holds_and_with_2_where_something_is_open(tmp_path) -> None:
    right, open_ = tmp_path / "right.md", tmp_path / "open.md"
    right.write_text(text_of("network"))
    open_.write_text("$$\nq = 1 \\tag{A}\n$$\n")
    assert main(["verify", str(right), "--html", str(tmp_path / "found.html")]) == 0
    assert "<math" in (tmp_path / "found.html").read_text()
    assert main(["verify", str(open_)]) == 2
    assert main(["verify", str(tmp_path / "none.md")]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_data_of_a_report_is_json(name: str) -> None:
    page = read_text(text_of(name))
    report = Report(page, (), (), 0.0)
    assert json.loads(json.dumps(as_data([report])))["pages"][0]["name"] == page.title


# For any size.


def any_size(page: Page, id: str) -> str:
    found = prove_for_any_size(page[id])
    return "not asked" if found is None else found.status


@pytest.mark.quick("ridge", "network")
@pytest.mark.parametrize("name", ["ridge", "network", "softmax"])
def test_every_line_is_proved_for_any_size(name: str) -> None:
    page = read_text(text_of(name))
    found = {line.id: any_size(page, line.id) for line in page if line.claims}
    assert found == dict.fromkeys(found, "proved")


@pytest.mark.parametrize(("name", "old", "new", "id"), WRONG)
def test_what_is_wrong_is_refuted_for_any_size(name: str, old: str, new: str, id: str) -> None:
    assert any_size(read_text(edited(text_of(name), (old, new))), id) == "refuted"


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        (r"\mathbb{1}\{s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1 > 0\} \, E", r"\mathbb{1}\{s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1 \ge 0\} \, E", "N12"),
        (r"+ 1 \le 0", r"+ 1 \le 1", "N7"),
        (r"= \mu_i \tilde{x}^{(i)\top} \tag{N16}", r"= -\mu_i \tilde{x}^{(i)\top} \tag{N16}", "N16"),
        (r"\frac{1}{n} \sum_{i=1}^{n} \mu_i", r"\sum_{i=1}^{n} \mu_i", "N17"),
        (r"-\tilde{x}^{(i)\top} & \text{if } k = y", r"\tilde{x}^{(i)\top} & \text{if } k = y", "N10"),
    ],
)  # fmt: skip
def test_what_is_wrong_of_the_svm_is_refuted_for_any_size(old: str, new: str, id: str) -> None:
    page = read_text(edited(text_of("multiclass_svm"), (old, new)))
    assert page.errors == ()
    assert any_size(page, id) == "refuted"


def test_other_letters_and_another_numbering_are_the_same_for_any_size() -> None:
    renamed = edited(
        text_of("softmax"),
        *(("W", "V"), ("_j", "_r"), ("j, k, a", "r, k, a"), ("= j", "= r"), ("_{kj}", "_{kr}")),
    )
    page = read_text(renamed)
    assert page.errors == ()
    assert any_size(page, "S8") == "proved"


def test_a_sum_does_not_capture_an_index_that_is_meant_outside_of_it() -> None:
    """q_j is Σ_j′ (z_j − z_j′), and not Σ_j (z_j − z_j)."""
    extra = r"""

$$
d_k := \sum_j (z_k - z_j), \qquad d_j = 0 \tag{Q1}
$$

$$
\sum_j d_j = 0, \qquad d_j = C z_j - \sum_k z_k \tag{Q2}
$$
"""
    page = read_text(text_of("softmax") + extra)
    assert page.errors == ()
    assert any_size(page, "Q1") == prove(page["Q1"]).status == "refuted"
    assert any_size(page, "Q2") == prove(page["Q2"]).status == "proved"
