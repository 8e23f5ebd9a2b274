"""environment.yml says what pyproject.toml says, and what is installed is what both say."""

import platform
import shutil
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tools import environment_yml

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def copy(tmp_path):
    """A folder with a copy of the two files, to be broken."""
    for name in ("pyproject.toml", "environment.yml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_environment_yml_is_what_pyproject_toml_makes_it(copy):
    assert environment_yml.main(["--check"]) == 0
    before = (copy / "environment.yml").read_bytes()
    (copy / "environment.yml").unlink()
    assert environment_yml.main([], root=copy) == 0
    assert (copy / "environment.yml").read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("sympy >=1.14,<1.15", "sympy >=1.14", id="another bound"),
        pytest.param("python >=3.11", "python >=3.10", id="another Python"),
        pytest.param("  - rich >=13.7\n", "", id="a missing package"),
        pytest.param("  - pip:\n", "  - scipy\n  - pip:\n", id="an added package"),
        pytest.param("conda-forge", "defaults", id="another channel"),
        pytest.param("conda-forge\n", "conda-forge\n  - defaults\n", id="a second channel"),
        pytest.param("-e .", "gradbook", id="another gradbook than this one"),
    ],
)
def test_a_changed_environment_yml_fails_and_the_difference_is_shown(copy, capsys, old, new):
    replace(copy / "environment.yml", old, new)
    assert environment_yml.main(["--check"], root=copy) == 1
    sentence, *difference = capsys.readouterr().out.splitlines()
    assert sentence.startswith("environment.yml differs from pyproject.toml: run")
    assert any(line.startswith(("+ ", "- ")) for line in difference)


def test_a_changed_pyproject_toml_fails(copy):
    replace(copy / "pyproject.toml", '"numpy>=2.0,<3"', '"numpy>=2.1,<3"')
    assert environment_yml.main(["--check"], root=copy) == 1


def test_a_missing_environment_yml_fails(copy):
    (copy / "environment.yml").unlink()
    assert environment_yml.main(["--check"], root=copy) == 1


@pytest.mark.parametrize(
    ("requirement", "sentence"),
    [
        ("rich>=14", "pyproject.toml names rich twice: name it once, in one extra"),
        ("tomli; python_version < '3.11'", "environment.yml cannot say “tomli; python_version"),
        ("requests[socks]", r"environment.yml cannot say “requests\[socks\]”"),
    ],
)
def test_what_environment_yml_cannot_say_is_refused(copy, requirement, sentence):
    replace(copy / "pyproject.toml", "digits = [", f'digits = ["{requirement}", ')
    with pytest.raises(SystemExit, match=sentence):
        environment_yml.main([], root=copy)


def installed(name):
    return platform.python_version() if name == "python" else metadata.version(name)


def missed(environment):
    """The conda packages of an environment.yml that the running environment does not satisfy."""
    requirements = map(
        Requirement,
        (each for each in environment["dependencies"] if each != "pip" and isinstance(each, str)),
    )
    return [
        str(each)
        for each in requirements
        if not each.specifier.contains(installed(each.name), prereleases=True)
    ]


def test_the_installed_versions_satisfy_environment_yml():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    assert missed(environment) == []


def test_an_installed_version_outside_the_bounds_is_noticed():
    environment = {"dependencies": ["python >=3.11", "numpy >=99", "pip", {"pip": ["-e ."]}]}
    assert missed(environment) == ["numpy>=99"]
