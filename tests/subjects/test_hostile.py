"""Code that means harm: what it reaches, in bubblewrap and without.

Each attempt is a call of one function, so that they share a process until one of them ends it. It
returns 1 where it got what it wanted, and what it left outside is looked for afterwards.
"""

import os
import socket
import textwrap
from pathlib import Path

import numpy as np
import pytest

import gradbook
from gradbook.subjects import Isolated, Limits, Obstacle, sandbox
from gradbook.subjects.sandbox import chosen

HAS_BWRAP = chosen("auto") == "bwrap"
LIMITS = {
    each: Limits(seconds=1, loading=10, memory=256 << 20, output=100_000, sandbox=each)
    for each in ("bwrap", "none")
}

#: Attempts that both hold. A path that begins with OUT lies outside; JUDGE is the judge's id.
ATTEMPTS = {
    # files: reading
    "read a neighbour": "open(NEIGHBOUR).read()",
    "import a neighbour": "sys.path.insert(0, OUT)\nimport neighbour",
    "load a neighbour": (
        "import importlib.util as u\ns = u.spec_from_file_location('n', NEIGHBOUR)\n"
        "s.loader.exec_module(u.module_from_spec(s))"
    ),
    "list the folder": "assert os.listdir(OUT)",
    "walk to the folder": "assert [f for _, _, files in os.walk(OUT) for f in files]",
    "change to the folder": "os.chdir(OUT)\nopen('neighbour.py').read()",
    "read it by a folder's descriptor": (
        "d = os.open(OUT, os.O_RDONLY)\nos.read(os.open('neighbour.py', os.O_RDONLY, dir_fd=d), 9)"
    ),
    "read it by a link": "os.symlink(NEIGHBOUR, 'link')\nopen('link').read()",
    "read it by a hard link": "os.link(NEIGHBOUR, 'hard')\nopen('hard').read()",
    "read it by numpy": "np.fromfile(NEIGHBOUR, np.uint8)",
    "read it by mmap": "import mmap\nmmap.mmap(os.open(NEIGHBOUR, os.O_RDONLY), 1)",
    "read it by sqlite": (
        "import sqlite3\nsqlite3.connect(':memory:').execute(f\"ATTACH '{NEIGHBOUR}' AS n\")"
        ".execute('PRAGMA n.schema_version').fetchall()"
    ),
    "read the judge's environment": f"open('/proc/{os.getpid()}/environ')",
    "read the judge's memory": f"open('/proc/{os.getpid()}/mem', 'rb')",
    "read through another's root": f"open(f'/proc/{os.getpid()}/root' + NEIGHBOUR).read()",
    "read through another's folder": f"os.listdir('/proc/{os.getpid()}/cwd')",
    "read the parent's environment": (
        "assert b'A_SECRET' in open(f'/proc/{os.getppid()}/environ', 'rb').read()"
    ),
    "read the shadow passwords": "open('/etc/shadow').read()",
    "read the home of root": "assert os.listdir(os.path.expanduser('~root') + '/.ssh')",
    "see a variable": "assert 'A_SECRET' in os.environ",
    "see a variable by /proc": "assert b'A_SECRET' in open('/proc/self/environ', 'rb').read()",
    # gradbook itself
    "import gradbook": "import gradbook",
    "import its kernels": "from gradbook.kernels import by_hand",
    "import its judge": "import importlib\nimportlib.import_module('gradbook.judge')",
    "import its pages": "import derivation.multiclass_svm",
    "import it from its folder": (
        "sys.modules.pop('gradbook')\nsys.path.insert(0, SOURCE)\nimport gradbook.kernels.loops"
    ),
    "read its kernels": "open(SOURCE + '/gradbook/kernels/loops.py').read()",
    # files: writing
    "write beside it": "open(OUT + '/new.py', 'w')",
    "overwrite a neighbour": "open(NEIGHBOUR, 'w')",
    "overwrite it by os.open": "os.open(NEIGHBOUR, os.O_WRONLY)",
    "overwrite it by numpy": "np.save(OUT + '/new', W)",
    "remove a neighbour": "os.remove(NEIGHBOUR)",
    "remove the folder": "import shutil\nshutil.rmtree(OUT)",
    "rename a neighbour": "os.rename(NEIGHBOUR, OUT + '/new.py')",
    "put a file in its place": "open('x', 'w').close()\nos.replace('x', NEIGHBOUR)",
    "make a folder": "os.mkdir(OUT + '/new')",
    "make a FIFO": "os.mkfifo(OUT + '/new')",
    "make a node": "os.mknod(OUT + '/new')",
    "make a link": "os.symlink('/', OUT + '/new')",
    "make a data base": "import sqlite3\nsqlite3.connect(OUT + '/new').execute('VACUUM')",
    "make a data base by a URI": (
        "import sqlite3\n"
        "sqlite3.connect(f'file:{OUT}/new?mode=rwc', uri=True).execute('CREATE TABLE t (x)')"
    ),
    "make a dbm": "import dbm\ndbm.open(OUT + '/new', 'c')",
    "write a history": "import readline\nreadline.write_history_file(OUT + '/new')",
    "write by a folder's descriptor": (
        "d = os.open(OUT, os.O_RDONLY)\nos.open('new', os.O_WRONLY | os.O_CREAT, dir_fd=d)"
    ),
    "write up from a descriptor": (
        "os.makedirs('a/b', exist_ok=True)\nd = os.open('.', os.O_RDONLY)\nos.chdir('a/b')\n"
        "try: os.open('../../new' if SANDBOX == 'bwrap' else '../new', "
        "os.O_WRONLY | os.O_CREAT, dir_fd=d)\nfinally: os.chdir('../..')\n"
        "assert SANDBOX == 'none'"
    ),
    "write among the packages": "open(np.__file__, 'a')",
    "write to Python": "open(os.__file__, 'a')",
    "change its rights": "os.chmod(NEIGHBOUR, 0o777)",
    "change its rights by a descriptor": "os.chmod(os.open(np.__file__, os.O_RDONLY), 0o777)",
    "change its times": "os.utime(NEIGHBOUR, (0, 0))",
    "change its times by a descriptor": "os.utime(os.open(np.__file__, os.O_RDONLY), (0, 0))",
    "write to the judge's streams": f"open('/proc/{os.getpid()}/fd/1', 'w')",
    "write to the judge's terminal": "open('/dev/console', 'w')",
    # processes
    "kill the judge": "os.kill(JUDGE, 9)",
    "kill everything": "os.kill(-1, 9)\nassert SANDBOX == 'none'",
    "signal its group": "os.killpg(os.getppid(), 9)",
    "start a shell": "assert os.system('true') == 0",
    "start a process": "import subprocess\nsubprocess.run(['true'])",
    "start a process of multiprocessing": (
        "import multiprocessing\nmultiprocessing.get_context('fork').Process(target=f).start()"
    ),
    "become another program": "os.execv('/bin/true', ['true'])",
    "raise its own limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))\n"
        "assert os.geteuid() or SANDBOX != 'none'"
    ),
    "mount": "import ctypes\nassert ctypes.CDLL(None).mount(b'.', b'.', None, 4096, None) == 0",
    "end the parent's child": "os.kill(os.getppid(), 9)",
    # the network
    "connect": "import socket\nsocket.create_connection(('127.0.0.1', PORT), 0.3)",
    "send a datagram": (
        "import socket\nsocket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))"
    ),
    "send a message": (
        "import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\n"
        "s.sendmsg([b'x'], [], 0, ('127.0.0.1', PORT))"
    ),
    "send by the module below": (
        "import _socket\n_socket.socket(2, 2).sendto(b'x', ('127.0.0.1', PORT))"
    ),
    "ask for a page": "import urllib.request\nurllib.request.urlopen(f'http://127.0.0.1:{PORT}')",
    "ask for a name": "import socket\nsocket.getaddrinfo('localhost.localdomain', 80)",
    # the judge's own part in this process
    "see all objects": "import gc\ngc.get_objects()",
    "see who refers to it": "import gc\ngc.get_referrers(f)",
    "see who calls it": "getattr(sys, '_get' + 'frame')(1)",
    "see who calls it by inspect": "import inspect\ninspect.stack()",
    "trace": "sys.settrace(lambda *a: None)",
    "see it by an error": (
        "try: 1 / 0\nexcept ZeroDivisionError as e: getattr(e.__traceback__, 'tb_' + 'frame')"
    ),
    "see it by a generator": "getattr((i for i in W.shape), 'gi_' + 'frame')",
}
#: What the hook refuses and bubblewrap lets be: it is the process's own affair there.
OWN_AFFAIR = (
    *("start a", "see all", "see who", "trace", "import its kernels", "raise its", "signal"),
    *("send", "end the parent", "see it"),
)
#: The hook is found, and made to hear nothing.
DISARM = """
def disarm():
    for kind in getattr(object, "__sub" + "classes__")():
        if kind.__name__ == "_Watch":
            kind.__call__ = lambda *heard: None
ATTEMPTS = disarm() or ATTEMPTS
"""
HEAD = """
import os, sys
import numpy as np
SANDBOX, OUT, SOURCE, JUDGE, PORT = {!r}, {!r}, {!r}, {}, {}
NEIGHBOUR = OUT + "/neighbour.py"
def f(W): return float(ATTEMPTS[int(W)](W) or 1)
"""


