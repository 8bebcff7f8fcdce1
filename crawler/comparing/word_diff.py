"""Where two lists of words differ, put as a person would put it."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from difflib import SequenceMatcher

# Two changes of a few words with a word between them read better as one.
_CLOSE, _FEW = 1, 4
_ENDS = frozenset({".", "!", "?", "\n\n"})
# Comparing word by word takes the product of both lengths: longer stretches are shown as replaced whole.
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that differ, as indexes from and to in the old and the new version."""

    old_from: int
    old_to: int
    new_from: int
    new_to: int

    @property
    def is_small(self) -> bool:
        """Whether it is a matter of a few words."""
        return max(self.old_to - self.old_from, self.new_to - self.new_from) <= _FEW


def stretches(first: list[str], second: list[str]) -> list[Stretch]:
    """Return where the words differ; small changes that are close to each other are one."""
    found: list[Stretch] = []
    operations = _operations(first, second)
    for number, (tag, *indexes) in enumerate(operations):
        if tag == "equal":
            continue
        stretch = Stretch(*indexes)
        if number + 1 < len(operations):
            _, equal_from, equal_to, _, _ = operations[number + 1]
            stretch = _at_break(stretch, first, second, equal_to - equal_from)
        if (
            found
            and stretch.old_from - found[-1].old_to <= _CLOSE
            and stretch.is_small
            and found[-1].is_small
        ):
            before = found.pop()
            stretch = replace(stretch, old_from=before.old_from, new_from=before.new_from)
        found.append(stretch)
    return found


def _at_break(stretch: Stretch, first: list[str], second: list[str], room: int) -> Stretch:
    """Return an insertion or deletion moved on to where a paragraph or sentence begins.

    "one.[ Two.]" and "one[. Two]." are the same change: the first is how a person would put it.
    """
    words, start, end = (
        (second, stretch.new_from, stretch.new_to)
        if stretch.old_from == stretch.old_to
        else (first, stretch.old_from, stretch.old_to)
    )
    if stretch.old_from != stretch.old_to and stretch.new_from != stretch.new_to:
        return stretch
    for step in range(room + 1):
        begins = start + step == 0 or words[start + step - 1] in _ENDS or words[start + step] == "\n\n"
        if begins:
            return Stretch(*(index + step for index in astuple(stretch)))
        if end + step >= len(words) or words[start + step] != words[end + step]:
            break
    return stretch


def _operations(first: list[str], second: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return difflib's operations; equal beginnings and ends, most of a story, cost nothing."""
    shorter = min(len(first), len(second))
    head = next((at for at in range(shorter) if first[at] != second[at]), shorter)
    tail = next((at for at in range(shorter - head) if first[-1 - at] != second[-1 - at]), shorter - head)
    old_to, new_to = len(first) - tail, len(second) - tail
    if max(old_to, new_to) - head > _LONGEST:
        middle = [("replace", head, old_to, head, new_to)]
    else:
        matcher = SequenceMatcher(None, first[head:old_to], second[head:new_to], autojunk=False)
        middle = [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in matcher.get_opcodes()]
    return [*middle, ("equal", old_to, len(first), new_to, len(second))]
