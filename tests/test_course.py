"""The course: one path through its chapters, and what is handed out of it."""

import re
import shlex
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ONE = ROOT / "notebooks" / "10-softmax.ipynb"


def cells(path, *tags):
    """Its cells; with tags, those that have one of them."""
    all_ = nbformat.read(path, as_version=4).cells
    return [c for c in all_ if {*tags} & {*c.metadata.get("tags", ())}] if tags else all_


def handed_out(version, chapter, folder):
    """The notebook that `make student` or `make instructor` makes of a chapter."""
    said = ["make", "--no-print-directory", "--dry-run", version]
    told = subprocess.run(said, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    command = next(line for line in told.splitlines() if "nbconvert" in line)
    of_one = command.replace("notebooks/*.ipynb", shlex.quote(str(chapter)))
    of_one = of_one.replace(f"build/{version}", shlex.quote(str(folder / version)))
    subprocess.run(shlex.split(of_one), cwd=ROOT, check=True)
    return folder / version / "notebooks" / chapter.name


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """versions(chapter): the student's and the instructor's notebook."""
    folder, made = tmp_path_factory.mktemp("build"), {}

    def of(chapter):
        if chapter not in made:
            made[chapter] = [handed_out(v, chapter, folder) for v in ("student", "instructor")]
        return made[chapter]

    return of


every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
one_quick = pytest.mark.quick(ONE.stem)


def coded(some):
    return [cell for cell in some if cell.cell_type == "code"]


def lines(some):
    return {line for cell in some for line in cell.source.splitlines()}


@one_quick
@every_chapter
def test_no_solution_is_in_the_student_version(versions, chapter):
    student, _ = versions(chapter)
    solved = cells(chapter, "solution")
    others = [cell for cell in cells(chapter) if cell not in solved]
    told = lines(solved) - lines(others)
    assert len(told) >= len(solved)
    assert not told & lines(cells(student))
    assert len(cells(student, "exercise")) == len(coded(solved))
    assert not any(cell.outputs for cell in cells(student, "exercise"))


def pasted(student, chapter):
    """What its cells say, with the solutions in the cells that are to be filled in."""
    solved = iter(coded(cells(chapter, "solution")))
    return [
        next(solved).source if "exercise" in cell.metadata.get("tags", ()) else cell.source
        for cell in cells(student)
    ]


@one_quick
@every_chapter
def test_the_student_version_with_the_solutions_is_the_instructors(versions, chapter):
    student, instructor = versions(chapter)
    solved = cells(instructor, "solution")
    explained = [cell for cell in solved if cell not in coded(solved)]
    others = [cell.source for cell in cells(instructor) if cell not in explained]
    assert pasted(student, chapter) == others
    assert all(cell.outputs for cell in coded(solved))


@pytest.mark.thorough
@every_chapter
def test_the_student_version_with_the_solutions_typed_in_runs_and_its_checks_pass(
    versions, chapter
):
    handed, _ = versions(chapter)
    student = nbformat.read(handed, as_version=4)
    for cell, source in zip(student.cells, pasted(handed, chapter), strict=True):
        cell.source = source
    for name in ("derivation", "docs"):
        if not (there := handed.parent.parent / name).exists():
            there.symlink_to(ROOT / name)
    resources = {"metadata": {"path": handed.parent}}
    NotebookClient(student, timeout=600, resources=resources).execute()
    for cell in student.cells:
        if "exercise" in cell.metadata.get("tags", ()):
            shown = cell.outputs[0].data["text/plain"]
            if cell.source.startswith("%%judge"):
                assert ": right" in shown
            else:
                assert "✓" in shown
                assert not set("✗–") & set(shown)


@every_chapter
def test_an_exercise_is_solved_by_the_next_cell_and_its_check_passes(chapter):
    all_ = cells(chapter)
    exercises = cells(chapter, "exercise")
    assert exercises
    assert len(exercises) == len(coded(cells(chapter, "solution")))
    for exercise in exercises:
        solution = all_[all_.index(exercise) + 1]
        assert "hide-cell" in solution.metadata.tags  # folded on the site, as it is in JupyterLab
        magic = exercise.source.splitlines()[0]
        assert magic == solution.source.splitlines()[0]
        assert "--points" in magic
        shown, unsolved = (cell.outputs[0].data["text/plain"] for cell in (solution, exercise))
        if magic.startswith("%%judge"):
            assert ": right" in shown
            assert ": right" not in unsolved
        else:
            assert set("✗?–") & set(unsolved)
            assert "✓" in shown
            assert not set("✗–") & set(shown)


@every_chapter
def test_no_line_of_a_chapter_is_cut_off_or_broken_in_a_window_of_1280_pixels(chapter):
    printed = [
        output.get("text", "")
        for cell in coded(cells(chapter))
        for output in cell.outputs
        if output.output_type == "stream"
    ]
    shown = [cell.source for cell in coded(cells(chapter))] + printed
    assert [line for text in shown for line in text.splitlines() if len(line) > 100] == []


@every_chapter
def test_a_chapter_says_how_long_it_takes_and_leads_to_the_next_and_the_one_before(chapter):
    first, *_, last = cells(chapter)
    assert re.search(r"\*Time: \d+ minutes\.\* Afterwards you will be able to", first.source)
    at = CHAPTERS.index(chapter)
    ways = {"**Next:**": CHAPTERS[at + 1 : at + 2], "**Before:**": CHAPTERS[:at][-1:]}
    for words, there in ways.items():
        for other in there:
            assert re.search(rf"{re.escape(words)}\s\[[^]]*\]\({other.name}\)", last.source)


def test_the_map_leads_to_every_chapter():
    (start,) = (cell for cell in cells(CHAPTERS[0]) if "## The map" in cell.source)
    assert re.findall(r"^\| \[.*\]\((.*)\) \|", start.source, re.M) == [
        path.name for path in CHAPTERS[1:]
    ]
