"""kcat (Debian's, on librdkafka 2.0.2) as a program."""

import shutil
import subprocess

from adapter_confluent import properties
from cases import ClientError, Security, Unsupported


class Client:
    name = "kcat"

    def __init__(self, bootstrap, security=Security()):
        self.bootstrap, self.security = bootstrap, security
        if shutil.which("kcat") is None:
            raise Unsupported("kcat is not installed; scripts/clients.sh installs it")

    def run(self, *arguments, stdin=b"", seconds=20, **more):
        """Runs kcat and returns what it printed, as bytes. Raises its error text when it fails."""
        command = ["kcat", "-b", self.bootstrap, "-X", "broker.address.family=v4", *arguments]
        dotted = {name.replace("_", "."): value for name, value in more.items()}
        for name, value in (properties(self.security) | dotted).items():
            command += ["-X", f"{name}={value}"]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as hung:
            raise ClientError("TIMEOUT", f"kcat {' '.join(arguments)}: still running after {seconds} s") from hung
        if done.returncode != 0:
            raise ClientError("KCAT", done.stderr.decode(errors="replace").strip()[-300:])
        return done.stdout

    def close(self):
        """Each run is a process of its own."""
