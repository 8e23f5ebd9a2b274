"""The costliest tests, by the processor time of their process and of its children that have ended.

The clock on the wall would tell how busy the machine is. Nothing fails for its cost: the last lines
of a run say where it went, so that a suite that grows is seen to grow. What a file or a session
computes once is counted with the test that came first.
"""

import resource
from operator import itemgetter

import pytest

SHOWN = 10

started = pytest.StashKey[float]()
costs = []  # (seconds, test) of those that ran


def processor_time():
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    item.stash[started] = processor_time()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    try:
        return (yield)
    finally:
        item.user_properties.append(("processor_time", processor_time() - item.stash[started]))


def pytest_runtest_logreport(report):
    costs.extend(
        (value, report.nodeid) for name, value in report.user_properties if name == "processor_time"
    )


def pytest_terminal_summary(terminalreporter):
    if len(costs) > SHOWN:
        total = sum(seconds for seconds, _ in costs)
        terminalreporter.write_line(f"{total:.0f} s of processor time; the costliest tests:")
        for seconds, test in sorted(costs, key=itemgetter(0), reverse=True)[:SHOWN]:
            terminalreporter.write_line(f"{seconds:6.1f} s  {test}")
