"""A line is proved where every claim of it is, in every case; also one that is said in Python."""

import doctest
from importlib import import_module

import pytest

from gradbook.page import read_text
from gradbook.prove import prove
from gradbook.prove.lines import prove_claim

PAGE = r"""
Let $C \ge 2$, $m \ge 1$, $j \in \{1, \dots, C\}$, $x \in \mathbb{R}^m$,
$W \in \mathbb{R}^{C \times m}$.

$$
s := W x \tag{A1}
$$
"""


def said(body: str):
    """A line that is said in Python, whose function has this body."""
    rows = "\n".join(f"    {row}" for row in body.strip().splitlines())
    code = f'def claims(case):\n    """what it says"""\n{rows}\n'
    return read_text(f"{PAGE}\n```python line=A2\n{code}```\n")["A2"]


TRUE = "yield Claim(case.s, case.W * case.x)"


def test_a_true_line_is_proved_for_all_sizes_asked_for():
    found = prove(said(TRUE))
    assert (found.status, found.method) == ("proved", "region by region")
    assert found.sizes == "C 2–4, m 0–2, all y"
    assert found.seconds > 0


def test_a_line_that_is_said_in_python_is_shown_with_its_words_and_its_code():
    line = said(TRUE)
    assert line.as_read == "what it says"
    assert TRUE in line._repr_markdown_()


def test_a_line_that_only_defines_is_a_definition():
    found = prove(read_text(PAGE)["A1"])
    assert (found.status, found.sizes) == ("definition", "any")


@pytest.mark.parametrize("method", ["region by region", "z3, all reals", "at points"])
def test_what_a_claim_says_of_a_shape_is_decided_by_reading_it(method):
    page = read_text(PAGE + "\n$$\nW x \\in \\mathbb{R}^C \\tag{A2}\n$$\n")
    assert [prove_claim(page, claim, method).status for claim in page["A2"].claims] == ["proved"]
    assert read_text(PAGE + "\n$$\nW x \\in \\mathbb{R}^m \\tag{A2}\n$$\n").errors


def test_a_line_that_fails_for_one_size_and_label_only_is_refuted_there():
    body = "yield Claim(case.s[0], case.s[0] + int((case.C, case.m, case.y) == (3, 1, 2)))"
    found = prove(said(body))
    assert (found.status, found.sizes) == ("refuted", "C = 3, m = 1, y = 2")
    assert dict(found.counterexample.numbers) == {"C": 3, "m": 1, "y": 2}


def test_the_second_claim_of_a_line_is_judged_too():
    found = prove(said(f"{TRUE}\nyield Claim(case.s[0], case.s[1])"))
    assert found.status == "refuted"


def test_a_line_that_is_not_decided_is_not_proved():
    found = prove(said("from sympy import Symbol\nyield Claim(Symbol('q'), Symbol('q'))"))
    assert not found.holds
    assert "q is not one of the letters" in found.reason


def test_the_loss_of_the_page_is_there_for_what_is_said_in_python():
    text = r"""
Let $C \ge 2$, $m \ge 1$, $j \in \{1, \dots, C\}$, $x \in \mathbb{R}^m$,
$W \in \mathbb{R}^{C \times m}$,
$y \in \{1, \dots, C\}$.

$$
s := W x, \qquad \ell := \sum_j \max(0, s_j), \qquad \nabla_W \ell = \nabla_W \ell \tag{A1}
$$

```python line=A2
def claims(case):
    '''ℓ is the sum of the positive scores'''
    yield Claim(loss.at(case.C, case.y), total(hinge(s) for s in case.s))
```
"""
    assert prove(read_text(text)["A2"]).status == "proved"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise RuntimeError('no luck')", "line A2 fails for C = 2, m = 0, y = 0, page.md:"),
        ("yield Claim(case.s, case.W * case.W * case.W)", "ShapeError"),
        ("yield case.s", "line A2 must yield Claims, not "),
        ("import sys\nsys.exit(0)\nyield", "SystemExit: 0"),
        ("return []", "no case fulfils its conditions"),
        ("yield Claim(case.s, case.s.T)", "its sides have different shapes"),
    ],
)
def test_a_line_that_cannot_be_judged_is_undecided_with_the_reason(body, why):
    found = prove(said(body))
    assert found.status == "undecided"
    assert why in found.reason


def test_the_row_of_the_page_is_named_where_its_python_fails():
    text = said(f"{TRUE}\nraise RuntimeError('no luck')").page.source.text
    row = 1 + text[: text.index("raise")].count("\n")
    found = prove(read_text(text)["A2"])
    assert f"page.md:{row}: RuntimeError: no luck" in found.reason


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def claims(case)\n    pass\n", "this is no Python: expected ':'"),
        ("x = 1\n", "A2 is a function claims(case) whose docstring says what it claims"),
        ("def claims(case):\n    yield 1\n", "A2 is a function claims(case) whose docstring"),
    ],
)
def test_a_block_that_is_no_line_is_an_error_in_its_place(code, message):
    (error,) = read_text(f"{PAGE}\n```python line=A2\n{code}```\n").errors
    assert error.message.startswith(message)


def test_other_blocks_between_fences_are_only_shown():
    page = read_text(f"{PAGE}\n```python\nprint(1)\n```\n\n```\ntext\n```\n")
    assert (page.errors, page.ids) == ((), ("A1",))


def test_an_id_is_taken_once():
    text = said(TRUE).page.source.text.replace("line=A2", "line=A1")
    (error,) = read_text(text).errors
    assert "A1 is the tag of line" in error.message


def test_the_example_in_the_documentation_runs():
    found = doctest.testmod(import_module("gradbook.prove"))
    assert (found.attempted, found.failed) == (2, 0)
