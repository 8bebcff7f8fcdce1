"""The least markup that shows a rule: made from its selector once, and from then on what it must find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from cssselect import parse
from cssselect.parser import Attrib, Class, CombinedSelector, Element, Function, Hash, Negation, Pseudo

from crawler.blocks import text_of
from crawler.outlet import Outlet
from crawler.page import Page, Rules

# Fields whose rules all count; of the others the first that finds anything does.
ALL_COUNT = frozenset({"noise", "read_also", "caption_noise"})
FIELDS = tuple(name for name, kind in Outlet.__annotations__.items() if str(kind) == "ClassVar[Rules]")
VOID = {"img", "meta", "br", "hr", "input"}
SAMPLE = re.compile(r"<!-- (\w+): (.+?) -->\n(.*)\n")


@dataclass(frozen=True)
class Sample:
    """A page of a few tags, and what a field's rules find on it first."""

    field: str
    value: str
    html: str

    def __str__(self) -> str:
        return f"<!-- {self.field}: {self.value} -->\n{self.html}\n"

    def is_read_by(self, rules: Rules) -> bool:
        found = values(Page("https://contoh.test/", self.html), rules, every=self.field in ALL_COUNT)
        return self.value in found if self.field in ALL_COUNT else found[:1] == [self.value]


def values(page: Page, rules: Rules, *, every: bool) -> list[str]:
    """What the rules find: text, or the address of an image."""
    found: list[str] = []
    for rule in rules:
        if rule.startswith(("meta:", "ld:")) or "::attr(" in rule:
            found += page.texts((rule,))
        else:
            found += [text_of(e) or e.get("src") or "" for e in page.elements((rule,))]
        if found and not every:
            break
    return found


def parts(rules: Rules) -> Iterator[tuple[int, str]]:
    """Each selector of the rules, those joined by commas apart, with the number of its rule."""
    for at, rule in enumerate(rules):
        if rule.startswith(("meta:", "ld:")) or "," not in rule:
            yield at, rule
        else:
            yield from ((at, part.strip()) for part in re.split(r",(?![^(\[]*[)\]])", rule))


def without(rules: Rules, at: int, part: str) -> Rules:
    """The rules as they are when one selector finds nothing any more."""
    others = [other for number, other in parts(rules) if number == at and other != part]
    return (*rules[:at], *((", ".join(others),) if others else ()), *rules[at + 1 :])


def declared(outlet: Outlet) -> Iterator[tuple[str, Rules]]:
    """The fields for which an outlet has rules of its own."""
    for field in FIELDS:
        rules = getattr(outlet, field)
        if rules is not getattr(Outlet, field):
            yield field, rules


def sample_for(field: str, rules: Rules, at: int, part: str, value: str) -> Sample | None:
    """A sample that is read otherwise when the selector is broken; None when another does its work anyway."""
    target = markup(part, value)
    decoys = [markup(other, "bukan ini") for _, other in parts(rules) if other != part]
    # What stands first wins: a decoy shows that this selector finds it, and not a later, wider one.
    pages = (
        target,
        *(decoy + target for decoy in decoys),
        *(within(target, decoy) for decoy in decoys),
        target + "".join(decoys),
    )
    for html in pages:
        sample = Sample(field, value, html)
        if sample.is_read_by(rules) and not sample.is_read_by(without(rules, at, part)):
            return sample
    return None


def within(target: str, decoy: str) -> str:
    """The target with the decoy before it inside the same outer element: an id stands on a page once."""
    opening = target[: target.index(">") + 1]
    if not decoy.startswith(opening) or "</" not in decoy:
        return target
    return opening + decoy[len(opening) : decoy.rindex("</")] + target[len(opening) :]


def markup(rule: str, text: str) -> str:
    """Markup that the rule finds, with the text in it."""
    kind, _, name = rule.partition(":")
    if kind == "meta":
        return f'<meta name="{name}" content="{text}">'
    if kind == "ld":
        return f'<script type="application/ld+json">{{"@type": "NewsArticle", "{name}": "{text}"}}</script>'
    css, _, attribute = rule.partition("::attr(")
    tree = parse(css)[0].parsed_tree
    return _markup(tree, "" if attribute else text, {attribute.rstrip(")"): text} if attribute else {})


def _markup(tree: object, inner: str, more: dict[str, str]) -> str:
    if isinstance(tree, CombinedSelector):
        own = _markup(tree.subselector, inner, more)
        if tree.combinator in "+~" and tree.combinator.strip():
            return _markup(tree.selector, "", {}) + own
        return _markup(tree.selector, own, {})
    tag, attributes, before = "div", dict(more), 0
    while not isinstance(tree, Element):
        if isinstance(tree, Class):
            attributes["class"] = f"{tree.class_name} {attributes.get('class', '')}".strip()
        elif isinstance(tree, Hash):
            attributes["id"] = tree.id
        elif isinstance(tree, Attrib):
            given = tree.value.value if tree.value is not None else ""
            attributes[tree.attrib] = f"{attributes.get(tree.attrib, '')}{given}"
        elif isinstance(tree, Function) and tree.name == "nth-child":
            before = int(tree.arguments[0].value) - 1
        elif not isinstance(tree, Negation | Pseudo):
            raise AssertionError(f"{type(tree).__name__}: teach tests/rule_samples.py this form of selector")
        tree = tree.selector
    tag = tree.element or tag
    if tag == "img" and not attributes.get("src"):
        attributes["src"] = inner
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    own = f"<{tag}{written}>" if tag in VOID else f"<{tag}{written}>{inner}</{tag}>"
    return f"<{tag}></{tag}>" * before + own
