"""What a person searches for: words, "phrases", -words and word*, as every search box takes them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from crawler.errors import SearchError

MOST_WORDS = 64
LONGEST_WORD = 100  # letters

# A minus sign counts before a word, not within one: "covid-19" is two words that follow each other.
_PART = re.compile(
    r"(?P<minus>-(?=[^\s-]))?"
    r"(?:[\"“”„](?P<phrase>[^\"“”„]*)(?:[\"“”„]|$)(?P<after>\*?)|(?P<word>\S+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other; of the last one only the beginning when ``is_prefix``."""

    words: tuple[str, ...]  # letters and digits only
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Which texts are meant: those with a term of each group of ``all_of``, and none of ``none_of``."""

    all_of: tuple[tuple[Term, ...], ...]
    none_of: tuple[Term, ...] = ()

    @property
    def has_prefix(self) -> bool:
        """Whether the beginning of a word is enough somewhere."""
        return any(term.is_prefix for group in self.all_of for term in group)

    @property
    def has_phrase(self) -> bool:
        """Whether words have to follow each other somewhere."""
        return any(len(term.words) > 1 for group in self.all_of for term in group)


def parse_query(text: str) -> Query:
    """Return what the text asks for.

    All words have to be there, in any order; "words in quotation marks" one after the other; -word must not;
    word* stands for all words that begin so; OR between two terms asks for either.

    >>> parse_query('kotz "raid forums" -ponsel bocor*').none_of
    (Term(words=('ponsel',), is_prefix=False),)

    Raises:
        SearchError: when there is nothing to find, too much, or a * where no index can follow it.
    """
    groups: list[tuple[Term, ...]] = []
    none_of: list[Term] = []
    joins_next = False
    for part in _PART.finditer(unicodedata.normalize("NFC", text)):
        if part["word"] == "OR" and not part["minus"]:
            joins_next = bool(groups)
            continue
        term = _term(part)
        if term is None:
            continue
        if part["minus"]:
            none_of.append(term)
        elif joins_next:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        joins_next = False
    if not groups:
        wanted = "one word without a minus sign" if none_of else "a word"
        raise SearchError(f"nothing to search for in {text!r}; give at least {wanted}, such as: kotz")
    terms = [*none_of, *(term for group in groups for term in group)]
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        raise SearchError(f"a search takes at most {MOST_WORDS} words; leave some out")
    return Query(all_of=tuple(groups), none_of=tuple(none_of))


def _term(part: re.Match[str]) -> Term | None:
    written = part["phrase"] if part["phrase"] is not None else part["word"]
    is_prefix = part["after"] == "*" if part["phrase"] is not None else written.endswith("*")
    if "*" in written.rstrip("*"):
        raise SearchError(
            f"{written!r}: a * can only stand at the end of a word; write {_before_star(written)}*"
        )
    words = _words(written)
    longest = max(words, key=len, default="")
    if len(longest) > LONGEST_WORD:
        raise SearchError(
            f"{longest[:20]}...: no word has {len(longest)} letters; give a beginning: {longest[:8]}*"
        )
    return Term(words, is_prefix or written.endswith("*")) if words else None


def _words(text: str) -> tuple[str, ...]:
    """Return the runs of letters and digits, with the accents that stand apart from their letter."""
    runs = groupby(text, key=lambda character: character.isalnum() or unicodedata.combining(character) > 0)
    words = ("".join(run) for is_word, run in runs if is_word)
    return tuple(word for word in words if any(character.isalnum() for character in word))


def _before_star(text: str) -> str:
    return next((word for word in text.replace('"', "").split("*") if word), "word")
