"""Certificates for servers of tests."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOUR = datetime.timedelta(hours=1)


def certificate(folder: Path, ends: datetime.timedelta = HOUR) -> Path:
    """Make a certificate of 127.0.0.1 that is its own authority; its key is next to it, as ``ca.key``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test on loopback")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    end = datetime.datetime.now(datetime.UTC) + ends
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - 2 * HOUR)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return write_pair(folder / "ca.crt", signed, key)


def write_pair(path: Path, signed: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Path:
    """Write a certificate to a path, and its key next to it, as ``.key``; return the path."""
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
