"""No selector can break unseen: tests/rules/ shows for each one the least markup that it must find.

The samples are made from a selector when there is none for it yet, and then stay: they are the layout as it
was known. That a layout is real is shown by the page pairs; that a rule still does its work, here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.outlets import OUTLETS, outlet_named
from tests.rule_samples import SAMPLE, Sample, declared, parts, sample_for, without

RULES = Path(__file__).parent / "rules"
NAMES = sorted([*OUTLETS, "generic"])


def samples_of(name: str) -> list[Sample]:
    path = RULES / f"{name}.html"
    return [Sample(*found) for found in SAMPLE.findall(path.read_text())] if path.exists() else []


@pytest.mark.parametrize("name", NAMES)
def test_rules_find_what_they_found(name: str) -> None:
    rules = dict(declared(outlet_named(name)))
    lost = [str(each) for each in samples_of(name) if not each.is_read_by(rules.get(each.field, ()))]
    assert not lost, (
        f"{name} does not find any more:\n{''.join(lost)}"
        f"Mend the rule; if the layout is given up, delete the sample in {RULES / name}.html"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_selector_is_seen(name: str) -> None:
    samples = samples_of(name)
    new: list[Sample] = []
    idle: list[str] = []
    for field, rules in declared(outlet_named(name)):
        own = [each for each in samples if each.field == field and each.is_read_by(rules)]
        for at, part in parts(rules):
            broken = without(rules, at, part)
            if any(not each.is_read_by(broken) for each in own):
                continue
            sample = sample_for(field, rules, at, part, f"{field} {len(samples) + len(new) + 1}")
            if sample is None:
                idle.append(f"{field}: {part}")
            else:
                new.append(sample)
    assert not idle, f"crawler/outlets/{name}.py: other rules find all that these find; drop them: {idle}"
    if new:
        RULES.mkdir(exist_ok=True)
        with (RULES / f"{name}.html").open("a") as file:
            file.writelines(map(str, new))
        pytest.fail(f"wrote {len(new)} samples into {RULES / name}.html: please review, then run again")
