"""The kinds of personal data, each by how it is printed, what it has to fulfil and what takes its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler.redaction.addresses import is_personal
from crawler.redaction.numbers import is_card, is_mobile, is_nik, is_npwp

NEAR = 60  # characters, within which a word tells what a number is
_NOT_DIGIT = re.compile(r"[^0-9]")
_MONEY = re.compile(r"(?:\bRp|\bIDR|\bUSD|\bUS\$|\$)\.?\s*$", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12][0-9]|3[01])|[0-9]{1,2}-[0-9]{1,2}-"
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
_SPACE = "[ \u00a0\u202f\u2009]"
_JOINT = f"(?:{_SPACE}|[-\u2010-\u2013])"
_PASSPORT_NEAR = re.compile(r"\b(?:paspor|passport)\b(?! disamarkan)", re.IGNORECASE)
_TAX_NEAR = re.compile(r"\bnpwp\b(?! disamarkan)", re.IGNORECASE)
_ACCOUNT_BEFORE = re.compile(
    r"\b(?:rekening|norek|no\.?\s?rek)\b(?! disamarkan)[^0-9\n]{0,40}$", re.IGNORECASE
)
_OWNER_AFTER = re.compile(r"[^0-9\n]{0,6}\b(?:a\.?[n/]\.?(?!\w)|atas nama\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of personal data."""

    name: str
    mask: str  # has neither digits nor @, so that it is not masked again
    pattern: re.Pattern[str]
    is_one: Callable[[re.Match[str]], bool]


def _digits(found: re.Match[str]) -> str:
    return _NOT_DIGIT.sub("", found[0])


def _around(found: re.Match[str]) -> str:
    """Return the characters before and after what was found, without itself."""
    before = found.string[max(0, found.start() - NEAR) : found.start()]
    return f"{before} {found.string[found.end() : found.end() + NEAR]}"


def _is_money(found: re.Match[str]) -> bool:
    return _MONEY.search(found.string, max(0, found.start() - 8), found.start()) is not None


def _is_phone(found: re.Match[str]) -> bool:
    digits = _digits(found)
    if found[0].startswith(("+", "(+")):
        return 8 <= len(digits) - 2 <= 13
    return is_mobile(digits) and not _is_money(found) and not _THOUSANDS.fullmatch(found[0])


def _is_account(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - NEAR) : found.start()]
    return (
        10 <= len(_digits(found)) <= 16
        and (_ACCOUNT_BEFORE.search(before) or _OWNER_AFTER.match(found.string, found.end())) is not None
        and not _is_money(found)
        and not _DATE.match(found[0])
    )


# In this order: the number of the most exact form first.
KINDS = (
    Kind(
        name="email",
        mask="[surel disamarkan]",
        pattern=re.compile(r"(?<![\w.%+-])[\w.%+-]++@(?:[\w-]++\.)+[^\W\d_]{2,}"),
        is_one=lambda found: is_personal(found[0]),
    ),
    Kind(
        name="npwp",
        mask="[NPWP disamarkan]",
        # So written it is no other number, whatever its check digit.
        pattern=re.compile(r"(?<![0-9.])0?[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}(?![0-9])"),
        is_one=lambda found: True,
    ),
    Kind(
        name="nik",
        mask="[NIK disamarkan]",
        pattern=re.compile(
            r"(?<![0-9])(?:[0-9]{16}"
            rf"|[0-9]{{6}}(?P<a>{_JOINT}|\.)[0-9]{{6}}(?P=a)[0-9]{{4}}"
            rf"|[0-9]{{4}}(?P<b>{_JOINT}|\.)[0-9]{{4}}(?P=b)[0-9]{{4}}(?P=b)[0-9]{{4}}"
            r"|[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{6}\.[0-9]{4})(?![0-9])"
        ),
        is_one=lambda found: is_nik(_digits(found)),
    ),
    Kind(
        name="card",
        mask="[nomor kartu disamarkan]",
        pattern=re.compile(
            r"(?<![0-9])(?:[0-9]{13,19}"
            rf"|[0-9]{{4}}(?P<a>{_JOINT})[0-9]{{4}}(?P=a)[0-9]{{4}}(?P=a)[0-9]{{4}}(?:(?P=a)[0-9]{{3}})?"
            rf"|[0-9]{{4}}(?P<b>{_JOINT})[0-9]{{6}}(?P=b)[0-9]{{4,5}})(?![0-9])"
        ),
        is_one=lambda found: is_card(_digits(found)) and not _is_money(found),
    ),
    Kind(
        name="npwp",
        mask="[NPWP disamarkan]",
        pattern=re.compile(r"(?<![0-9])[0-9]{15,16}(?![0-9])"),
        is_one=lambda found: is_npwp(found[0]) and _TAX_NEAR.search(_around(found)) is not None,
    ),
    Kind(
        name="bpjs",
        mask="[nomor BPJS disamarkan]",
        # The card number of the national health insurance (JKN).
        pattern=re.compile(r"(?<![0-9.,])000[0-9]{10}(?![0-9])"),
        is_one=lambda found: True,
    ),
    Kind(
        name="phone",
        mask="[nomor telepon disamarkan]",
        pattern=re.compile(
            # Abroad: +62 and whatever follows in groups. At home: 08..., or 628... without a plus.
            rf"(?<![0-9])\(?\+62\)?(?:(?:{_JOINT}|\.|\(|\)){{0,2}}[0-9]{{1,13}}){{1,6}}(?![0-9])"
            rf"|(?<![0-9])(?<![0-9][.,/:])(?:0|62{_JOINT}?0?)8[1-9][0-9]{{0,11}}"
            rf"(?:(?:{_JOINT}|\.)[0-9]{{2,5}}){{0,4}}(?![0-9])"
        ),
        is_one=_is_phone,
    ),
    Kind(
        name="phone",
        mask="[nomor telepon disamarkan]",
        # A line at home: the code of an area, and 7 or 8 digits in Jakarta, Bandung, Semarang, Surabaya and
        # Medan, 6 to 8 elsewhere. Fewer are a hotline's.
        pattern=re.compile(
            rf"(?<![0-9])(?<![0-9][.,/:-])\(?0(?:(?:2[124]|31|61)\)?{_JOINT}{{1,3}}(?=(?:{_JOINT}?[0-9]){{7}})"
            rf"|(?!2[124]|31|61)[2-79][0-9]{{2}}\)?{_JOINT}{{1,3}})"
            rf"[0-9]{{3,4}}(?:{_JOINT}?[0-9]{{3,4}})(?![0-9]|{_JOINT}[0-9]|[.,/][0-9])"
        ),
        is_one=lambda found: not _is_money(found),
    ),
    Kind(
        name="account",
        mask="[nomor rekening disamarkan]",
        pattern=re.compile(r"(?<![0-9.,])[0-9]{3,16}(?:-[0-9]{1,10}){0,5}(?![0-9.,]?[0-9])"),
        is_one=_is_account,
    ),
    Kind(
        name="passport",
        mask="[nomor paspor disamarkan]",
        pattern=re.compile(rf"(?<!\w)[A-Z]{{1,2}}{_SPACE}?[0-9]{{6,7}}(?!\w)"),
        is_one=lambda found: _PASSPORT_NEAR.search(_around(found)) is not None,
    ),
)
