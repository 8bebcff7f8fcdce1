"""Which rows of digits are numbers that belong to a person; the check digits are python-stdnum's to know."""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.id import nik, npwp

# First two digits of a region in the numbers of the Ministry of Home Affairs, the provinces of 2022 included
# (Kepmendagri 100.1.1-6117/2022), which python-stdnum does not have yet.
PROVINCES = frozenset(
    [
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 98),
    ]
)
LAST_DAY_OF_BIRTH = 71  # women's have 40 added
# ISO/IEC 7812: Visa 4; Mastercard 51-55 and 2221-2720; American Express 34, 37; JCB, Diners and Discover
# 30, 35, 36, 38, 60, 64, 65; UnionPay 62; Maestro 50, 56-58, 63, 67; 1946 is Indonesia's own network (GPN).
_CARD = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    r"|5[0-8][0-9]{14}|6[02-57][0-9]{14}|6[237][0-9]{17}"
    r"|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|35[0-9]{14}|1946[0-9]{12}"
)


def is_nik(digits: str) -> bool:
    """Return whether 16 digits can be an identity number (NIK) or that of a family's card: region, date.

    The form is that of Permendagri 102/2019: province, district, sub-district, day (plus 40 for a woman),
    month and year of birth, running number.

    >>> is_nik("3171011708450001"), is_nik("3171013208450001"), is_nik("9971011708450001")
    (True, False, False)
    """
    if len(digits) != 16 or int(digits[:2]) not in PROVINCES or "00" in (digits[2:4], digits[4:6]):
        return False
    if int(digits[6:8]) > LAST_DAY_OF_BIRTH or digits[12:] == "0000":
        return False
    try:
        nik.get_birth_date(digits)
    except ValidationError:
        return False
    return True


def is_npwp(digits: str) -> bool:
    """Return whether 15 digits, or 16 that begin with 0, are a tax number by their check digit.

    >>> is_npwp("013121660091000"), is_npwp("013121661091000")
    (True, False)
    """
    return len(digits) in (15, 16) and (len(digits) == 15 or digits[0] == "0") and npwp.is_valid(digits)


def is_card(digits: str) -> bool:
    """Return whether the digits are a payment card's: a network's beginning and length, and the check digit.

    >>> is_card("4111111111111111"), is_card("4111111111111112"), is_card("9111111111111111")
    (True, False, False)
    """
    return _CARD.fullmatch(digits) is not None and luhn.is_valid(digits) and len(set(digits)) > 1


def is_mobile(digits: str) -> bool:
    """Return whether the digits, from 0 or 62 on, are as long as a mobile number of Indonesia.

    >>> is_mobile("081234567890"), is_mobile("6281234567890"), is_mobile("0812345")
    (True, True, False)
    """
    national = digits.removeprefix("62").removeprefix("0")
    return national.startswith("8") and 9 <= len(national) <= 12
