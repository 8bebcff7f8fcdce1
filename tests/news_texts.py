"""Our own stories, copies of them as outlets make them, and stories that only look alike."""

# ruff: noqa: E501 - sentences stand whole
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

_WHO = (
    "Kepala dinas perhubungan", "Ketua komisi pengawas", "Juru bicara kementerian", "Wali kota", "Pengelola pasar",
    "Peneliti keamanan siber", "Direktur rumah sakit", "Kapolres setempat", "Seorang pedagang", "Rektor kampus itu",
    "Anggota dewan", "Pemilik warung", "Koordinator relawan", "Petugas lapangan", "Ahli tata kota", "Warga bantaran",
)  # fmt: skip
_VERB = (
    "menjelaskan bahwa", "membantah kabar bahwa", "memastikan", "menduga", "mengakui", "mengingatkan bahwa",
    "menyayangkan", "melaporkan bahwa", "menegaskan", "menolak anggapan bahwa", "berharap", "menyebut",
)  # fmt: skip
_WHAT = (
    "aliran listrik ke gudang", "antrean kendaraan di gerbang", "data pelanggan lama", "pasokan beras",
    "renovasi jembatan gantung", "jadwal kereta malam", "tarif parkir tepi jalan", "pembagian bantuan tunai",
    "kebocoran pipa utama", "seleksi guru kontrak", "izin tambang pasir", "kapal penyeberangan terakhir",
    "server cadangan di lantai bawah", "dana perbaikan sekolah", "sistem antrean daring", "lelang kendaraan dinas",
)  # fmt: skip
_STATE = (
    "belum bisa dipulihkan", "sudah ditangani sejak subuh", "akan diaudit pihak luar", "ditunda tanpa batas waktu",
    "berjalan sesuai rencana", "merugikan banyak keluarga", "tidak pernah dilaporkan", "mulai berangsur normal",
    "perlu dihitung ulang", "menjadi sorotan media asing", "dipindahkan ke kota sebelah", "dibiayai dari kas daerah",
)  # fmt: skip
_WHY = (
    "karena hujan turun tiga hari berturut-turut", "setelah rapat tertutup di balai kota", "menjelang libur panjang",
    "sebab anggarannya terlambat cair", "meski keluhan sudah masuk berkali-kali", "sambil menunggu hasil pemeriksaan",
    "seiring naiknya permintaan", "usai pertemuan dengan perwakilan warga", "tanpa pemberitahuan lebih dahulu",
    "berdasarkan catatan yang dibuka kemarin", "akibat salah hitung pada awal tahun", "berkat sumbangan perantau",
)  # fmt: skip
_PLACE = (
    "Cirebon",
    "Kendari",
    "Palu",
    "Magelang",
    "Jember",
    "Sorong",
    "Bukittinggi",
    "Pontianak",
    "Banyuwangi",
    "Ende",
)
_UNIT = ("orang", "rumah", "hektare", "juta rupiah", "ton", "kendaraan", "akun", "unit", "kilometer", "hari")
_TITLE = ("Ini Penyebab {0}", "{0} Dikeluhkan Warga", "Fakta Baru soal {0}", "{0}: Apa yang Perlu Diketahui")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A story as far as copies go."""

    title: str
    dateline: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """The text as an outlet prints it."""
        first, *rest = self.paragraphs
        return "\n\n".join([f"{self.dateline} - {first}", *rest])


def sentence(random: Random) -> str:
    """A sentence such as stands in the middle of a story."""
    figure = f", mencakup {random.randint(2, 980)} {random.choice(_UNIT)}" if random.random() < 0.45 else ""
    place = f" di {random.choice(_PLACE)}" if random.random() < 0.4 else ""
    return (
        f"{random.choice(_WHO)} {random.choice(_VERB)} {random.choice(_WHAT)}{place} {random.choice(_STATE)} "
        f"{random.choice(_WHY)}{figure}."
    )


def paragraphs(random: Random, count: int) -> tuple[str, ...]:
    return tuple(" ".join(sentence(random) for _ in range(random.choice((1, 2, 2, 3)))) for _ in range(count))


def story(random: Random) -> Text:
    """A story of 100 to 350 words that is like no other."""
    place = random.choice(_PLACE)
    date = f"({random.randint(1, 28)}/{random.randint(1, 12)}/{random.randint(2019, 2026)})"
    first, *rest = paragraphs(random, random.randint(5, 9))
    return Text(
        title=random.choice(_TITLE).format(random.choice(_WHAT).capitalize()),
        dateline=f"{place.upper()}, KOMPAS.com",
        paragraphs=(f"{first} Hal itu disampaikan di {place}, {date}.", *rest),
    )


# What outlets do to a text that they take over --------------------------------------------------------------


def dateline_changed(text: Text, random: Random) -> Text:
    return replace(text, dateline=f"TRIBUNNEWS.COM, {random.choice(_PLACE).upper()}")


def headline_changed(text: Text, random: Random) -> Text:
    return replace(text, title=random.choice(_TITLE).format("Kabar Terbaru"))


def sentence_dropped(text: Text, random: Random) -> Text:
    at = random.randrange(1, len(text.paragraphs))
    sentences = text.paragraphs[at].split(". ")
    kept = ". ".join(sentences[:-1])
    changed = [*text.paragraphs]
    changed[at : at + 1] = [f"{kept}."] if kept else []
    return replace(text, paragraphs=tuple(changed))


def paragraphs_reordered(text: Text, random: Random) -> Text:
    first, *rest = text.paragraphs
    random.shuffle(rest)
    return replace(text, paragraphs=(first, *rest))


def first_words_changed(text: Text, random: Random) -> Text:
    first = text.paragraphs[0]
    return replace(
        text, paragraphs=(f"Kabar dari daerah: {first[0].lower()}{first[1:]}", *text.paragraphs[1:])
    )


def sentence_added(text: Text, random: Random) -> Text:
    return replace(text, paragraphs=(*text.paragraphs, sentence(random)))


Change = Callable[[Text, Random], Text]
CHANGES: tuple[Change, ...] = (
    dateline_changed,
    headline_changed,
    sentence_dropped,
    paragraphs_reordered,
    first_words_changed,
    sentence_added,
)


def copy_of(text: Text, random: Random) -> Text:
    """The text as another outlet prints it: one to three things changed."""
    for change in random.sample(CHANGES, random.randint(1, 3)):
        text = change(text, random)
    return text


# Stories that only look alike -------------------------------------------------------------------------------


def follow_up(text: Text, random: Random) -> Text:
    """A later story on the same thing: 30 to 50 % of its words are the background of the first."""
    background = text.paragraphs[len(text.paragraphs) // 2 :]
    words = sum(len(each.split()) for each in background)
    share = random.uniform(0.3, 0.5)
    fresh: list[str] = []
    while sum(len(each.split()) for each in fresh) < words * (1 - share) / share:
        fresh.append(sentence(random))
    return replace(text, title=f"Babak Baru: {text.title}", paragraphs=(*fresh, *background))


def gold_price(random: Random) -> Text:
    """One day of a price series: the same sentences, other figures."""
    price = random.randint(900, 1400)
    date = f"({random.randint(1, 28)}/{random.randint(1, 12)}/{random.choice((2023, 2024))})"
    move = random.choice(("naik", "turun", "merosot", "menguat"))
    weights = ("0,5", "1", "5", "10", "100")
    table = "\n".join(
        f"Harga emas {weight} gram: Rp {round(price * float(weight.replace('.', '').replace(',', '.')) * 1.01)}.{random.randint(100, 999)}"
        for weight in weights
    )
    return Text(
        title=f"Harga Emas Batangan Hari Ini {move.capitalize()} Jadi Rp {price}.000 per Gram",
        dateline="JAKARTA, KOMPAS.com",
        paragraphs=(
            f"Harga emas batangan hari ini {date} {move} Rp {random.randint(1, 19)}.000 menjadi Rp {price}.000 per gram "
            f"dari perdagangan sebelumnya di level Rp {price + random.randint(2, 19)}.000.",
            f"Harga beli kembali ikut {move} ke Rp {price - random.randint(60, 120)}.{random.randint(100, 999)} per gram.",
            "Berikut daftar harga emas batangan di butik resmi, belum termasuk pajak penghasilan.",
            table,
            "Produk dijual dalam beberapa ukuran agar pembeli dapat menyesuaikannya dengan isi dompet.",
            "Pembeli yang membawa nomor pokok wajib pajak membayar potongan lebih kecil daripada pembeli lain.",
            "Harga dapat berubah sewaktu-waktu mengikuti pasar internasional dan nilai tukar rupiah.",
            "Calon pembeli disarankan memesan lebih dahulu lewat laman resmi sebelum datang ke butik terdekat.",
        ),
    )


def live_score(random: Random) -> Text:
    """One match of a template that prints other teams and figures into the same sentences."""
    teams = (
        "Persib",
        "Arema",
        "Bali United",
        "Persija",
        "PSM",
        "Madura United",
        "Borneo",
        "Persebaya",
        "Dewa United",
    )
    home, away = random.sample(teams, 2)
    goals, others = random.randint(0, 4), random.randint(0, 4)
    shots = [random.randint(1, 24) for _ in range(6)]
    return Text(
        title=f"Hasil {home} vs {away}: Skor {goals}-{others}",
        dateline="BOLA, KOMPAS.com",
        paragraphs=(
            f"Laga {home} kontra {away} pada pekan ke-{random.randint(1, 34)} liga berakhir dengan skor {goals}-{others}.",
            f"Tuan rumah {home} membuat {shots[0]} tembakan, {shots[1]} di antaranya tepat sasaran.",
            f"Tim tamu {away} membalas dengan {shots[2]} tembakan dan {shots[3]} sepak pojok.",
            f"Gol pertama lahir pada menit ke-{random.randint(1, 45)}, sedangkan gol terakhir pada menit ke-{random.randint(46, 90)}.",
            f"Wasit mengeluarkan {shots[4] % 6} kartu kuning dan {shots[5] % 2} kartu merah sepanjang laga.",
            f"Dengan hasil ini {home} mengumpulkan {random.randint(3, 70)} poin dari {random.randint(5, 34)} pertandingan.",
            "Susunan pemain kedua kesebelasan dan klasemen lengkap dapat dilihat pada laman resmi liga.",
        ),
    )
