"""What a plan would change in the store, told before anything is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from crawler.comparing.likeness import CopyKind
from crawler.store.database import Store
from crawler.store.dedupe.redo_plan import Plan, planned
from crawler.store.schema import articles, copies

SAMPLES = 10
_PAGE = 1_000


@dataclass(kw_only=True, slots=True)
class LinkChange:
    """A story that would point somewhere else."""

    article_id: int
    url: str
    before: int | None  # the story that it repeats, so far
    after: int | None
    kind: str | None  # a CopyKind, of the new link

    @property
    def what(self) -> str:
        """Whether it becomes a copy, stops being one, or is a copy of another story or in another way."""
        if self.before == self.after:
            return "other kind"
        if self.before is None:
            return "becomes a copy"
        return "stands alone" if self.after is None else "copy of another"


@dataclass(kw_only=True, slots=True)
class Changes:
    """What a plan would change, counted, with some of the stories as samples."""

    articles: int = 0
    before: Counter[str] = field(default_factory=Counter)  # links by kind
    after: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)  # by LinkChange.what
    samples: list[LinkChange] = field(default_factory=list)
    alarms: int = 0  # hosts and texts that are taken for pages that could not be read

    @property
    def are_none(self) -> bool:
        """Whether all copies stay as they are."""
        return not self.changed and self.before == self.after


def changes(store: Store, plan: Plan) -> Changes:
    """Return what the plan would change.

    Raises:
        StoreError: when the store cannot be read.
    """
    found = Changes(alarms=len(plan.read("alarms", [])))
    with store.read() as reading, plan.write() as planning:
        for change, is_changed in link_changes(reading, planning):
            found.articles += 1
            if is_changed:
                found.changed[change.what] += 1
                if len(found.samples) < SAMPLES:
                    found.samples.append(change)
        found.before, found.after = _kinds(reading), _kinds(planning)
    return found


def link_changes(reading: Connection, planning: Connection) -> Iterator[tuple[LinkChange, bool]]:
    """Yield every planned story as it is and as it would be, and whether the two differ."""
    last = 0
    while True:
        wanted = {
            row.article_id: row
            for row in planning.execute(
                select(planned).where(planned.c.article_id > last).order_by(planned.c.article_id).limit(_PAGE)
            )
        }
        if not wanted:
            return
        last = max(wanted)
        columns = (articles.c.id, articles.c.url, articles.c.duplicate_of, articles.c.duplicate_kind)
        rows = reading.execute(
            select(*columns).where(articles.c.id.between(min(wanted), last)).order_by(articles.c.id)
        ).all()
        for row in rows:
            after = wanted.get(row.id)
            if after is None:
                continue
            change = LinkChange(
                article_id=row.id, url=row.url, before=row.duplicate_of, after=after.root_id, kind=after.kind
            )
            yield change, (row.duplicate_of, row.duplicate_kind) != (after.root_id, after.kind)


def _kinds(connection: Connection) -> Counter[str]:
    rows = connection.execute(select(copies.c.kind, func.count()).group_by(copies.c.kind)).all()
    return Counter({CopyKind(kind).value: number for kind, number in rows})
