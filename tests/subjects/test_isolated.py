"""A function in a process of its own: whatever it does is its answer, and harms nobody."""

import os
import signal
import time
from dataclasses import replace

import numpy as np
import pytest

from gradbook.subjects import EARLIER_GRADIENT, Isolated, Limits, Obstacle, TooSlow
from gradbook.subjects.isolated import GARBLED

HEAD = "import os, sys, time, signal, threading\nimport numpy as np\n"
SHORT = Limits(
    seconds=0.5, loading=5, waiting=3, memory=256 << 20, output=100_000, file_size=1_000_000
)
WITHOUT = replace(SHORT, sandbox="none")
W = np.arange(6.0).reshape(2, 3)


@pytest.fixture
def subject(tmp_path):
    """subject(body, …): the function f(W), with this body, isolated."""
    made = []

    def make(body, limits=SHORT, head=HEAD):
        path = tmp_path / f"mine_{len(made)}.py"
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        path.write_text(f"{head}\ndef f(W):\n{lines}\n", encoding="utf-8")
        made.append(Isolated(path, "f", limits))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_call_gives_what_the_function_returned(subject):
    answer = subject("return np.float32(1.5), W.astype(np.float32).T")(W)
    assert answer.loss == 1.5
    assert answer.gradient.dtype == np.float32
    assert answer.gradient.tolist() == W.T.tolist()
    assert (answer.error, answer.fatal, answer.returned) == ("", False, "a loss and a gradient")


def test_what_the_function_changes_and_shares_is_known_on_this_side(subject):
    own = W.copy()
    answer = subject("W += 1\nreturn 0.0, W[:1]")(own)
    assert (answer.changed, answer.aliases) == (("W",), ("W",))
    assert own.tolist() == W.tolist()


def test_a_gradient_that_a_later_call_overwrites_is_noticed(subject):
    isolated = subject("B[:] = W\nreturn 0.0, B", head=HEAD + "B = np.zeros((2, 3))")
    assert isolated(W).changed == ()
    assert isolated(W + 1).changed == (EARLIER_GRADIENT,)


LAYOUTS = {
    "transposed": W.T,
    "every other column": W[:, ::2],
    "backwards": W[::-1, ::-1],
    "one row for all": np.broadcast_to(W[0], (4, 3)),
    "in Fortran's order": np.asfortranarray(W),
    "big-endian": W.astype(">f8"),
    "bool": np.array([True, False]),
    "empty": np.zeros((0, 3)),
    "without dimensions": np.array(2.0),
    "not aligned": np.frombuffer(bytearray(49), np.uint8)[1:].view(np.float64),
    "uint8": W.astype(np.uint8),
    "float16": W.astype(np.float16),
}


@pytest.mark.parametrize("array", LAYOUTS.values(), ids=LAYOUTS)
def test_the_function_gets_each_array_in_its_own_layout(subject, array):
    body = (
        "f = W.flags\nwords = W.strides, W.shape, W.dtype.str, f.aligned, f.writeable, W.tolist()"
    )
    answer = subject(f"{body}\nraise ValueError(words)")(array)
    flags = array.flags
    words = (array.strides, array.shape, array.dtype.str, flags.aligned, flags.writeable)
    assert answer.error == f"raises ValueError: {(*words, array.tolist())}"


def test_numbers_keep_their_kind(subject):
    body = "raise ValueError(type(W).__name__, W)"
    for number in (3, 0.1, True, None, np.float32(0.1), np.uint8(7), float("inf")):
        error = subject(body)(number).error
        assert error == f"raises ValueError: {(type(number).__name__, number)}"


@pytest.mark.parametrize(
    "argument", ["text", [1, 2], {1}, np.array(["a"]), np.array([None])], ids=repr
)
def test_what_is_no_number_is_refused_before_it_is_sent(subject, argument):
    with pytest.raises(TypeError, match="an argument must be a number or an array of numbers"):
        subject("return 1.0")(argument)


def test_keywords_reach_the_function(subject):
    assert subject("return float(W)")(W=3.0).loss == 3.0


