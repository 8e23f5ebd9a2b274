"""Reports that everybody can read: every table says what it shows, every picture has words."""

import re

import pytest
from accessible import lacking

from gradbook import verify
from gradbook.page import read_text
from gradbook.report.html import as_page, mathml
from gradbook.report.plots import as_svg, figure

PAGE = "Let $a, b \\in \\mathbb{R}$.\n\n$$\na + b = b + a \\tag{A}\n$$\n\n$$\na = b \\tag{B}\n$$\n"


@pytest.fixture(scope="module")
def report():
    return as_page([verify(read_text(PAGE))])


def test_a_report_lacks_nothing_for_who_does_not_see_it(report):
    assert lacking(report) == []


def test_what_lacks_is_noticed():
    page = '<main><title><h1><html lang="en">'
    page += '<table><tr><th>x</th></tr></table><svg fill="x"><pre>y</pre>'
    assert len(lacking(page)) == 4
    assert lacking("") == ["<main>", "<title>", "<h1>", 'lang="en"']


def test_the_status_of_a_line_stands_beside_its_id(report):
    heads = re.findall(r'<th scope="row">(\w)<div class="(\w+)">', report)
    assert heads == [("A", "proved"), ("B", "refuted")]


def test_a_picture_has_the_words_that_it_is_given():
    assert 'role="img" aria-label="a &lt; b"' in as_svg(figure()[0], "a < b")


def test_rows_are_aligned_and_no_sign_of_latex_is_left():
    shown = mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}")
    assert shown.count("<mtr>") == 2
    assert "&<" not in shown
