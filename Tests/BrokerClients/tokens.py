"""An authority that gives out JSON Web Tokens for OAUTHBEARER; signed by the openssl program, so that no library is needed."""

import base64
import json
import os
import subprocess
import time

ISSUER, AUDIENCE = "https://login.test", "busbar"


def openssl(*arguments, stdin=None):
    done = subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def encoded(data):
    """Base64 for URLs, without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authority:
    """One RS256 key in a folder, under the name that its tokens give as `kid`."""

    def __init__(self, folder, name):
        self.name, self.path = name, f"{folder}/{name}.jwt.key"
        if not os.path.exists(self.path):
            openssl("genrsa", "-out", self.path, "2048")

    def public(self):
        """The key as a JSON Web Key (RFC 7517)."""
        modulus = openssl("rsa", "-in", self.path, "-noout", "-modulus").decode().strip().partition("=")[2]
        return dict(kty="RSA", alg="RS256", use="sig", kid=self.name, n=encoded(bytes.fromhex(modulus)), e="AQAB")

    def token(self, subject, lifetime=300, **claims):
        """A token that speaks for `subject` and ends in `lifetime` seconds; `claims` replace its own."""
        payload = dict(iss=ISSUER, aud=AUDIENCE, sub=subject, exp=time.time() + lifetime) | claims
        parts = [encoded(json.dumps(part).encode()) for part in (dict(alg="RS256", typ="JWT", kid=self.name), payload)]
        text = ".".join(parts)
        return f"{text}.{encoded(openssl('dgst', '-sha256', '-sign', self.path, stdin=text.encode()))}"

    def tokens(self, subject, lifetime=300, shown=None, **claims):
        """What a client asks for tokens: gives one and when it ends, and notes each. The client is told that a token
        lasts `shown` seconds where that is not the truth."""
        def give():
            give.given.append(time.monotonic())
            return self.token(subject, lifetime, **claims), time.time() + (lifetime if shown is None else shown)

        give.given = []
        return give


def key_set(*authorities):
    return json.dumps(dict(keys=[authority.public() for authority in authorities]))
