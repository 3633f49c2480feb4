"""An OpenID Connect service of our own: real keys, real codes with PKCE, and every way to lie in a token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "naru-console", "a secret between the two"


@dataclass
class OidcService:
    """What the service knows, and how it answers; tests change it.

    Attributes:
        person: Claims about who signs in there.
        lies: Claims put into the id token instead of the true ones; None leaves one out.
        key: Key that signs.
        algorithm: How it signs.
    """

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    key: Any = None
    algorithm: str = "RS256"
    published: list[Any] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    traded: int = 0

    def new_key(self) -> RSAKey:
        """Makes a key, signs with it from now on, and publishes it."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
        self.published = [self.key]
        return self.key

    def authorise(self, address: str) -> str:
        """Plays the person who signs in at the service: returns the address the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert urlsplit(address).path == "/authorise"
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def trade(self, form: dict[str, str], authorisation: str) -> dict[str, Any] | None:
        """Returns the tokens for a code, once, for who proves to have asked for it."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or authorisation != f"Basic {basic}" or form["grant_type"] != "authorization_code":
            return None
        challenge = plain(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        self.traded += 1
        at = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (claims | self.person | self.lies).items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self._signed(header, claims),
        }

    def _signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        if self.algorithm == "RS256":
            return jwt.encode(header, claims, self.key, algorithms=["RS256"])
        said = ".".join(plain(json.dumps(part).encode()) for part in (header, claims))
        if self.algorithm == "none":
            return f"{said}."
        # The old trick: the public key, which everybody has, taken as the secret of an HMAC.
        return f"{said}.{plain(hmac.digest(self.key.as_pem(private=False), said.encode(), 'sha256'))}"


def plain(content: bytes) -> str:
    """Base64 as tokens have it."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@contextmanager
def oidc_service() -> Iterator[OidcService]:
    """Runs the service on a port of its own."""
    service = OidcService()
    service.new_key()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            documents = {
                "/.well-known/openid-configuration": {
                    "issuer": service.issuer,
                    "authorization_endpoint": f"{service.issuer}/authorise",
                    "token_endpoint": f"{service.issuer}/token",
                    "jwks_uri": f"{service.issuer}/keys",
                },
                "/keys": KeySet(service.published).as_dict(private=False),
            }
            self._send(200 if self.path in documents else 404, documents.get(self.path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            tokens = service.trade(form, self.headers.get("Authorization", "")) if self.path == "/token" else None
            self._send(200 if tokens else 400, tokens or {"error": "invalid_grant"})

        def _send(self, status: int, document: dict[str, Any]) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    service.issuer = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
