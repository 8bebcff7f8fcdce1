"""The words of a report, in Indonesian and in English."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "report": "Laporan",
        "skip": "Langsung ke isi",
        "theme": "Tema",
        "theme_auto": "ikut perangkat",
        "theme_light": "terang",
        "theme_dark": "gelap",
        "span": "Terbit {since} sampai {until}",
        "no_span": "Tidak ada berita dengan waktu terbit",
        "asked": "Dibatasi pada berita yang terbit {period}.",
        "asked_since": "sejak {since}",
        "asked_until": "sebelum {until}",
        "asked_both": "sejak {since} dan sebelum {until}",
        "made": "Dibuat {time} oleh Baca Juga {version}",
        "redacted": "Data pribadi dalam teks disamarkan.",
        "empty": "Belum ada berita tentang topik ini dalam rentang waktu itu.",
        "stories": "berita",
        "outlets": "media",
        "links": 'tautan "Baca juga"',
        "copies": "cetak ulang",
        "edited": "berita disunting",
        "gone": "berita hilang",
        "contents": "Isi",
        "no_time": "waktu terbit tidak tercantum",
        # timeline
        "timeline": "Kapan berita terbit",
        "timeline_note": "Jumlah berita per {step} menurut media, tanpa cetak ulang. Pilih sebuah batang "
        "untuk "
        "melihat beritanya di daftar; geser bilah di bawahnya atau pakai tombol untuk memperbesar.",
        "day": "hari",
        "week": "minggu",
        "month": "bulan",
        "untimed": "{number} berita tidak mencantumkan waktu terbit.",
        "peak": "Terbanyak: {number} berita, {period}.",
        "others": "media lain",
        "period": "Waktu",
        "total": "Jumlah",
        "as_table": "Angka dalam tabel",
        "zoom_in": "Perbesar",
        "zoom_out": "Perkecil",
        "earlier": "Lebih awal",
        "later": "Lebih akhir",
        "reset": "Semua",
        "hide_outlet": "Tampilkan atau sembunyikan {outlet}",
        "outlet_filter": "Media yang digambar",
        # graph
        "graph": 'Siapa menautkan siapa dengan "Baca juga"',
        "graph_note": "Tiap titik satu berita: warna menurut media, besar menurut jumlah berita yang "
        "menautkannya. "
        "Yang saling bertaut berdekatan. Pilih titik untuk membaca rinciannya; tahan Ctrl sambil menggulir "
        "untuk memperbesar, seret untuk menggeser.",
        "graph_cut": "Digambar {shown} berita dengan tautan terbanyak dari {number}, dan {links} dari {all} "
        "tautan.",
        "graph_none": "Tidak ada tautan antarberita yang tersimpan.",
        "graph_search": "Cari berita dalam gambar",
        "graph_hits": "{number} berita cocok",
        "graph_label": "Graf {stories} berita dan {links} tautan. Rinciannya ada di tabel dan daftar berita.",
        "pick": "Pilih sebuah titik, atau cari berita.",
        "links_in": "Ditautkan oleh",
        "links_out": "Menautkan",
        "none": "tidak ada",
        "open_story": "Buka berita di {outlet}",
        "in_list": "Lihat di daftar",
        "close": "Tutup",
        "most_linked": "Berita yang paling banyak ditautkan",
        "thread": "Rangkaian",
        "thread_of": "{title} ({number})",
        # republishing
        "republishing": "Siapa lebih dulu, siapa mencetak ulang",
        "republishing_note": "Berita dengan teks yang sama atau hampir sama. Yang pertama menurut waktu "
        "terbit "
        "yang dicantumkan medianya; kemiripan diukur dari rangkaian tiga kata terhadap berita acuan, "
        "yaitu yang "
        "pertama tersimpan.",
        "republishing_none": "Tidak ada teks yang dicetak ulang.",
        "first": "Terbit pertama",
        "again": "Mencetak ulang",
        "wait": "Selang (median)",
        "outlet": "Media",
        "title": "Judul",
        "published": "Terbit",
        "after": "Selang",
        "likeness": "Kemiripan",
        "was_first": "pertama",
        "reference": "acuan",
        "exact": "sama persis",
        "near": "hampir sama, {share}",
        "contained": "termuat utuh, {share}",
        "unknown": "tidak diketahui",
        "at_once": "bersamaan",
        "by_agency": "kredit: {agency}",
        "group": "{title}: {number} cetakan",
        "and_more": "dan {number} lagi",
        # edits
        "edits": "Yang berubah setelah terbit",
        "edits_note": "Judul yang diganti dulu, lalu angka yang diganti, lalu suntingan lain. Kata yang "
        "dihapus dicoret, kata baru digarisbawahi.",
        "edits_none": "Tidak ada suntingan yang tercatat; kunjungan ulang diperlukan untuk melihatnya.",
        "version": "Versi {number}, terlihat {time}",
        "figures": "Angka",
        "words": "{added} kata ditambah, {removed} dihapus",
        "deck": "teras",
        "body": "isi",
        "more_changes": "dan {number} perubahan lain",
        "old": "semula",
        "new": "menjadi",
        # crawls
        "harvest": "Seberapa lengkap penelusurannya",
        "harvest_none": "Tidak ada catatan penelusuran untuk topik ini.",
        "harvest_line": "{fetches} halaman diambil, {stories} berita baru: hasil {share}; {left} tautan "
        "masih "
        "menunggu, {below} di bawah ambang {floor}.",
        "crawls": "Penelusuran: {number}, terakhir {time}. Berhenti: {reason}.",
        "curve": "Berita baru terhadap halaman yang diambil",
        "curve_label": "Kurva dari 0 sampai {stories} berita pada {fetches} halaman.",
        "fetched": "Halaman diambil",
        "new_stories": "Berita baru",
        "share": "Hasil",
        "by": "Menurut",
        "by_zone": "Tempat tautan",
        "by_outlet": "Media",
        "by_depth": "Langkah dari benih",
        "coverage": "Perkiraan cakupan",
        "coverage_line": "{found} dari sekitar {estimate} berita yang terjangkau tautan dari benih "
        "seperti ini "
        "(selang 95%: {low} sampai {high}). Bukan dari seluruh web: berita yang tidak ditautkan siapa pun "
        "tidak "
        "terhitung. Terlalu rendah bila ada simpul yang dituju semua, terlalu tinggi bila kedua paruh "
        "benih "
        "tentang peristiwa yang berbeda.",
        "coverage_same": "Masing-masing paruh benih mencapai {found} berita yang sama: tidak ada tanda "
        "ada lagi "
        "yang terjangkau tautan.",
        "coverage_seeds": "Tidak dapat diperkirakan: perlu sedikitnya {needed} benih yang berupa berita, "
        "ada "
        "{number}.",
        "coverage_overlap": "Tidak dapat diperkirakan: perlu {needed} berita yang dicapai kedua paruh "
        "benih, ada "
        "{number}.",
        "zone_body": '"Baca juga" dalam isi',
        "zone_list": "daftar berita",
        "zone_tag": "tag",
        "zone_discovery": "indeks media",
        "zone_seed": "benih",
        "zone_furniture": "kotak samping",
        "zone_unknown": "tidak diketahui",
        "stop_finished": "tidak ada lagi yang menjanjikan",
        "stop_waiting": "media yang tersisa harus didiamkan dulu",
        "stop_max_pages": "jatah halaman habis",
        "stop_max_minutes": "jatah waktu habis",
        "stop_shutdown": "dihentikan",
        "stop_none": "masih berjalan, atau terputus",
        # list
        "list": "Daftar berita",
        "list_cut": "Ditampilkan {shown} berita terbaru dari {number}; selengkapnya: bacajuga export.",
        "search": "Cari judul, media, atau tanggal",
        "all_outlets": "Semua media",
        "all_threads": "Semua rangkaian",
        "only_edited": "Hanya yang disunting",
        "shown": "{shown} dari {number} berita",
        "list_more": "Tampilkan {more} berita lagi (tersisa {left})",
        "clear": "Hapus saringan",
        "col_in": "Ditautkan",
        "col_out": "Menautkan",
        "col_copies": "Cetak ulang",
        "col_versions": "Versi",
        "was_edited": "disunting",
        "is_gone": "hilang",
        "made_by": "Dibuat oleh Baca Juga dari situs berita itu sendiri; periksa sumbernya sebelum "
        "mengutip. Berkas "
        "ini tidak memuat apa pun dari jaringan. Gambar: Apache ECharts (Apache-2.0).",
        "no_script": "Gambar dan saringan memerlukan JavaScript; semua angkanya ada di tabel.",
        "minutes": "{number} menit",
        "hours": "{number} jam",
        "days": "{number} hari",
    },
    "en": {
        "report": "Report",
        "skip": "Skip to content",
        "theme": "Theme",
        "theme_auto": "as the device",
        "theme_light": "light",
        "theme_dark": "dark",
        "span": "Published {since} to {until}",
        "no_span": "No story with a time of publication",
        "asked": "Only stories published {period}.",
        "asked_since": "since {since}",
        "asked_until": "before {until}",
        "asked_both": "since {since} and before {until}",
        "made": "Made {time} by Baca Juga {version}",
        "redacted": "Personal data in the texts is masked.",
        "empty": "There is no story on this topic in that time yet.",
        "stories": "stories",
        "outlets": "outlets",
        "links": '"Baca juga" (read also) links',
        "copies": "reprints",
        "edited": "stories edited",
        "gone": "stories gone",
        "contents": "Contents",
        "no_time": "no time of publication given",
        "timeline": "When stories were published",
        "timeline_note": "Stories by {step} and outlet, reprints not counted. Choose a bar to see its "
        "stories in "
        "the list; drag the slider below it or use the buttons to zoom.",
        "day": "day",
        "week": "week",
        "month": "month",
        "untimed": "{number} stories give no time of publication.",
        "peak": "Most: {number} stories, {period}.",
        "others": "other outlets",
        "period": "Time",
        "total": "Total",
        "as_table": "The figures as a table",
        "zoom_in": "Zoom in",
        "zoom_out": "Zoom out",
        "earlier": "Earlier",
        "later": "Later",
        "reset": "All",
        "hide_outlet": "Show or hide {outlet}",
        "outlet_filter": "Outlets drawn",
        "graph": 'Who links to whom by "Baca juga"',
        "graph_note": "Each dot is a story: its colour is the outlet, its size the number of stories that "
        "link to "
        "it. Linked stories stand together. Choose a dot for its details; hold Ctrl and scroll to zoom, "
        "drag to "
        "move.",
        "graph_cut": "Drawn are the {shown} stories with most links, of {number}, and {links} of {all} "
        "links.",
        "graph_none": "No links between stored stories.",
        "graph_search": "Find a story in the picture",
        "graph_hits": "{number} stories match",
        "graph_label": "Graph of {stories} stories and {links} links. The tables and the list have the "
        "details.",
        "pick": "Choose a dot, or find a story.",
        "links_in": "Linked from",
        "links_out": "Links to",
        "none": "none",
        "open_story": "Open the story at {outlet}",
        "in_list": "Show in the list",
        "close": "Close",
        "most_linked": "Stories with most links to them",
        "thread": "Thread",
        "thread_of": "{title} ({number})",
        "republishing": "Who had it first, who printed it again",
        "republishing_note": "Stories with the same text, or nearly. First is the one whose outlet gives "
        "the "
        "earliest time of publication; likeness is by runs of three words with the reference, the one "
        "that was "
        "stored first.",
        "republishing_none": "No text was printed again.",
        "first": "Published first",
        "again": "Printed again",
        "wait": "After (median)",
        "outlet": "Outlet",
        "title": "Headline",
        "published": "Published",
        "after": "After",
        "likeness": "Likeness",
        "was_first": "first",
        "reference": "reference",
        "exact": "the same",
        "near": "nearly the same, {share}",
        "contained": "wholly in it, {share}",
        "unknown": "unknown",
        "at_once": "at once",
        "by_agency": "credit: {agency}",
        "group": "{title}: {number} printings",
        "and_more": "and {number} more",
        "edits": "What changed after publication",
        "edits_note": "Changed headlines first, then changed figures, then other edits. Words that went "
        "are struck "
        "through, new words are underlined.",
        "edits_none": "No edit was seen; stories have to be visited again to see one.",
        "version": "Version {number}, seen {time}",
        "figures": "Figures",
        "words": "{added} words added, {removed} removed",
        "deck": "standfirst",
        "body": "text",
        "more_changes": "and {number} other changes",
        "old": "before",
        "new": "now",
        "harvest": "How thorough the search was",
        "harvest_none": "There is no record of a crawl of this topic.",
        "harvest_line": "{fetches} pages fetched, {stories} new stories: harvest {share}; {left} links "
        "are left "
        "to fetch, {below} below the floor of {floor}.",
        "crawls": "Crawls: {number}, the last {time}. Stopped: {reason}.",
        "curve": "New stories against pages fetched",
        "curve_label": "Curve from 0 to {stories} stories at {fetches} pages.",
        "fetched": "Pages fetched",
        "new_stories": "New stories",
        "share": "Harvest",
        "by": "By",
        "by_zone": "Place of the link",
        "by_outlet": "Outlet",
        "by_depth": "Hops from a seed",
        "coverage": "Estimated coverage",
        "coverage_line": "{found} of about {estimate} stories within reach of links from such seeds (95% "
        "interval "
        "{low} to {high}). Not of the whole web: a story that nobody links to is not counted. Too low "
        "where hubs "
        "are linked from everywhere, too high where the halves of the seeds are about different events.",
        "coverage_same": "Either half of the seeds leads to the same {found} stories: no sign of more "
        "within reach "
        "of links.",
        "coverage_seeds": "No estimate: it needs at least {needed} seeds that are stories, there are "
        "{number}.",
        "coverage_overlap": "No estimate: it needs {needed} stories that both halves of the seeds lead "
        "to, there "
        "are {number}.",
        "zone_body": '"Baca juga" in the text',
        "zone_list": "list of stories",
        "zone_tag": "tag",
        "zone_discovery": "the outlet's indexes",
        "zone_seed": "seed",
        "zone_furniture": "side box",
        "zone_unknown": "unknown",
        "stop_finished": "nothing promising was left",
        "stop_waiting": "the outlets that are left have to be left alone for a while",
        "stop_max_pages": "the page budget was spent",
        "stop_max_minutes": "the time budget was spent",
        "stop_shutdown": "interrupted",
        "stop_none": "still running, or killed",
        "list": "All stories",
        "list_cut": "Listed are the newest {shown} of {number} stories; for all of them: bacajuga export.",
        "search": "Search headlines, outlets, dates",
        "all_outlets": "All outlets",
        "all_threads": "All threads",
        "only_edited": "Only edited ones",
        "shown": "{shown} of {number} stories",
        "list_more": "Show {more} more ({left} left)",
        "clear": "Clear filters",
        "col_in": "Links in",
        "col_out": "Links out",
        "col_copies": "Reprints",
        "col_versions": "Versions",
        "was_edited": "edited",
        "is_gone": "gone",
        "made_by": "Made by Baca Juga from the news sites themselves; check the source before you quote. "
        "This file "
        "loads nothing from the network. Pictures: Apache ECharts (Apache-2.0).",
        "no_script": "Pictures and filters need JavaScript; all their figures are in the tables.",
        "minutes": "{number} min",
        "hours": "{number} h",
        "days": "{number} days",
    },
}
