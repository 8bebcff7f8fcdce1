"""Lines that stand among a story's paragraphs and are not the story."""

from __future__ import annotations

import re

_FURNITURE = re.compile(
    r"""^\W*(?:
        advertisement\b | iklan$ | scroll\ (?:to|untuk)\b | \[gambas: | \[video | loading\b | lanjut\ membaca
        | kirim\ komentar | isi\ komentar\ sepenuhnya | komentar\ sepenuhnya
        | halaman\ (?:selanjutnya|berikutnya|sebelumnya|\d+)
        | halaman\s*(?::|$) | selanjutnya$ | (?:next|prev)$
        | dapatkan\ (?:update|informasi|berita)\b.{0,40}(?:berita|pilihan|menarik|terkini)
        | (?:ikuti|simak|dapatkan|cek|baca|temukan|follow|update)\b.{0,90}
            (?:google\ news|telegram|whatsapp|saluran|youtube\ channel|kanal\ youtube|instagram\ kami|
               media\ sosial)
        | mari\ bergabung\ di | (?:ayo\ )?ikuti\ (?:kami|akun|berita\ terkini) | kunjungi\ (?:kanal|juga)
        | berlangganan\ untuk | untuk\ membaca\ (?:artikel|berita)\ selengkapnya
        | copyright\b | ©
        | hak\ cipta | dilarang\ (?:keras\ )?(?:mengutip|mengambil|mengcopy)
        | berita\ ini\ (?:telah|sudah|juga)\ (?:tayang|terbit)
        | artikel\ ini\ (?:telah|sudah|juga)?\ ?(?:tayang|terbit|dimuat)
        | sebagian\ artikel\ ini\ (?:telah|sudah)
        | tulisan\ ini\ (?:telah|sudah)\ (?:tayang|terbit)
        | add\ as\ a\ preferred\ source | jadikan\ .{0,40}sumber\ pilihan
        | lihat\ foto$ | foto\ lainnya$ | view\ this\ post\ on | a\ post\ shared\ by
        | (?:lihat|baca|buka)\ (?:sumber|artikel)\ asli$ | bagikan(?:\ berita)?\ ini$
        | share(?:\ this)?$ | tags?\ ?:?$
        | (?:simak|tonton|lihat|saksikan)\ (?:juga\ )?video\b.{0,60}(?:di\ bawah|berikut|di\ sini)
        | \(?(?:sumber\ foto|foto|dok\.?|ilustrasi)\s*:\s
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# The caption of a picture inside the text, and the signature of an embedded tweet.
_CAPTION = re.compile(r"(?:^|[.,\s(])(?:foto|photo|credit)\s*:\s*[^.]{1,60}\.?\)?$", re.IGNORECASE)
_TWEET = re.compile(r"^[—–-]\s?.{1,60}\(@\w{1,20}\)")
_LONGEST_CAPTION = 220
_ONLY_SIGNS = re.compile(r"^[\W_]*$")
_LONGEST = 400


def is_furniture(text: str) -> bool:
    """Say whether a line is an advertisement mark, a paging, sharing or comment line or a notice."""
    if not text[:1].isalnum() and _ONLY_SIGNS.match(text):
        return True
    if len(text) > _LONGEST:
        return False
    if len(text) <= _LONGEST_CAPTION and ((":" in text and _CAPTION.search(text)) or _TWEET.match(text)):
        return True
    return bool(_FURNITURE.match(text))
