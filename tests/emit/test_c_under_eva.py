"""The text of C under Frama-C's Eva, which shares nothing with the proof of `prove.source`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from derivation.multiclass_svm import svm
from gradbook import emit

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "eva"


def alarms(text, folder):
    """How many Eva raises over every call of a text."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    (folder / "loss.c").write_text(text, encoding="utf-8")
    asked = ["frama-c", "-eva", "-eva-precision", "6", "-cpp-extra-args=-I.", "any_call.c"]
    here = {**os.environ, "PWD": str(folder)}  # by which Frama-C finds its files
    said = subprocess.run(asked, cwd=folder, env=here, capture_output=True, text=True).stdout
    found = re.search(r"^  (\d+) alarms? generated", said, re.MULTILINE)
    assert found, said
    return int(found[1])


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("frama-c") is None, reason="frama-c is not installed")
@pytest.mark.parametrize(
    ("before", "after", "sound"),
    [
        ("", "", True),
        ("label = y[i]", "label = y[i] + 1", False),
        ("(size_t)C*2", "(size_t)C", False),
        ("sum[8] = {0}", "sum[8]", False),
    ],
)
def test_eva_raises_no_alarm_over_the_emitted_c_and_does_over_a_broken_one(
    tmp_path, before, after, sound
):
    text = emit(svm, "c").source
    assert before in text
    assert (alarms(text.replace(before, after), tmp_path) == 0) == sound
