# ruff: noqa: E501 - a formula is written on one line
"""What is read of a page: its letters, its lines, its claims."""

import json

import pytest
from helpers_of_pages import NAMES, as_read, example, statuses, text_of

import gradbook
from gradbook.page import NoPage, read, read_text

#: Displays, claims, and claims about a shape alone.
COUNTS = {
    "multiclass_svm": (15, 32, 6),
    "softmax": (11, 16, 0),
    "ridge": (7, 6, 0),
    "network": (7, 7, 0),
}


@pytest.mark.parametrize("name", NAMES)
def test_every_display_of_the_pages_is_read(name: str) -> None:
    page = read_text(text_of(name))
    claims = [claim for line in page for claim in line.claims]
    assert page.errors == ()
    assert (page.displays, len(claims), sum(claim.shape for claim in claims)) == COUNTS[name]


def test_a_line_is_shown_as_it_was_read() -> None:
    page = read_text(text_of("multiclass_svm"))
    (said,) = [s for s in as_read(page) if s.startswith("L_i :=")]
    assert said == (
        "L_i := Σ_{j = 1 … C, j ≠ y^(i)} [max(0, s_j^(i) − s_{y^(i)}^(i) + 1)], "
        "for each i ∈ {1 … n}; "
        "L_i = Σ_{j = 1 … C} [max(0, s_j^(i) − s_{y^(i)}^(i) + 1)] − 1, for every i ∈ {1 … n}"
    )


#: What is made of R5 and R7 so that they claim less, and what shows it.
GUTTED = [
    (r"\frac{1}{n} \sum_i X_{ij} r_i + \lambda w_j", r"\frac{\partial J}{\partial w_j}", "∂[J]/∂w_j = ∂[J]/∂w_j"),
    (r"J}{\partial w_j} =", r"J}{\partial w_j} \ge", "∂[J]/∂w_j ≥"),
    (r"\lambda w_j", r"\lambda w_j \quad \text{if } \lambda > 0", "with λ > 0"),
    (r"\lambda w_j", r"\lambda w_j \quad \text{for } j = 1, \dots, 1", "with j ≤ 1"),
    (r"\lambda w_j", r"\lambda w_j \quad \text{if } j = 1", "with j = 1"),
    (r"w_j} =", r"w_1} =", "∂[J]/∂w_1"),
    (r"= \frac{1}{n} \sum_i X_{ij} r_i + \lambda w_j", r"\in \mathbb{R}", "∂[J]/∂w_j ∈ ℝ"),
    (r"r_i +", r"0 r_i +", "0·r_i"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "shown"), GUTTED)
def test_a_line_that_claims_less_is_shown_to_claim_less(old: str, new: str, shown: str) -> None:
    head, tag, behind = text_of("ridge").partition(r" \tag{R5}")
    before, place, row = head.rpartition("$$\n")
    assert old in row
    page = read_text(before + place + row.replace(old, new) + tag + behind)
    assert page.errors == ()
    assert shown in page["R5"].as_read


def test_the_domain_of_a_definition_goes_with_every_use() -> None:
    page = read_text(text_of("multiclass_svm"))
    (said,) = [s for s in as_read(page) if s.startswith("∇_W [L_i^(j)] = 1{")]
    assert said.endswith("with j ≠ y^(i)")


def test_a_row_without_a_tag_belongs_to_the_next_that_has_one() -> None:
    page = read_text(text_of("multiclass_svm"))
    assert len(page["N14"].claims) == 2
    assert [letter.head for letter in page["N5"].definitions] == ["L"]


def test_a_row_that_begins_with_a_relation_goes_on() -> None:
    page = example(r"\begin{align} u^\top v &= v^\top u \\ &= \sum_b u_b v_b \tag{A} \end{align}")
    assert [claim.link for claim in page["A"].claims] == [(1, 2), (2, 2)]