HARMFUL = {
    "a hang": ("while True: pass", "ran longer than 0.5 s"),
    "a sleep": ("time.sleep(100)", "waited longer than 1.5 s"),
    "a hang that catches everything": (
        "while True:\n    try:\n        time.sleep(9)\n    except BaseException: pass",
        "waited longer than 1.5 s",
    ),
    "a hang that ignores signals": (
        "for s in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM): signal.signal(s, signal.SIG_IGN)"
        "\nwhile True: pass",
        "ran longer than 0.5 s",
    ),
    "a crash": ("os.abort()", "crashed (signal 6, SIGABRT)"),
    "a null pointer": (
        "import faulthandler\nfaulthandler._sigsegv()",
        "crashed (signal 11, SIGSEGV)",
    ),
    "an endless recursion": ("return f(W)", "raises RecursionError: maximum recursion depth"),
    "sys.exit": ("sys.exit(0)", "ends the program with SystemExit"),
    "exit": ("exit()", "ends the program with SystemExit"),
    "os._exit": ("os._exit(0)", "ends its process, with exit status 0"),
    "a huge array": ("np.ones(10**11)", "needs more than 0.25 GiB of memory"),
    "a huge list": (
        "a = []\nwhile True: a.append(bytearray(10**7))",
        "needs more than 0.25 GiB of memory",
    ),
    "a flood of prints": ("while True: print('x' * 100)", "printed more than 0.1 MB"),
    "a flood on stderr": (
        "while True: os.write(2, b'x' * 5000)",
        "printed more than 0.1 MB",
    ),
    "a fork": ("os.fork()", "raises NotAllowed: it starts another process"),
    "forks without end": (
        "while True:\n    try: os.fork()\n    except OSError: pass",
        "ran longer than 0.5 s",
    ),
    "a shell": ("os.system('sleep 100 &')", "raises NotAllowed: it starts another process"),
    "a subprocess": (
        "import subprocess\nsubprocess.run(['true'])",
        "raises NotAllowed: it starts another process",
    ),
    "a pool": (
        "import pty\npty.spawn('true')",
        "raises NotAllowed: it starts another process",
    ),
    "threads without end": (
        "while True: threading.Thread(target=time.sleep, args=(9,)).start()",
        "raises RuntimeError: can't start new thread",
    ),
    "a signal to the judge": (
        "os.kill(os.getppid(), signal.SIGKILL)",
        "raises NotAllowed: it sends a signal",
    ),
    "a connection": (
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        "raises NotAllowed: it opens a network connection",
    ),
    "input": ("input('?')", "raises EOFError: EOF when reading a line"),
    "garbage in every file that is open": (
        "for d in range(3, 99):\n    try: os.write(d, b'x' * 999)\n    except OSError: pass",
        GARBLED,
    ),
    "every file closed": ("os.closerange(0, 99)\nreturn 1.0, W", "ends its process"),
    "an interrupt": ("raise KeyboardInterrupt", "raises KeyboardInterrupt"),
    "a kill": ("signal.raise_signal(signal.SIGKILL)", "was killed from outside (signal 9)"),
    "a full disk": ("open('x', 'wb').write(b'x' * 10**7)", "raises OSError: [Errno 27]"),
}


@pytest.mark.parametrize(("body", "said"), HARMFUL.values(), ids=HARMFUL)
def test_harm_is_the_answer_and_the_next_call_is_as_good_as_any(subject, body, said):
    # Each kind of harm meets its own limit and no other first, however busy the machine is.
    patient = {"ran longer": {"waiting": 100}, "waited lon": {"seconds": 0.5}}
    limits = replace(SHORT, **patient.get(said[:10], {"seconds": 20}))
    isolated = subject(f"if W.size == 0:\n    return 1.0, np.ones((2, 2))\n{body}", limits)
    answer = isolated(W)
    assert answer.error.startswith(said)
    assert answer.loss is None
    assert answer.gradient is None
    again = isolated(np.zeros((0, 2)))
    assert (again.error, again.loss) == ("", 1.0)


@pytest.mark.parametrize("kind", ["a hang", "a crash", "os._exit", "a flood of prints"])
def test_what_ends_the_process_is_fatal(subject, kind):
    assert subject(HARMFUL[kind][0])(W).fatal


@pytest.mark.parametrize("kind", ["a fork", "a huge array", "sys.exit"])
def test_what_leaves_the_process_alive_is_not_fatal(subject, kind):
    assert not subject(HARMFUL[kind][0])(W).fatal


def test_a_thread_that_is_left_behind_does_no_harm(subject):
    body = "threading.Thread(target=time.sleep, args=(60,)).start()\nreturn 1.0"
    isolated = subject(body)
    assert isolated(W).loss == 1.0
    began = time.monotonic()
    isolated.close()
    assert time.monotonic() - began < 2


def test_files_are_written_in_a_folder_of_its_own_which_goes_with_it(subject, tmp_path):
    body = "open('mine.txt', 'w').write('x')\nraise ValueError(os.getcwd())"
    isolated = subject(body, WITHOUT)
    folder = isolated(W).error.rpartition(" ")[2]
    assert os.path.isfile(os.path.join(folder, "mine.txt"))
    isolated.close()
    assert not os.path.exists(folder)


@pytest.mark.parametrize(
    "body",
    [
        "open({!r}, 'w')",
        "np.save({!r}, W)",
        "os.remove({!r})",
        "os.rename({!r}, 'x')",
        "os.open({!r}, os.O_RDWR)",
        "import shutil\nshutil.rmtree(os.path.dirname({!r}))",
        "import pathlib\npathlib.Path({!r}).write_text('')",
    ],
)
def test_files_elsewhere_are_not_changed(subject, tmp_path, body):
    precious = tmp_path / "precious.npy"
    precious.write_text("as it was")
    answer = subject(body.format(str(precious)))(W)
    assert answer.error.startswith("raises NotAllowed: it writes to")
    assert precious.read_text() == "as it was"


