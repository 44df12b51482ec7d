"""No process outlives a run of the tests, however the run ends.

Every process that the tests start, and what those start, inherits a mark in its environment. ``Guard`` is a process
of its own that waits until the run has ended, orderly or by ``kill -9``, and then ends whatever still bears the mark:
engines, apps, browsers, workers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from uuid import uuid4

import psutil

MARK = "LIANTU_TESTS"
#: For those that are about to end by themselves.
PATIENCE = 5.0


class Guard:
    """Ends the processes of a run when the run has ended.

    Args:
        patience: seconds that a process has to end by itself.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._mark = os.environ[MARK] = uuid4().hex
        environment = {name: value for name, value in os.environ.items() if name != MARK}
        self._process = subprocess.Popen(
            [sys.executable, __file__, self._mark, str(patience)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finish(self) -> list[str]:
        """The run has ended: the names of the processes that had to be ended."""
        os.environ.pop(MARK, None)
        return self._process.communicate()[0].split()


def marked(mark: str) -> list[psutil.Process]:
    """The processes that bear a mark."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue  # another user's, or just gone
    return found


def end_all(mark: str, patience: float) -> list[str]:
    """End the processes that bear a mark; returns the names of those that did not end by themselves."""
    deadline = time.monotonic() + patience
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    names = [_name(process) for process in left]
    for process in left:
        process.terminate()
    for process in psutil.wait_procs(left, timeout=patience)[1]:
        process.kill()
    for process in marked(mark):  # what these left behind
        process.kill()
    return names


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return "?"


if __name__ == "__main__":
    sys.stdin.read()  # ends with the process that holds the other end
    print(*end_all(sys.argv[1], float(sys.argv[2])))
