"""An OpenID Connect provider on loopback: its key, its tokens, and refresh tokens that count once."""

from __future__ import annotations

import base64
import json
import ssl
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from support.certificate_authority import Authority
from support.loopback import LoopbackServer

CLIENT = "slipway"
SECRET = "the-secret-of-the-client"  # noqa: S105
HOUR = 3600


class OidcIssuer(LoopbackServer):
    """Signs tokens of users. An API server trusts it by its ``url`` and the authority's certificate."""

    def __init__(self, authority: Authority):
        pair = authority.issue("oidc", names=("127.0.0.1",))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(pair, pair.with_suffix(".key"))
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.refresh_tokens = {"first"}
        self.user = "student"
        super().__init__(_Handler, tls)

    def token(self, lasts: int = HOUR) -> str:
        """Return a token of the user that lasts so many seconds; one that has expired, with a negative number."""
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": self.user, "exp": now + lasts}
        claims["iat"] = now - HOUR
        head = {"alg": "RS256", "kid": "test", "typ": "JWT"}
        signed = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(claims).encode())}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_encoded(signature)}"

    def keys(self) -> dict:
        """Return the public key, as a JSON Web Key Set."""
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "test"}
        for name, number in (("n", numbers.n), ("e", numbers.e)):
            key[name] = _encoded(number.to_bytes((number.bit_length() + 7) // 8, "big"))
        return {"keys": [key]}

    def metadata(self) -> dict:
        """Return what the provider says of itself."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint": f"{self.url}/token",
            "authorization_endpoint": f"{self.url}/login",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def refresh(self, token: str) -> dict | None:
        """Exchange a refresh token for new tokens; None when it does not count any longer."""
        if token not in self.refresh_tokens:
            return None
        following = f"{token}-next"
        self.refresh_tokens = {following}
        issued = {"id_token": self.token(), "refresh_token": following}
        return {**issued, "access_token": "unused", "token_type": "Bearer", "expires_in": HOUR}


class _Handler(BaseHTTPRequestHandler):
    server: OidcIssuer

    def do_GET(self) -> None:
        known = {
            "/.well-known/openid-configuration": self.server.metadata,
            "/keys": self.server.keys,
        }
        self._answer(200, known[self.path]())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = urllib.parse.parse_qs(body)
        issued = self.server.refresh(given.get("refresh_token", [""])[0])
        self._answer(200 if issued else 400, issued or {"error": "invalid_grant"})

    def _answer(self, status: int, body: dict) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Keep the output of tests free of requests."""


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
