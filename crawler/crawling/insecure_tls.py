"""Certificates that are not to be trusted, and hosts whose are not looked at because the user said so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scrapy.exceptions import IgnoreRequest

from crawler.public_address import plain_host

# OpenSSL's and the standard library's words (X509_V_ERR_*), Twisted's and service_identity's classes.
_UNTRUSTED = re.compile(
    r"certificate verify failed|CERTIFICATE_VERIFY_FAILED|VerificationError|CertificateError|"
    r"DNSMismatch|IPAddressMismatch|hostname mismatch|self[- ]signed certificate"
)


class UntrustedCertificate(IgnoreRequest):
    """A https server that could not show that it is who it says it is."""


def untrusted(host: str, causes: Iterable[BaseException]) -> UntrustedCertificate | None:
    """Return what to say when one of the errors is about a certificate; None when none is."""
    for cause in causes:
        said = f"{type(cause).__name__}: {cause}"
        if _UNTRUSTED.search(said):
            return UntrustedCertificate(
                f"the certificate of {host} is not to be trusted: {_reason(said)}; "
                f"if you know why and accept it: -s INSECURE_TLS_HOSTS={host}"
            )
    return None


def is_insecure(host: str, hosts: Iterable[str]) -> bool:
    """Return whether a host, or a domain it belongs to, is among those of ``INSECURE_TLS_HOSTS``.

    >>> is_insecure("www.kabar.test", ["kabar.test"]), is_insecure("bukankabar.test", ["kabar.test"])
    (True, False)
    """
    host = plain_host(host)
    return any(host == (name := plain_host(each)) or host.endswith(f".{name}") for each in hosts if each)


def warning(hosts: Iterable[str]) -> str:
    """Return what to say of them, in a line."""
    return (
        f"certificates of {', '.join(hosts)} are NOT verified (INSECURE_TLS_HOSTS): "
        "whoever is in between can change their pages"
    )


def _reason(said: str) -> str:
    """Return the library's words on a certificate, without its own furniture."""
    found = re.search(r"certificate verify failed: ([^(\]]+)", said, re.IGNORECASE)
    if found:
        return found[1].strip()
    return "it is for another host, over, or signed by nobody that this machine knows"
