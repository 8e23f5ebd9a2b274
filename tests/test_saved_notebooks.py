"""What is said of a notebook as it was saved: a notebook for each check that can fail."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pictures_of_notebooks import BLACK, GREY, NEARLY_BLACK, WIDER

from gradbook.pytest_plugin.pictures import compare
from gradbook.pytest_plugin.saved import WIDGET, WIDGETS_STATE, Settings, troubles, was_never_run

SETTINGS = Settings(kernels=frozenset({"python3"}), max_output=1.0)


def code(source="1", count=1, *data):
    outputs = [new_output("display_data", each) for each in data]
    return new_code_cell(source, execution_count=count, outputs=outputs)


def said_of(tmp_path, *cells, **metadata):
    notebook = new_notebook(cells=list(cells), metadata=metadata)
    return troubles(notebook, tmp_path / "mine.ipynb", SETTINGS)


def test_a_notebook_that_was_never_run_is_told_in_one_sentence(tmp_path):
    cells = [code("x = 1", None), code("y = 1", None), new_markdown_cell("$\\frac{a$")]
    (sentence,) = said_of(tmp_path, *cells)
    assert "it was never run, or its outputs were taken out" in sentence
    assert "jupyter execute --inplace mine.ipynb" in sentence
    assert not was_never_run(new_notebook(cells=[code(), code("", None)]))


def test_what_helps_can_be_pasted_whatever_the_name_of_the_notebook(tmp_path):
    notebook = new_notebook(cells=[code("x = 1", None)])
    (sentence,) = troubles(notebook, tmp_path / "Week 1 (draft).ipynb", SETTINGS)
    assert "--inplace 'Week 1 (draft).ipynb'" in sentence


def test_a_kernel_that_is_not_installed_is_named(tmp_path):
    (sentence,) = said_of(tmp_path, code(), kernelspec={"name": "julia-9", "display_name": "Julia"})
    assert sentence.startswith("its kernel julia-9 is not installed (there is: python3)")


def test_cells_that_were_run_in_another_order_are_named(tmp_path):
    (sentence,) = said_of(tmp_path, code(count=1), code(count=5), code(count=3), code(count=2))
    assert sentence.startswith("cell 2 was run as [3], and cell 1 above it as [5]: restart")


def test_much_output_is_named_with_its_size(tmp_path):
    (sentence,) = said_of(tmp_path, code("1", 1, {"text/plain": "x" * 2000}))
    assert sentence.startswith("cell 0 has 2 kB of output, more than 1")


def test_a_widget_needs_its_state(tmp_path):
    cell = code("w", 1, {WIDGET: {"model_id": "a1"}})
    (sentence,) = said_of(tmp_path, cell)
    assert "cell 0 shows a widget whose state is not saved" in sentence
    saved = {WIDGETS_STATE: {"state": {"a1": {}}}}
    assert said_of(tmp_path, cell, widgets=saved) == []


BROKEN = {
    r"\frac{a}{b": "2 braces are opened and 1 are closed",
    r"\left( a": r"\left stands there 1 times and \right 0 times",
    r"\begin{matrix} a \end{pmatrix}": "another environment is ended than matrix",
    r"\begin{cases} a": r"\begin stands there 1 times and \end 0 times",
    r"\fracc{a}{b}": r"\fracc is unknown, did you mean \frac?",
    r"\alhpa + 1": r"\alhpa is unknown, did you mean \alpha?",
    "x_1_2": "two subscripts follow each other",
    "a^": "a ^ or _ has nothing behind it",
}


@pytest.mark.parametrize("formula", BROKEN)
def test_a_formula_that_cannot_be_set_is_told_with_its_cell(tmp_path, formula):
    (sentence,) = said_of(tmp_path, code(), new_markdown_cell(f"# The loss\n\nIt is ${formula}$."))
    assert sentence.startswith(f"Markdown cell “The loss”: {BROKEN[formula]}")
    (sentence,) = said_of(tmp_path, code("1", 1, {"text/latex": f"$${formula}$$"}))
    assert sentence.startswith(f"the output of cell 0: {BROKEN[formula]}")


@pytest.mark.parametrize(
    "formula",
    [
        r"\tilde{x}^{(i)\top} \mathbb{1}\{s_j > 0\}",
        r"\begin{aligned} a &= b \\ c &= \tfrac{1}{2} d \end{aligned}",
        r"\left\{ a \;\middle|\; b \right\}",
        r"\begin{cases} a & \text{if } b \\ c & \text{else} \end{cases} \tag{N1}",
        r"\lVert x \rVert_2 \lvert y \rvert \dotsc",
        r"\newcommand{\fracc}{1} \fracc",
        r"\mathrm{d}x \operatorname*{arg\,max}_x \boldsymbol{\theta}",
        r"a \{ b",
    ],
)
def test_a_formula_that_can_be_set_is_not_accused(tmp_path, formula):
    assert said_of(tmp_path, code(), new_markdown_cell(f"$$\n{formula}\n$$")) == []


def test_dollars_in_code_are_no_formulas(tmp_path):
    cell = new_markdown_cell("It costs 5$ and `$\\frac{a$`.\n\n```\n$\\frac{$\n```")
    assert said_of(tmp_path, code(), cell) == []


def test_a_link_that_leads_nowhere_is_told_and_others_are_not(tmp_path):
    (tmp_path / "there it is.md").touch()
    good = new_markdown_cell(
        "## Über Kinks\n[a](there%20it%20is.md) [b](https://example.org/x) [c](#Über-Kinks) "
        '[d](mailto:a@b.c) [e](/root) <a id="here"></a> [f](#here) ![g](attachment:p.png)'
    )
    good["attachments"] = {"p.png": {"image/png": ""}}
    assert said_of(tmp_path, code(), good) == []
    bad = "[a](gone.md) [b](#Nowhere) ![c](attachment:q.png) <img src='lost.png'>"
    said = said_of(tmp_path, code(), new_markdown_cell(bad))
    leads = ["gone.md", "#Nowhere", "attachment:q.png", "lost.png"]
    assert [one.partition("link to ")[2] for one in said] == [f"{to} leads nowhere" for to in leads]


@pytest.mark.parametrize(
    "link",
    [
        "#The-loss",
        "#the-loss",
        "#*args-and-**kwargs:-both",
        "#part-1-why",
        "#Part-1:-why?",
        "#below",
        "pages/there.md?raw=true",
        "pages/there.html#a-part",
    ],
)
def test_a_link_that_leads_somewhere_in_jupyterlab_on_github_or_on_a_site_is_not_accused(
    tmp_path, link
):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "there.md").touch()
    there = "## The loss\n\n### ``*args`` and ``**kwargs``: both\n\nPart 1: why?\n---\n"
    cells = [new_markdown_cell(f"[it]({link})"), new_markdown_cell(there), code()]
    assert said_of(tmp_path, *cells, new_markdown_cell("<a name='below'></a>")) == []


def test_latex_that_nobody_sees_because_html_stands_beside_it_is_not_accused(tmp_path):
    listed = r"\begin{enumerate*} \item 1 \end{enumerate*}"
    assert said_of(tmp_path, code("x", 1, {"text/latex": listed, "text/html": "<ol></ol>"})) == []
    assert len(said_of(tmp_path, code("x", 1, {"text/latex": r"\frac{a"}))) == 1


def test_a_picture_may_differ_a_little_and_is_shown_beside_the_saved_one_where_it_differs_more(
    tmp_path,
):
    beside = tmp_path / "both.png"
    assert list(compare(BLACK, BLACK, 0.0, beside)) == []
    assert list(compare(BLACK, NEARLY_BLACK, 0.01, beside)) == []
    (sentence,) = compare(BLACK, GREY, 0.01, beside)
    assert sentence.startswith("the picture differs by 0.502")
    assert beside.exists()
    (sentence,) = compare(BLACK, WIDER, 1.0, beside)
    assert sentence.startswith("the picture was 20 × 10 and is 21 × 10")
    (sentence,) = compare("nothing", BLACK, 1.0, beside)
    assert sentence.startswith("the picture cannot be read")
