"""A broker process that the scripts start, kill and start again."""

import os
import shlex
import signal
import socket
import subprocess
import time


class Broker:
    """Runs `command` in a process group of its own, so that a wrapper's child goes with it."""

    def __init__(self, command, bootstrap, log=None, environment=None):
        self.command, self.bootstrap = shlex.split(command), bootstrap
        self.log = open(log, "ab") if log else subprocess.DEVNULL
        self.environment = environment
        self.process = None

    def start(self, seconds=60):
        """Starts the broker and returns when it accepts connections; the seconds that took."""
        began = time.monotonic()
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        start_new_session=True, env=self.environment)
        while not accepts(self.bootstrap):
            if self.process.poll() is not None:
                raise RuntimeError(f"the broker ended with status {self.process.returncode} instead of starting")
            if time.monotonic() - began > seconds:
                raise RuntimeError(f"the broker does not accept connections at {self.bootstrap} after {seconds} s")
            time.sleep(0.05)
        return time.monotonic() - began

    def end(self, how=signal.SIGKILL, seconds=20):
        """Sends `how` to the whole group and waits until it is gone."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, how)
            self.process.wait(seconds)
        except ProcessLookupError:
            pass  # It had ended.
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise RuntimeError(f"the broker did not end within {seconds} s of signal {how}") from None
        finally:
            self.process.wait()
        while accepts(self.bootstrap):  # A wrapper's child may outlive it for a moment.
            time.sleep(0.02)


def accepts(bootstrap):
    host, port = bootstrap.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
        return True
    except OSError:
        return False
