"""The words of a brief, in Indonesian and in English, and how each writes times and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "brief": "Ringkasan",
        "span": "{since} sampai {until}",
        "held": "{number} berita tentang topik ini tersimpan",
        "nothing": "Tidak ada yang baru.",
        "new": "Berita baru",
        "edited": "Berita yang disunting",
        "gone": "Berita yang dihapus atau dipindahkan",
        "links": 'Tautan "Baca juga" baru',
        "broken": "Media yang tampaknya berubah tata letaknya",
        "troubles": "Situs yang bermasalah",
        "was": "judul semula",
        "figures": "angka",
        "deletions": "dihapus",
        "words": "{added} kata ditambah, {removed} dihapus",
        "stories": "{number} berita",
        "new_of": "{new} baru dari {number} berita",
        "linked_one": "ditautkan oleh 1 berita",
        "linked": "ditautkan oleh {number} berita",
        "no_time": "waktu terbit tidak tercantum",
        "last_seen": "ketahuan hilang {time}",
        "and_more": "dan {number} lagi",
        "next": "Berikutnya",
        "from": "dari",
        "half": "dulu {then}, sekarang {now}",
        "story": "halaman yang memuat berita",
        "again": "ditanya lagi {time}",
        "summary": "{new} baru, {edited} disunting, {gone} hilang, {links} tautan baru",
        "made_by": "Dibuat oleh Baca Juga dari situs berita itu sendiri; periksa sumbernya sebelum mengutip.",
    },
    "en": {
        "brief": "Brief",
        "span": "{since} to {until}",
        "held": "{number} stories on this topic in the store",
        "nothing": "Nothing new.",
        "new": "New stories",
        "edited": "Edited stories",
        "gone": "Deleted or moved stories",
        "links": 'New "Baca juga" links',
        "broken": "Outlets that look as if they had changed their pages",
        "troubles": "Sites with trouble",
        "was": "headline before",
        "figures": "figures",
        "deletions": "deleted",
        "words": "{added} words added, {removed} removed",
        "stories": "{number} stories",
        "new_of": "{new} new of {number} stories",
        "linked_one": "linked by 1 story",
        "linked": "linked by {number} stories",
        "no_time": "no time of publication given",
        "last_seen": "found missing {time}",
        "and_more": "and {number} more",
        "next": "Next",
        "from": "from",
        "half": "{then} before, {now} now",
        "story": "pages that gave a story",
        "again": "asked again {time}",
        "summary": "{new} new, {edited} edited, {gone} gone, {links} new links",
        "made_by": "Made by Baca Juga from the news sites themselves; check the source before you quote.",
    },
}


class Wording:
    """One language's words, and times in one zone."""

    def __init__(self, language: str, zone: str) -> None:
        self.language, self.zone = language, ZoneInfo(zone)

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of that key, the values filled in."""
        return WORDS[self.language][key].format(**values)

    def number(self, value: int) -> str:
        """Return a number with the language's mark between thousands.

        >>> Wording("id", "Asia/Jakarta").number(12345)
        '12.345'
        """
        text = f"{value:,}"
        return text.replace(",", ".") if self.language == "id" else text

    def time(self, moment: datetime | None) -> str:
        """Return a moment in the zone.

        >>> Wording("id", "Asia/Jakarta").time(datetime.fromisoformat("2026-11-23T22:05Z"))
        'Selasa, 24 Nov 2026 05.05 WIB'
        """
        if moment is None:
            return self("no_time")
        local = moment.astimezone(self.zone)
        day, month = DAYS[self.language][local.weekday()], MONTHS[self.language][local.month - 1]
        clock = f"{local:%H.%M}" if self.language == "id" else f"{local:%H:%M}"
        return f"{day}, {local.day} {month} {local.year} {clock} {local.tzname()}"
