"""Brokers with security, and the certificates for them, made anew for every run.

Four sites, all on loopback: `sasl` (every mechanism with a password, in the clear, with rules), `oauth` (tokens, in the
clear, with rules), `tls` (a server certificate and SCRAM-SHA-512 only) and `mtls` (client certificates and rules, no SASL).
`admin` may do everything on each of them.
"""

import dataclasses
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile

import tokens
import wire
from broker import Broker
from cases import Security

SASL, OAUTH, TLS, MTLS = "sasl", "oauth", "tls", "mtls"
IN_THE_CLEAR = (SASL, OAUTH)
USERS = ("admin", "alice", "bob")

SETTINGS = {
    SASL: """
sasl:
  mechanisms: [PLAIN, SCRAM-SHA-256, SCRAM-SHA-512]
  users: {users}
authorization:
  super_users: ["User:admin"]
""",
    OAUTH: """
sasl:
  mechanisms: [OAUTHBEARER]
  oauth: {{ jwks: {folder}/jwks.json, issuer: "{issuer}", audience: [{audience}] }}
authorization:
  super_users: ["User:admin"]
""",
    TLS: """
tls: {{ certificate: {folder}/server.pem, key: {folder}/server.key }}
sasl:
  mechanisms: [SCRAM-SHA-512]
  users: {users}
""",
    MTLS: """
tls: {{ certificate: {folder}/server.pem, key: {folder}/server.key, client_ca: {folder}/authority.pem }}
authorization:
  super_users: ["User:CN=admin,O=busbar"]
""",
}


@dataclasses.dataclass(frozen=True)
class Site:
    """One broker with security."""

    kind: str
    bootstrap: str
    folder: str
    passwords: dict
    # Gives out tokens that the broker takes, and tokens that it does not.
    authority: tokens.Authority
    stranger: tokens.Authority

    def log(self):
        """What the broker has written so far."""
        with open(f"{self.folder}/{self.kind}.log", encoding="utf-8") as log:
            return log.read()

    def security(self, user="admin", mechanism=None, password=None, lifetime=300, **more):
        """How `user` comes in; with tokens, each for `lifetime` seconds. `more` replaces fields."""
        found = {"authority": None if self.kind in IN_THE_CLEAR else f"{self.folder}/authority.pem"}
        if self.kind == OAUTH:
            found |= dict(protocol="SASL_PLAINTEXT", mechanism="OAUTHBEARER", token=self.authority.tokens(user, lifetime))
        elif self.kind == MTLS:
            found |= dict(protocol="SSL", certificate=f"{self.folder}/{user}.pem", key=f"{self.folder}/{user}.key")
        else:
            found |= dict(protocol="SASL_PLAINTEXT" if self.kind == SASL else "SASL_SSL",
                          mechanism=mechanism or ("PLAIN" if self.kind == SASL else "SCRAM-SHA-512"), user=user,
                          password=self.passwords.get(user) if password is None else password)
        return Security(**(found | more))


class Sites:
    """The brokers, by kind. Starts and ends with the run."""

    def __init__(self, program):
        self.program = shutil.which(program) or program
        self.folder = tempfile.mkdtemp(prefix="busbar-secured-")
        self.passwords = {user: secrets.token_urlsafe(12) for user in USERS}
        self.brokers, self.sites = [], {}

    def __getitem__(self, kind):
        return self.sites[kind]

    def start(self):
        make_certificates(self.folder)
        authority, stranger = (tokens.Authority(self.folder, name) for name in ("authority", "stranger"))
        with open(f"{self.folder}/jwks.json", "w", encoding="utf-8") as file:
            file.write(tokens.key_set(authority))
        users = ", ".join(f"{{name: {user}, password: '${{env:BUSBAR_TEST_{user.upper()}}}'}}" for user in USERS)
        environment = os.environ | {f"BUSBAR_TEST_{user.upper()}": word for user, word in self.passwords.items()}
        for kind, settings in SETTINGS.items():
            with open(f"{self.folder}/{kind}.yaml", "w", encoding="utf-8") as file:
                file.write(settings.format(folder=self.folder, users=f"[{users}]", issuer=tokens.ISSUER,
                                           audience=tokens.AUDIENCE))
            bootstrap = f"127.0.0.1:{free_port()}"
            command = f"{self.program} --data-dir {self.folder}/{kind} --listen {bootstrap} --config {self.folder}/{kind}.yaml"
            broker = Broker(command, bootstrap, f"{self.folder}/{kind}.log", environment)
            self.brokers.append(broker)
            self.sites[kind] = Site(kind, bootstrap, self.folder, self.passwords, authority, stranger)
            try:
                broker.start()
            except RuntimeError as failure:
                raise RuntimeError(f"{failure}:\n{self.sites[kind].log()}") from None
            if kind != TLS:
                allow_everybodys_group(self.sites[kind])

    def end(self):
        for broker in self.brokers:
            broker.end(signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)


def allow_everybodys_group(site):
    """librdkafka looks for the coordinator of its group though it only reads, and tells of it when it may not."""
    security = site.security("admin")
    with wire.Connection(site.bootstrap, security=security) as connection:
        if security.mechanism:
            connection.log_in(security)
        answer = connection.call("CreateAcls", 2, creations=[dict(
            resource_type=3, resource_name="unused", resource_pattern_type=3, principal="User:*", host="*", operation=8,
            permission_type=3)])
    wire.check(answer.results[0], "CreateAcls")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificates(folder):
    """Two authorities; of the first a server and two clients, of the second a client that nobody shall believe."""
    for name in ("authority", "stranger-authority"):
        openssl(folder, name, f"/CN={name}")
    for name, subject, authority, more in (
            ("server", "/CN=broker", "authority", ("subjectAltName=DNS:localhost,IP:127.0.0.1",)),
            ("admin", "/O=busbar/CN=admin", "authority", ()), ("alice", "/O=busbar/OU=ops/CN=alice", "authority", ()),
            ("stranger", "/O=busbar/CN=admin", "stranger-authority", ())):
        signed = ("-CA", f"{folder}/{authority}.pem", "-CAkey", f"{folder}/{authority}.key")
        openssl(folder, name, subject, *signed, "-addext", "basicConstraints=critical,CA:FALSE",
                *(part for extension in more for part in ("-addext", extension)))


def openssl(folder, name, subject, *more):
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", subject, "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem", *more],
        capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl could not make {name}.pem: {done.stderr.decode(errors='replace').strip()}")