def test_a_row_with_a_tag_that_goes_on_begins_where_the_one_before_ends() -> None:
    page = example(
        r"\begin{align} u^\top v &= v^\top u, \tag{A} \\ &= \sum_b u_b v_b \tag{B} \end{align}"
    )
    assert page.errors == ()
    assert as_read(page) == ["uᵀ·v = vᵀ·u", "vᵀ·u = Σ_{b = 1 … m} [u_b·v_b]"]
    (error,) = example(
        r"\begin{align} u &= v \quad \text{if } \lambda > 1 \tag{A} \\ &= 0 \tag{B} \end{align}"
    ).errors
    assert "goes on from the row before" in error.message


def test_conditions_behind_a_chain_govern_all_of_it() -> None:
    page = example(r"v_b = u_b = 0 \quad \text{if } \lambda > 1, \lambda < 2 \tag{A}")
    assert [len(claim.given) for claim in page["A"].claims] == [2, 2]


def test_a_condition_may_stand_in_front() -> None:
    before = example(r"\text{if } j \ne k: \quad W_j = W_k \tag{A}")
    behind = example(r"W_j = W_k \quad \text{for } j \ne k \tag{A}")
    assert as_read(before) == as_read(behind)


def test_a_definition_that_is_promised_a_shape_must_have_it() -> None:
    promised = r"Let $m \ge 1$, $u \in \mathbb{R}^m$ and $z \in \mathbb{R}^m$."
    assert example(r"z := 2 u \tag{A}", promised).errors == ()
    (error,) = example(r"z := u^\top u \tag{A}", promised).errors
    assert error.message == "z is a number here, and m × 1 in the text"


def test_formulas_in_quotations_lists_and_fences_are_found() -> None:
    page = read_text(
        "> Let $m \\ge 1$, $u \\in\n> \\mathbb{R}^m$.\n>\n> $$\n> u = u \\tag{A}\n> $$\n\n"
        "- so\n  $$ u = 2 u - u $$ (B)\n\n```math\nu^\\top u = \\|u\\|^2 \\tag{C}\n```\n\n"
        "\\begin{align}\nu &= u \\tag{D}\n\\end{align}\n"
    )
    assert page.errors == ()
    assert [line.id for line in page] == ["A", "B", "C", "D"]


def test_the_cells_of_a_notebook_are_a_page(tmp_path) -> None:
    cells = [
        {
            "cell_type": "markdown",
            "source": ["# Title\n", "Let $m \\ge 1$, $u \\in \\mathbb{R}^m$."],
        },
        {"cell_type": "code", "source": ["$$ not \\read $$"]},
        {"cell_type": "markdown", "source": "Now\n\n$$\nu = q\n$$"},
    ]
    path = tmp_path / "lecture.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    page = read(path)
    assert page.title == "Title"
    (error,) = page.errors
    assert page.source.at(error.span) == "lecture.ipynb, cell 3:4:5"


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"cells": 3}', b"\xff\xfe"])
def test_what_is_no_notebook_is_one_clear_sentence(tmp_path, content: bytes) -> None:
    path = tmp_path / "lecture.ipynb"
    path.write_bytes(content)
    with pytest.raises(NoPage, match=r"lecture\.ipynb (is no notebook|cannot be read)"):
        read(path)


def test_a_page_that_is_not_there_is_one_clear_sentence(tmp_path) -> None:
    with pytest.raises(NoPage, match="there is no page"):
        read(tmp_path / "none.md")


def test_a_page_in_python_is_shown_proved_and_gives_its_loss(tmp_path) -> None:
    path = tmp_path / "svm.md"
    path.write_text(text_of("multiclass_svm"))
    page = gradbook.read(path)
    assert page["N16"].decision is None
    assert page["N16"]._repr_markdown_().startswith("**N16** · `.prove()` decides it\n\n$$")
    assert page["N16"].prove().status == "proved"
    assert page["N16"]._repr_markdown_().startswith("**N16** · proved\n\n$$")
    assert "region by region: proved · C 2–4, m 0–2" in page["N16"]._repr_markdown_()
    assert str(page["N3"]).startswith("N3  L_i := Σ_{j = 1 … C, j ≠ y^(i)} [max(0, ")
    shown = page["N3"]._repr_markdown_()
    assert shown.startswith("**N3** · `.prove()` decides it\n\n$$\nL_i := \\sum_{j \\ne y^{(i)}}")
    assert "read as: `L_i := Σ" in shown
    assert "N18" in str(page)
    assert page._repr_markdown_().count("$$") == 2 * len(page)
    assert page.loss.key == "svm"


