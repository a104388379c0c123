"""A Prometheus server behind TLS with an authority of its own, and connections that break."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from data_sources.base import Interval, Request
from data_sources.queries import TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, Reply, fault_server, healthy

HOUR = Interval(NOW - 3600, NOW, 300)


def ask(source):
    return answers_of(source, [Request("it", TextSignal(query="up"), HOUR)])["it"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path: Path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with fault_server(context) as server:
        yield server


def test_an_unknown_authority_is_refused(secure, make):
    error = ask(make(url=secure.url)).error
    assert error is not None
    assert (error.code, error.facts) == ("unreachable", {"reason": "tls_self_signed", "host": "127.0.0.1"})
    assert "certificate verify failed" in error.detail
    assert secure.calls == []


def test_an_authority_of_ones_own_is_trusted(secure, make, certificate):
    assert ask(make(url=secure.url, verify_tls=str(certificate))).error is None


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_verification_can_be_switched_off(secure, make):
    assert ask(make(url=secure.url, verify_tls=False)).error is None


def test_a_connection_that_was_closed_meanwhile_is_opened_again(server, make):
    def closing(call: Call) -> Reply:
        reply = healthy(call)
        return Reply(reply.body, length=len(reply.body))  # and hangs up without a word

    server.answer = closing
    source = make()
    assert [ask(source).error for _ in range(5)] == [None] * 5


def test_a_connection_that_breaks_is_retried_once(server, make, waits):
    def rude(call: Call) -> Reply:
        if len(server.calls) == 1:
            raise ConnectionAbortedError
        return healthy(call)

    server.answer = rude
    assert ask(make()).error is None
    assert waits == [0.5]


def test_a_server_that_always_hangs_up_is_unreachable(server, make):
    def rude(_: Call) -> Reply:
        raise ConnectionAbortedError

    server.answer = rude
    error = ask(make()).error
    assert error is not None
    assert (error.code, error.facts) == ("unreachable", {"reason": "connection"})
