"""Whose e-mail address it is: a person's, or one that an institution answers for."""

from __future__ import annotations

import re

# What stands before the @ of an address that belongs to a desk and not to a person.
ROLES = frozenset(
    {
        "abuse",
        "admin",
        "aduan",
        "bantuan",
        "callcenter",
        "care",
        "cert",
        "contact",
        "corsec",
        "cs",
        "csirt",
        "customercare",
        "dpo",
        "editor",
        "feedback",
        "halo",
        "hallo",
        "hello",
        "help",
        "helpdesk",
        "hotline",
        "hukum",
        "humas",
        "iklan",
        "info",
        "informasi",
        "kontak",
        "lapor",
        "layanan",
        "marketing",
        "media",
        "news",
        "newsroom",
        "noreply",
        "office",
        "pengaduan",
        "postmaster",
        "ppid",
        "press",
        "privacy",
        "privasi",
        "pr",
        "public",
        "redaksi",
        "redaktur",
        "registrasi",
        "sales",
        "sekretariat",
        "security",
        "service",
        "setjen",
        "support",
        "tanya",
        "webmaster",
    }
)
_PIECES = re.compile(r"[._+\-]")


def is_personal(address: str) -> bool:
    """Return whether an e-mail address is a person's, not a desk's such as redaksi@ or humas.polri@.

    >>> is_personal("budi.santoso@example.org"), is_personal("redaksi@example.org")
    (True, False)
    """
    local = address.partition("@")[0].lower()
    if local.replace("-", "").replace("_", "").replace(".", "") in ROLES:
        return False
    return _PIECES.split(local, maxsplit=1)[0] not in ROLES
