"""Write what the library emits to docs/emitted/, for reading without installing anything.

python tools/write_emitted.py            write the files
python tools/write_emitted.py --check    exit 1, naming the files that are not what is emitted
"""

import argparse
import sys
from pathlib import Path

from derivation.multiclass_svm import svm
from gradbook import emit
from gradbook.emit.fast import Machine, choose
from gradbook.emit.lowering import lower

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "emitted"

TARGETS = {
    "numpy": "multiclass_svm_numpy.py",
    "jax": "multiclass_svm_jax.py",
    "torch": "multiclass_svm_torch.py",
    "c": "multiclass_svm.c",
    "c-fast": "multiclass_svm_fast.c",
}


def source_of(target: str) -> str:
    """What is emitted; for "c-fast", as for one machine, so that it is the same on all."""
    if target == "c-fast":
        schedule = choose(lower(svm), 100, machine=Machine())
        return emit(svm, target, classes=100, schedule=schedule).source
    return emit(svm, target).source


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    parser = argparse.ArgumentParser(description="Write what the library emits to docs/emitted/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if they differ")
    check = parser.parse_args(arguments).check
    stale = []
    for target, name in TARGETS.items():
        source, path = source_of(target), folder / name
        if path.is_file() and path.read_text(encoding="utf-8") == source:
            continue
        stale.append(name)
        if not check:
            path.write_text(source, encoding="utf-8")
    if check and stale:
        print(
            f"docs/emitted/{stale[0]} is not what is emitted today: "
            "run python tools/write_emitted.py",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
