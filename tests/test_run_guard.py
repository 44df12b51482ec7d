"""What a run of the tests leaves behind is ended, even if the run is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.run_guard import MARK

RUN = """
import os, signal, subprocess, sys
from tests.run_guard import Guard
guard = Guard(patience=0.2)
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True,
                        stdout=subprocess.DEVNULL)
print(left.pid, flush=True)
if sys.argv[1] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
print(len(guard.finish()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("how", ["killed", "ended"])
def test_a_process_does_not_outlive_the_run_that_started_it(how: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != MARK}
    top = Path(__file__).parents[1]
    run = [sys.executable, "-c", RUN, how]
    out = subprocess.run(run, cwd=top, env=environment, capture_output=True, text=True, check=False).stdout.split()
    deadline = time.monotonic() + 30
    while _lives(int(out[0])) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _lives(int(out[0]))
    assert out[1:] == ([] if how == "killed" else ["1"])


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
