"""Pages are found by file, folder and name."""

from pathlib import Path

import pytest

from gradbook.page.discover import NotFound, find

PAGE = """# A page

Let $n \\ge 1$, $x \\in \\mathbb{R}^n$.

$$
\\nabla_x \\|x\\|^2 = 2 x \\tag{A1}
$$
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a folder derivation/ and a page in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "derivation").mkdir()
    (tmp_path / "derivation" / "some.md").write_text(PAGE, "utf-8")
    return tmp_path / "derivation"


@pytest.mark.parametrize(
    "targets",
    [(), ("derivation",), ("some",), ("derivation/some.md",), (Path("derivation/some.md"),)],
    ids=str,
)
def test_a_page_is_found_by_folder_file_and_name(folder, targets):
    (found,) = find(targets)
    assert found.path.resolve() == folder / "some.md"
    assert found.ids == ("A1",)


def test_without_a_folder_here_the_installed_ones_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "multiclass_svm" in {found.path.stem for found in find()}


def test_files_are_found_in_the_order_of_their_names_and_private_ones_are_not(folder):
    (folder / "another.md").write_text(PAGE, "utf-8")
    (folder / "_private.md").write_text(PAGE, "utf-8")
    assert [found.path.name for found in find()] == ["another.md", "some.md"]


def test_a_page_is_read_anew_after_an_edit(folder):
    assert find()[0].ids == ("A1",)
    (folder / "some.md").write_text(PAGE.replace("A1", "A2"), "utf-8")
    assert find()[0].ids == ("A2",)


def test_a_file_that_is_not_text_is_named(folder):
    (folder / "wrong.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotFound, match=r"wrong\.md cannot be read"):
        find(["derivation/wrong.md"])


@pytest.mark.parametrize("target", ["nothing", "derivation/nothing.md"])
def test_what_is_not_there_is_named(folder, target):
    with pytest.raises(NotFound, match=f"there is no file, folder or page named {target}"):
        find([target])


def test_a_name_that_is_nearly_right_is_told_what_was_meant(folder):
    with pytest.raises(NotFound, match="did you mean some"):
        find(["sone"])


def test_a_file_that_is_no_page_is_named_with_the_page_beside_it(folder):
    (folder / "some.py").write_text("")
    with pytest.raises(
        NotFound, match=r"a page is a file \.md or \.ipynb, not .*some\.py: did you"
    ):
        find(["derivation/some.py"])


def test_a_folder_without_a_page_is_named(tmp_path):
    with pytest.raises(NotFound, match="no page in "):
        find([tmp_path])


def test_of_the_pages_that_have_a_line_no_others_are_read(tmp_path):
    for name, tag in (("a", "A1"), ("b", "B1"), ("c", "A11")):
        (tmp_path / f"{name}.md").write_text(f"$$\nx := 1 \\tag{{{tag}}}\n$$\n", "utf-8")
    assert [page.path.stem for page in find([tmp_path], "A1")] == ["a"]
    assert len(find([tmp_path], "A")) == 3