def attempted(sandbox, tmp_path_factory, more=""):
    """What lies outside, the answers to all attempts, and what was heard at a port."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "neighbour.py").write_text("value = 1\n")
    os.environ["A_SECRET"] = "s3cret"
    with socket.socket(type=socket.SOCK_DGRAM) as heard:
        heard.bind(("127.0.0.1", 0))
        heard.settimeout(0.1)
        source = str(Path(gradbook.__file__).parents[1])
        known = (sandbox, str(folder), source, os.getpid(), heard.getsockname()[1])
        attempts = "".join(
            f"def attempt_{i}(W):\n{textwrap.indent(body, '    ')}\n"
            for i, body in enumerate(ATTEMPTS.values())
        )
        names = ", ".join(f"attempt_{i}" for i in range(len(ATTEMPTS)))
        path = folder / "mine.py"
        text = f"{HEAD.format(*known)}{attempts}ATTEMPTS = [{names}]\n{more}"
        path.write_text(text)
        subject = Isolated(path, "f", LIMITS[sandbox])
        answers = {name: subject(float(i)) for i, name in enumerate(ATTEMPTS)}
        subject.close()
        try:
            datagram = heard.recv(9)
        except TimeoutError:
            datagram = b""
    del os.environ["A_SECRET"]
    return folder, answers, datagram


@pytest.fixture(scope="module", params=["bwrap", "none"])
def outside(request, tmp_path_factory):
    return attempted(request.param if HAS_BWRAP else "none", tmp_path_factory)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_nothing_outside_is_reached(outside, name):
    _, answers, _ = outside
    assert answers[name].loss is None, name
    assert answers[name].error


def check_that_nothing_is_changed(folder, datagram):
    assert sorted(path.name for path in folder.iterdir()) == ["mine.py", "neighbour.py"]
    assert (folder / "neighbour.py").read_text() == "value = 1\n"
    assert datagram == b""


def test_nothing_outside_is_changed(outside):
    folder, _, datagram = outside
    check_that_nothing_is_changed(folder, datagram)


@pytest.mark.needs_bwrap
def test_bubblewrap_alone_holds_what_the_hook_does_not_hear(tmp_path_factory):
    folder, answers, datagram = attempted("bwrap", tmp_path_factory, DISARM)
    reached = {name for name, answer in answers.items() if answer.loss is not None}
    assert {name for name in reached if not name.startswith(OWN_AFFAIR)} == set()
    assert "start a shell" in reached  # the hook hears nothing
    check_that_nothing_is_changed(folder, datagram)


@pytest.mark.parametrize(
    "way",
    [
        "sys._getframe(1).f_globals",
        "object.__subclasses__()",
        "f.__globals__",
        "getattr(f, '__globals__')",
    ],
)
def test_what_names_a_way_to_the_code_that_calls_it_is_not_judged(tmp_path, way):
    path = tmp_path / "mine.py"
    path.write_text(f"import sys\ndef f(W):\n    {way}\n    W *= 0\n    return 1.0, W\n")
    with pytest.raises(Obstacle, match="line 2: it looks at what calls it, by "):
        Isolated(path, "f")


#: What is done in a function before it changes its input, so that nobody may see it.
HIDES = {
    "by json": (
        "import json\n    real = json.dumps\n"
        "    json.dumps = lambda o: real({**o, 'changed': []} if 'changed' in o else o)"
    ),
    "by the class of json": (
        "import json\n    kind, real = json.JSONEncoder, json.JSONEncoder.encode\n"
        "    kind.encode = lambda s, o: real(s, {**o, 'changed': []} if 'changed' in o else o)"
    ),
    "by dataclasses": (
        "import dataclasses\n    def see(o): object.__setattr__(o, 'changed', ()) or True\n"
        "    dataclasses._is_dataclass_instance = lambda o: see(o) or True"
    ),
    "by NumPy": "np.ndarray = int",
    "by isinstance": "import builtins\n    builtins.isinstance = lambda one, kind: False",
    "by __main__": (
        "import __main__\n"
        "    getattr(__main__.main, '__glo' + 'bals__')['Caller'].__call__ = lambda *a: None"
    ),
    "by an answer of its own": (
        "import json, struct\n    t = json.dumps({'loss': 1.0, 'returned': '', 'error': '', "
        "'changed': [], 'aliases': [], 'computing': 0.0}).encode()\n"
        "    answer = struct.pack('<16sQQQ', b'gradbook message', 1, len(t), 0) + t\n"
        "    for d in range(3, 9):\n"
        "        try: os.write(d, answer)\n        except OSError: pass"
    ),
}


@pytest.mark.parametrize("trick", HIDES.values(), ids=HIDES)
def test_what_a_function_does_to_its_inputs_is_not_hidden_by_simple_tricks(tmp_path, trick):
    path = tmp_path / "mine.py"
    path.write_text(
        "import os\nimport numpy as np\n"
        f"def f(W):\n    {trick}\n    W *= 3\n    return 1.0, W + 1\n"
    )
    answer = Isolated(path, "f", LIMITS["none"])(np.ones((2, 2)))
    assert answer.changed == ("W",) or answer.error


def test_what_the_sandbox_may_be_is_said():
    with pytest.raises(ValueError, match="sandbox must be one of auto, bwrap, none, not 'jail'"):
        chosen("jail")


def test_where_bubblewrap_does_not_work_it_is_refused_or_done_without(monkeypatch):
    monkeypatch.setenv("PATH", "")
    for cached in (chosen, sandbox._trouble):
        cached.cache_clear()
    assert chosen("auto") == "none"
    with pytest.raises(
        ValueError, match="bubblewrap cannot be used: there is no bwrap on the path"
    ):
        chosen("bwrap")
    for cached in (chosen, sandbox._trouble):
        cached.cache_clear()
