"""A certificate authority for tests: certificates of servers and of users."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from support.certificate import write_pair

VALID = datetime.timedelta(hours=12)


class Authority:
    """Signs certificates into one directory. Its own certificate is ``path``."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("a test")
        self.path = folder / "ca.crt"
        builder = self._builder(self._name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self._write("ca", builder, self._key)

    def issue(self, user: str, groups: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Path:
        """Sign a certificate of a user, or of a server with these names; its key is next to it, as ``.key``."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(_name(user, groups), key)
        usage = x509.ExtendedKeyUsageOID
        uses = [usage.SERVER_AUTH] if names else [usage.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        if names:
            listed = x509.SubjectAlternativeName([_general_name(name) for name in names])
            builder = builder.add_extension(listed, critical=False)
        return self._write(user.replace(":", "-"), builder, key)

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey):
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - VALID)
            .not_valid_after(now + VALID)
        )

    def _write(self, name: str, builder, key: ec.EllipticCurvePrivateKey) -> Path:
        signed = builder.sign(self._key, hashes.SHA256())
        return write_pair(self._folder / f"{name}.crt", signed, key)


def _name(common_name: str, groups: tuple[str, ...] = ()) -> x509.Name:
    oid = x509.NameOID
    parts = [x509.NameAttribute(oid.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([*parts, x509.NameAttribute(oid.COMMON_NAME, common_name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
