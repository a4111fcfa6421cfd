"""kcat (Debian's, on librdkafka 2.0.2) as a program."""

import shutil
import subprocess

from cases import ClientError, Unsupported


class Client:
    name = "kcat"

    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        if shutil.which("kcat") is None:
            raise Unsupported("kcat is not installed; scripts/clients.sh installs it")

    def run(self, *arguments, stdin=b"", seconds=20, **properties):
        """Runs kcat and returns what it printed, as bytes. Raises its error text when it fails."""
        command = ["kcat", "-b", self.bootstrap, "-X", "broker.address.family=v4", *arguments]
        for name, value in properties.items():
            command += ["-X", f"{name.replace('_', '.')}={value}"]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as hung:
            raise ClientError("TIMEOUT", f"kcat {' '.join(arguments)}: still running after {seconds} s") from hung
        if done.returncode != 0:
            raise ClientError("KCAT", done.stderr.decode(errors="replace").strip()[-300:])
        return done.stdout

    def close(self):
        """Each run is a process of its own."""
