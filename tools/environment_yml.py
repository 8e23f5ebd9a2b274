"""Make environment.yml from pyproject.toml, so that conda and pip install the same packages.

    python tools/environment_yml.py            write environment.yml
    python tools/environment_yml.py --check    exit 1, with the difference, where they differ

Every package that gradbook needs has one name on PyPI and on conda-forge. The first that has two
needs a table of names here. The extra `site` is left out: not all that it needs is on conda-forge.
"""

import argparse
import difflib
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent

HEADER = """\
# Made from pyproject.toml by `make environment.yml`: change it there.
name: {name}
channels:
  - conda-forge
dependencies:
"""

# When pip runs, conda has installed everything else, so that pip adds the project alone. (An
# option such as --no-deps cannot stand here: conda hands these lines over as a requirements file.)
FOOTER = """\
  - pip
  - pip:
      - -e .
"""


def environment_yml(pyproject: str) -> str:
    """The text of environment.yml for the text of pyproject.toml."""
    project = tomllib.loads(pyproject)["project"]
    python = Requirement(f"python{project['requires-python']}")
    lines = [conda_line(requirement) for requirement in [python, *requirements(project)]]
    return HEADER.format(name=project["name"]) + "".join(lines) + FOOTER


def requirements(project: dict) -> list[Requirement]:
    """What `project` and its extras but `site` depend on, from a to z, but for the project itself.

    Raises SystemExit for what environment.yml cannot say: a package twice, or one that comes with
    a marker, an extra or an address.
    """
    extras = project["optional-dependencies"]
    groups = [project["dependencies"], *(extras[name] for name in extras if name != "site")]
    found: dict[str, Requirement] = {}
    for requirement in (Requirement(line) for group in groups for line in group):
        if requirement.name == project["name"]:  # one extra takes in another: gradbook[report]
            continue
        if requirement.name in found:
            sys.exit(f"pyproject.toml names {requirement.name} twice: name it once, in one extra")
        if requirement.marker or requirement.extras or requirement.url:
            sys.exit(f"environment.yml cannot say “{requirement}”: name a package and its bounds")
        found[requirement.name] = requirement
    return sorted(found.values(), key=lambda requirement: requirement.name)


def conda_line(requirement: Requirement) -> str:
    """One dependency as conda reads it, the lower bound first:   - sympy >=1.14,<1.15"""
    bounds = sorted(map(str, requirement.specifier), reverse=True)
    return f"  - {requirement.name} {','.join(bounds)}".rstrip() + "\n"


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if they differ")
    check = parser.parse_args(arguments).check

    path = root / "environment.yml"
    wanted = environment_yml((root / "pyproject.toml").read_text(encoding="utf-8"))
    if not check:
        path.write_text(wanted, encoding="utf-8")
        return 0
    found = path.read_text(encoding="utf-8") if path.exists() else ""
    if found == wanted:
        return 0
    print("environment.yml differs from pyproject.toml: run `make environment.yml`")
    names = ("environment.yml", "pyproject.toml")
    lines = (found.splitlines(), wanted.splitlines())
    print(*difflib.unified_diff(*lines, *names, lineterm="", n=0), sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
