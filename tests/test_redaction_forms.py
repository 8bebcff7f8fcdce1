"""Numbers that are nearly personal data, and are none: one digit too many, too few, or out of use."""

from __future__ import annotations

import pytest

from crawler.redaction.numbers import is_mobile, is_nik
from crawler.redaction.redacting import redact


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("08" + "1" * 11, True), ("08" + "1" * 12, False), ("08" + "1" * 8, True), ("08" + "1" * 6, False)],
)
def test_mobile_number_has_nine_to_twelve_digits(digits: str, expected: bool) -> None:
    assert is_mobile(digits) is expected


def test_nik_ends_in_a_running_number() -> None:
    assert is_nik("3171011708450001")
    assert not is_nik("3171011708450000")


@pytest.mark.parametrize(("number", "is_masked"), [("+62 21 123456", True), ("+62 21 12345", False)])
def test_number_with_the_country_in_front_has_eight_digits_at_least(number: str, is_masked: bool) -> None:
    assert (number not in redact(f"hubungi {number} di kantor")) is is_masked