@pytest.mark.parametrize("limits", [SHORT, WITHOUT], ids=["auto", "none"])
def test_files_elsewhere_cannot_be_read(subject, tmp_path, limits):
    (tmp_path / "table.txt").write_text("7")
    answer = subject(f"return float(open({str(tmp_path / 'table.txt')!r}).read())", limits)(W)
    assert answer.loss is None
    assert answer.error.startswith(("raises FileNotFoundError", "raises NotAllowed: it reads"))


def test_the_environment_is_not_told(subject, monkeypatch):
    monkeypatch.setenv("A_SECRET", "s3cret")
    assert subject("return float('A_SECRET' in os.environ)")(W).loss == 0


def test_a_fresh_subject_has_no_state(subject):
    isolated = subject("N.append(1)\nreturn float(len(N))", head=HEAD + "N = []")
    assert [isolated(W).loss, isolated(W).loss] == [1, 2]
    assert isolated.fresh()(W).loss == 1
    assert isolated(W).loss == 3


def test_all_calls_together_may_take_so_long_and_no_longer(subject):
    isolated = subject("time.sleep(0.2)\nreturn 1.0", Limits(total=0.05))
    assert isolated(W).loss == 1
    for one in (isolated, isolated.fresh()):
        with pytest.raises(TooSlow, match=r"its calls took more than 0\.5 s$"):
            [one(W) for _ in range(4)]


def test_all_calls_together_may_compute_so_long_and_no_longer(subject):
    body = "end = time.process_time() + 0.1\nwhile time.process_time() < end: pass"
    isolated = subject(body, Limits(total=0.25))
    with pytest.raises(TooSlow, match=r"its calls took more than 0\.25 s of computing"):
        [isolated(W) for _ in range(9)]


def test_more_patience_is_more_of_every_time():
    patient = Limits().patient(1000)
    assert (patient.seconds, patient.loading, patient.total) == (60, 200, 1000)


def test_prints_of_many_calls_are_no_flood(subject):
    isolated = subject("print('x' * 10_000)\nreturn 1.0")
    assert all(isolated(W).error == "" for _ in range(30))


def test_a_garbled_answer_of_the_right_form_is_noticed(subject):
    body = (
        "import struct\nt = b'{\"loss\": 1.0}'\nfor d in range(3, 99):\n"
        "    try: os.write(d, struct.pack('<4sQQQ', b'grad', 1, len(t), 1 << 60) + t)\n"
        "    except OSError: pass"
    )
    assert subject(body)(W).error == GARBLED


def test_a_file_that_hangs_while_it_is_read_is_an_obstacle(tmp_path):
    path = tmp_path / "slow.py"
    path.write_text("import time\nT = time.sleep(60)\ndef f(W): return T\n")
    with pytest.raises(Obstacle, match=r"what f needs of slow\.py waited longer than 0.5 s"):
        Isolated(path, "f", Limits(loading=0.5, waiting=1))


def test_a_file_that_crashes_while_it_is_read_is_an_obstacle(tmp_path):
    path = tmp_path / "crash.py"
    path.write_text("import os\nT = os.abort()\ndef f(W): return T\n")
    with pytest.raises(Obstacle, match=r"what f needs of crash\.py crashed \(signal 6, SIGABRT\)"):
        Isolated(path, "f")


def test_a_file_that_is_not_there_is_an_obstacle(tmp_path):
    with pytest.raises(Obstacle, match=r"none\.py cannot be read: No such file"):
        Isolated(tmp_path / "none.py", "f")


def test_a_subject_that_is_forgotten_ends_its_process(subject, tmp_path):
    path = tmp_path / "pid.py"
    path.write_text("import os\ndef f(W): return float(os.getpid())\n")
    isolated = Isolated(path, "f", WITHOUT)
    pid = int(isolated(W).loss)
    os.kill(pid, 0)
    del isolated
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def test_a_statement_can_be_written_anew_in_the_same_process(subject):
    one = subject("return 1.0, W + K", head="import numpy as np\nK = [0]\nK[0] += 1")
    process = one._process
    one.edit(3, "def f(W):\n    K[0] += 1\n    return K[0], W")
    assert one(W).loss == 2
    one.edit(3, "def f(W):\n    K[0] += 1\n    return K[0], W")
    assert one(W).loss == 2  # of what was kept before, nothing is left
    assert one._process is process
    assert one.fresh()(W).loss == 2


@pytest.mark.parametrize("text", ["def f(W:", "a = 1\nb = 2", "def g(W): pass", "raise OSError"])
def test_what_cannot_be_loaded_so_is_an_obstacle_and_the_next_is_tried(subject, text):
    one = subject("return 1.0, W")
    with pytest.raises(Obstacle):
        one.edit(2, text)
    one.edit(2, "def f(W):\n    return 3.0, W")
    assert one(W).loss == 3


def test_after_an_end_the_edited_function_is_started_anew(subject):
    one = subject("return 1.0, W")
    one.edit(2, "def f(W):\n    import os\n    os.abort()")
    assert one(W).fatal
    assert not one.alive
    assert one(W).fatal
    one.edit(2, "def f(W):\n    return 4.0, W")
    assert one(W).loss == 4
    assert one.alive
