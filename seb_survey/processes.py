"""Runs the web server and one background worker: they stop together, and a worker that ends is started again.

    python -m seb_survey.processes

`manage.py serve` becomes this. The exit code is the web server's.
"""

import ctypes
import signal
import subprocess
import sys
import time
from contextlib import suppress

from seb_survey.locations import CHECKOUT

WEB = [sys.executable, "-m", "gunicorn", "--config", "python:seb_survey.gunicorn_conf", "seb_survey.wsgi:application"]
WORKER = [sys.executable, str(CHECKOUT / "manage.py"), "worker"]
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PAUSE = 2  # seconds before a worker is started again
PATIENCE = {"web": 40, "worker": 10}  # seconds that each may take to stop; gunicorn gives requests thirty
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, as the kernel numbers it


def start(command: list[str]) -> subprocess.Popen:
    """Start a process that is told to stop when we die, even of `kill -9`.

    In a process group of its own: a terminal's Ctrl-C comes to it through us, once, however often it is pressed.
    """
    return subprocess.Popen(command, preexec_fn=_in_the_child, process_group=0)


def _in_the_child() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def stop(process: subprocess.Popen, patience: float) -> None:
    """Wait for a process that was told to stop; kill it where it does not. A killed worker's work is begun again."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    process.kill()
    process.wait()


def main() -> int:
    """Run both until the web server ends or we are told to stop."""
    stopping = {number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN}  # nohup goes on
    awaited = {*stopping, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, awaited)  # so that none is lost between two looks
    web, worker = start(WEB), start(WORKER)
    told = signal.SIGCHLD
    while told not in stopping and web.poll() is None:
        if worker.poll() is not None:
            time.sleep(PAUSE)
            worker = start(WORKER)
        told = signal.sigwait(awaited)
    web.send_signal(told if told == signal.SIGINT else signal.SIGTERM)  # gunicorn: at once, or when all is answered
    worker.terminate()
    stop(web, PATIENCE["web"])
    stop(worker, PATIENCE["worker"])
    return web.returncode if web.returncode >= 0 else 128 - web.returncode


if __name__ == "__main__":
    sys.exit(main())
