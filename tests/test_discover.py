"""Derivations are found, and compared with the page they come from."""

from pathlib import Path

import pytest

from gradbook.discover import NotFound, differences_from_page, find, read, statements

PAGE = """\
# A page

| id | statement | kind |
|---|---|---|
| A1 | a = a | definition |
| A2 | a + a = 2a | claim |
"""

SOURCE = '''\
from gradbook import Claim, Derivation, Loss
from gradbook.notation import s, y

loss = Loss("a loss", s[0] - s[y], "a_loss")
notes = Derivation("a page", loss)
again = notes


@notes.line("A1", "one", kind="definition")
def one(case):
    """a = a"""
    yield Claim(1, 1)


@notes.line("A2", "two")
def two(case):
    """a + a = 2a"""
    yield Claim(2, 2)
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a folder derivation/ and a page in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "derivation").mkdir()
    (tmp_path / "derivation" / "some.py").write_text(SOURCE, "utf-8")
    (tmp_path / "derivation" / "notes.md").write_text(PAGE, "utf-8")
    return tmp_path / "derivation"


def edited(folder, old, new, name="some.py"):
    file = folder / name
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    return find()[0]


# Where derivations are.


@pytest.mark.parametrize(
    "targets",
    [(), ("derivation",), ("some",), ("derivation/some.py",), (Path("derivation/some.py"),)],
    ids=str,
)
def test_a_derivation_is_found_by_folder_file_and_name(folder, targets):
    (found,) = find(targets)
    assert found.path == folder / "some.py"
    assert found.derivation.ids == ("A1", "A2")
    assert found.key == "a_loss"


def test_without_a_folder_here_the_installed_ones_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "multiclass_svm" in {found.key for found in find()}


def test_files_are_found_in_the_order_of_their_names_and_private_ones_are_not(folder):
    (folder / "another.py").write_text(SOURCE, "utf-8")
    (folder / "_private.py").write_text(SOURCE, "utf-8")
    assert [found.path.name for found in find()] == ["another.py", "some.py"]


def test_a_derivation_with_two_names_is_found_once(folder):
    assert len(find()) == 1


def test_a_file_is_read_anew_after_an_edit(folder):
    assert find()[0].derivation.ids == ("A1", "A2")
    assert edited(folder, '"A2"', '"A3"').derivation.ids == ("A1", "A3")


def test_a_file_that_did_not_change_is_read_once(folder):
    assert find()[0].derivation is find()[0].derivation


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 +", "wrong.py does not run: SyntaxError"),
        ("1 / 0", "wrong.py does not run: ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "wrong.py does not run: SystemExit: 3"),
        ("import nothing_of_that_name", "wrong.py does not run: ModuleNotFoundError"),
    ],
    ids=["syntax", "error", "exit", "import"],
)
def test_a_file_that_does_not_run_is_named_with_the_reason(folder, source, message):
    (folder / "wrong.py").write_text(source, "utf-8")
    with pytest.raises(NotFound, match=message):
        read(folder / "wrong.py")


def test_a_file_that_is_not_text_is_named(folder):
    (folder / "wrong.py").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotFound, match=r"wrong\.py cannot be read"):
        read(folder / "wrong.py")


@pytest.mark.parametrize("target", ["nothing", "derivation/nothing.py"])
def test_what_is_not_there_is_named(folder, target):
    with pytest.raises(NotFound, match=f"there is no file, folder or derivation named {target}"):
        find([target])


def test_a_folder_without_a_derivation_is_named(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="no derivation in empty"):
        find(["empty"])


# The lines for any size.

ANY_SIZE = """\
from .some import loss
from gradbook.any_size import AnySizePage

page = AnySizePage(loss)
"""


def test_the_page_for_any_size_lies_beside_the_derivation(folder):
    assert find()[0].any_size is None
    (folder / "some_any_size.py").write_text(ANY_SIZE, "utf-8")
    (found,) = find()
    assert found.any_size.loss == found.derivation.loss


def test_the_page_for_any_size_is_about_the_file_beside_it_after_an_edit_too(folder):
    (folder / "some_any_size.py").write_text(ANY_SIZE, "utf-8")
    before = find()[0].any_size.loss
    found = edited(folder, "s[0] - s[y]", "s[1] - s[y]")
    assert found.any_size.loss == found.derivation.loss != before


def test_a_page_for_any_size_of_another_formula_is_refused(folder):
    text = ANY_SIZE.replace(
        "AnySizePage(loss)", "AnySizePage(replace(loss, formula=2 * loss.formula))"
    )
    (folder / "some_any_size.py").write_text("from dataclasses import replace\n" + text, "utf-8")
    with pytest.raises(NotFound, match=r"some_any_size\.py is about another formula than the file"):
        find()


def test_the_installed_page_is_the_one_that_is_imported():
    from derivation.multiclass_svm_any_size import page

    found = next(found for found in find(["multiclass_svm"]) if found.key == "multiclass_svm")
    assert found.any_size.lines.keys() == page.lines.keys()


# The page and the file.


def test_the_statements_of_a_page_are_the_rows_of_its_table(folder):
    assert statements(folder / "notes.md") == {"A1": "a = a", "A2": "a + a = 2a"}


def test_a_file_that_says_what_its_page_says_does_not_differ(folder):
    assert differences_from_page(find()[0]) == {}


@pytest.mark.parametrize(
    ("old", "new", "differ"),
    [
        ("a + a = 2a", "a + a = 3a", {"A2": "the page says “a + a = 2a”, some.py “a + a = 3a”"}),
        (', kind="definition"', "", {"A1": "the page says “definition”, some.py “claim”"}),
        (
            '"A2"',
            '"A3"',
            {
                "A2": "the page says “a + a = 2a”, some.py has no such line",
                "A3": "some.py has a line that the page has not",
            },
        ),
    ],
    ids=["statement", "kind", "id"],
)
def test_every_difference_from_the_page_is_found(folder, old, new, differ):
    assert differences_from_page(edited(folder, old, new)) == differ


def test_without_a_page_or_with_the_page_of_another_derivation_nothing_is_compared(folder):
    page = folder / "notes.md"
    page.write_text(PAGE.replace("| A", "| B"), "utf-8")
    assert differences_from_page(find()[0]) == {}
    page.unlink()
    assert differences_from_page(find()[0]) == {}


def test_a_page_with_the_name_of_the_file_comes_first(folder):
    (folder / "some.md").write_text(PAGE.replace("a + a = 2a", "a = a + 0"), "utf-8")
    assert differences_from_page(find()[0]).keys() == {"A2"}