def test_an_unknown_line_names_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"no line Z in Ridge regression: it has R1, R2, R3"):
        read_text(text_of("ridge"))["Z"]


def test_a_condition_on_a_size_says_which_entries_there_are() -> None:
    declared = r"Let $C \ge 2$, $s \in \mathbb{R}^C$, $J := \sum_{j=1}^C s_j^2$."
    only = r"\text{if } C = 3"
    three = rf"J = s_1^2 + s_2^2 + s_3^2 {only}, \quad s = (s_1, s_2, s_3)^\top {only} \tag{{A}}"
    assert statuses(example(three, declared)) == {"A": "proved"}
    assert statuses(example(three.replace("+ s_3^2", ""), declared)) == {"A": "refuted"}
    assert statuses(
        example(r"s_7 + s_6 = s_6 + s_7 \quad \text{if } C \ge 7 \tag{A}", declared)
    ) == {"A": "proved"}
    (error,) = example(r"s_3 = 0 \quad \text{if } C = 2", declared).errors
    assert error.message == "3 is not always one of 1 … C"


def test_an_index_is_not_taken_for_one_where_it_may_be_too_large() -> None:
    (error,) = example("s_m = 0", r"Let $C \ge 2$, $m \ge 1$, $s \in \mathbb{R}^C$.").errors
    assert error.message == "m is not always one of 1 … C"


def test_a_sum_may_run_over_what_is_violated() -> None:
    declared = r"""Let $C \ge 2$, $j \in [C]$, $s \in \mathbb{R}^C$, $y \in [C]$,
    $L := \sum_{j \ne y} \max(0, s_j - s_y + 1)$."""
    margin = "s_j - s_y + 1"
    page = example(
        rf"L = \sum_{{j \ne y \,:\, {margin} > 0}} ({margin}), \quad "
        rf"\frac{{\partial L}}{{\partial s_y}} = - \sum_{{j \ne y, {margin} > 0}} 1 \tag{{A}}",
        declared,
    )
    assert statuses(page) == {"A": "proved"}
    (error,) = example(rf"L = \sum_{{j : {margin} = 0}} s_j", declared).errors
    assert "compares with <, >, ≤ or ≥" in error.message


def test_the_domain_of_a_definition_goes_into_a_sum_also_where_it_is_of_numbers() -> None:
    declared = (
        r"Let $C \ge 2$, $j \in [C]$, $s \in \mathbb{R}^C$, $z_j := \log s_j \text{ if } s_j > 0$."
    )
    (error,) = example(r"\sum_j z_j = 0", declared).errors
    assert "where z_i is not defined: it is defined only where s_j > 0" in error.message
    assert example(r"\sum_{j : s_j > 0} z_j = 0", declared).errors == ()


def test_a_sum_up_to_an_index_that_is_there_is_for_this_one() -> None:
    page = example(
        r"W_{jb} + \sum_{k < j} W_{kb} = \sum_{k \le j} W_{kb}, \quad "
        r"\sum_j \sum_{k < j} W_{kb} = \sum_k \sum_{j > k} W_{kb} \tag{A}"
    )
    assert statuses(page) == {"A": "proved"}


def test_a_sum_may_leave_out_the_first_and_the_last() -> None:
    page = example(
        r"\sum_{i=2}^n x^{(i)} = \sum_i x^{(i)} - x^{(1)}, \quad "
        r"\sum_{i=1}^{n-1} x^{(i)} = \sum_i x^{(i)} - x^{(n)} \tag{A}"
    )
    assert statuses(page) == {"A": "proved"}
    assert "Σ_{i = 1 … n, i ≤ n − 1} [x^(i)]" in page["A"].as_read
