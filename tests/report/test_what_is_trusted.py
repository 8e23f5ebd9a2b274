"""What each kind of claim rests on: the page says what the library does."""

import re
import sys

import pytest
from pages_to_verify import DECLARED
from test_imports import KNOWN, graph, imports

from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.page import read_text
from gradbook.prove.methods import METHODS
from gradbook.report.html import as_page
from gradbook.report.terminal import CHECKS, COLUMNS, HEADS, OF_LOSS
from gradbook.report.trust import GROUNDS, linked, trust_page, trust_section
from gradbook.verify import verify_page
from gradbook.verify.tasks import proved
from tools import write_trust

PAGE = (
    DECLARED
    + r"""
$$
\max(0, s_j^{(i)}) \ge s_j^{(i)} \tag{N2}
$$
"""
)
#: The modules that establish each kind of claim.
ESTABLISHED = {
    "small": ("gradbook.page.reading", "gradbook.prove.by_regions"),
    "any": ("gradbook.any_size.of_page",),
    "z3": ("gradbook.page.reading", "gradbook.prove.by_solver"),
    "second": ("gradbook.prove.second_solver",),
    "properties": ("gradbook.prove.properties",),
    "certificate": ("gradbook.certify",),
    "source": ("gradbook.emit",),
    "proved-text": ("gradbook.check.source",),
    "rounding": ("gradbook.check.rounding",),
    "machine": ("gradbook.check.judge",),
    "remembered": ("gradbook.verify",),
    "verdict": ("gradbook.submissions",),
}
#: Under which name a package is imported, where that is another.
IMPORTED = {"z3-solver": "z3", "markdown-it-py": "markdown_it", "scikit-learn": "sklearn"}


def reached(modules):
    """Every module that these import, and every package, at once or later."""
    found, new = set(), set(modules)
    while new:
        found |= new
        new = {name for module in new for name in graph()[module]} - found
    later = re.compile(r'import_module\("(\w+)"\)')
    packages = {root for name in found for root in imports()[name].roots}
    return found, packages.union(*(later.findall(KNOWN[name].read_text("utf-8")) for name in found))


def test_the_page_is_fresh():
    assert write_trust.PAGE.read_text("utf-8") == trust_page()


def test_every_head_of_a_report_has_one_row_that_says_what_it_rests_on():
    heads = {*COLUMNS.values(), *OF_LOSS.values(), *(HEADS.get(name, name) for name in CHECKS)}
    stated = [head for ground in GROUNDS for head in ground.columns]
    assert heads <= set(stated)
    assert len(stated) == len(set(stated))
    assert linked("z3") == '<a href="#trust-z3">z3</a>'
    assert linked("no head") == "no head"


@pytest.mark.parametrize("ground", GROUNDS, ids=lambda ground: ground.key)
def test_what_is_said_to_be_trusted_is_used(ground):
    if ground.key not in ESTABLISHED:
        assert not ground.modules
        return
    modules, packages = reached(ESTABLISHED[ground.key])
    for stated in ground.modules:
        assert any(name == stated or name.startswith(f"{stated}.") for name in modules), stated
    names = {IMPORTED.get(name, name.replace("-", "_")) for name in ground.packages}
    assert names - packages == set()


@pytest.fixture(scope="module")
def line():
    return read_text(PAGE)["N2"]


@pytest.mark.parametrize("method", [METHODS[0].name, ANY_SIZE, METHODS[1].name])
def test_a_solver_is_trusted_by_those_alone_who_say_so(line, method, monkeypatch):
    for name in ("z3", "cvc5"):
        monkeypatch.setitem(sys.modules, name, None)
    head = COLUMNS[method]
    trusts = next(ground.packages for ground in GROUNDS if head in ground.columns)
    assert (proved(line, method).status == "proved") is ("z3-solver" not in trusts)


def test_the_sizes_are_those_that_a_proof_has(line):
    said = {ground.key: ground.by for ground in GROUNDS}
    for method, key in zip(METHODS, ("small", "z3"), strict=True):
        assert f"the {method.sizes.few} smallest values of each size" in said[key]
        first, last = re.search(r"C (\d)–(\d)", proved(line, method.name).sizes).groups()
        assert int(last) - int(first) + 1 in (method.sizes.few, method.sizes.many)


def test_the_links_of_a_report_lead_to_its_foot():
    page = as_page([verify_page(read_text(PAGE), jobs=0)])
    assert page.count(trust_section()) == 1
    links = set(re.findall(r'href="#([^"]*)"', page))
    assert {"trust-small", "trust-any", "trust-z3"} <= links
    assert links <= set(re.findall(r'id="([^"]*)"', page))
