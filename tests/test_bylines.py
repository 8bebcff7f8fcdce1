from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.bylines import Credits, is_organisation, parse_byline, people_first, split_names

BYLINES: dict[str, tuple[list[str], list[str]]] = {
    "Penulis: Faryani Putwili": (["Faryani Putwili"], []),
    "Penulis : Faryani Putwili": (["Faryani Putwili"], []),
    "PenulisFerril Dennis": (["Ferril Dennis"], []),
    "Penulis Ani Lestari Editor Budi Santoso": (["Ani Lestari"], ["Budi Santoso"]),
    "Penulis: Ani Lestari Editor : Budi Santoso Sumber: Antara": (["Ani Lestari"], ["Budi Santoso"]),
    "Penulis: Ani Lestari | Editor: Budi Santoso": (["Ani Lestari"], ["Budi Santoso"]),
    "Ani Lestari Penulis Budi Santoso Editor": (["Ani Lestari"], ["Budi Santoso"]),
    "Ani Lestari Editor": ([], ["Ani Lestari"]),
    "Ani Lestari | Editor: Budi Santoso": (["Ani Lestari"], ["Budi Santoso"]),
    "Reporter: Ani LestariPenulis: Ani LestariEditor: Zen Rahmat": (["Ani Lestari"], ["Zen Rahmat"]),
    "Author Ratna Asih Editor Adit Saputra": (["Ratna Asih"], ["Adit Saputra"]),
    "Rep: Dwina Agustin/ Red: Yudha Manggala P Putra": (["Dwina Agustin"], ["Yudha Manggala P Putra"]),
    "Red: Isra Itah": ([], ["Isra Itah"]),
    "Rep: C31/ Red: Isra Itah": ([], ["Isra Itah"]),
    "Redaktur & Reporter : Boy": (["Boy"], ["Boy"]),
    "Pewarta: Budi Santoso dan Agus S": (["Budi Santoso", "Agus S"], []),
    "Editor: Agus Setiawan Copyright © ANTARA 2024": ([], ["Agus Setiawan"]),
    "Oleh Novita Ayu pada 21 Jul 2021, 07:00 WIB": (["Novita Ayu"], []),
    "Oleh: Naufal Mahmud - 14 Juni 2018": (["Naufal Mahmud"], []),
    "Oleh - Ani Lestari": (["Ani Lestari"], []),
    "By Ani Lestari": (["Ani Lestari"], []),
    "Natasya Oktavia, Jurnalis · Kamis 09 Juli 2020 07:26 WIB": (["Natasya Oktavia"], []),
    "Danang Arya ,\xa0Jurnalis-Jum'at, 24 Juli 2026 |15:18 WIB": (["Danang Arya"], []),
    "Abi Sarwanta, CNN Indonesia | Selasa, 01/05/2018 05:27 WIB": (["Abi Sarwanta"], []),
    "Vina Paramita - detikHealth": (["Vina Paramita"], []),
    "Mita Bakara, Mita Bakara - detikNews": (["Mita Bakara"], []),
    "PERISTIWA | 17 Juni 2021 11:38 Reporter : Aksara Bebi": (["Aksara Bebi"], []),
    "Laban Laisiliana : 19 Jun 2015 | 13:06": (["Laban Laisiliana"], []),
    "Laporan Wartawan Tribunnews.com, Ani Lestari": (["Ani Lestari"], []),
    "Laporan Wartawan Tribun Medan / Togar Siahaan": (["Togar Siahaan"], []),
    "Laporan dari Jakarta": ([], []),
    "Kontributor Padang, Rahmadi": (["Rahmadi"], []),
    "Isa Jusufa (Kontributor)": (["Isa Jusufa"], []),
    "Penulis: Ani Lestari, S.H. dan Budi, M.Si": (["Ani Lestari, S.H.", "Budi, M.Si"], []),
    "Ani, M Bakri": (["Ani", "M Bakri"], []),
    "Penulis: Contoh Reporter": (["Contoh Reporter"], []),
    "Editor: Contoh Editor": ([], ["Contoh Editor"]),
    "Oleh Ani Lestari | Rabu, 26 Mei 2021 07:30 WIB (diperbarui Rabu, 26 Mei 2021 09:05 WIB)": (
        ["Ani Lestari"],
        [],
    ),
    "Ani Lestari , Jurnalis-Jum'at, 24 Juli 2026 |15:18 WIB": (["Ani Lestari"], []),
    "Ani Lestari Terbit 2 Sep 2025 17:00 WIB, diperbarui 3 Sep 2025 08:00 WIB": (["Ani Lestari"], []),
    "Tim detikcom - detikNews": (["Tim detikcom"], []),
}


@pytest.mark.parametrize(("text", "expected"), BYLINES.items())
def test_byline_gives_names_only(text: str, expected: tuple[list[str], list[str]]) -> None:
    assert parse_byline(text) == Credits(*expected)


@pytest.mark.parametrize(
    "name",
    ["Kompas Cyber Media", "Liputan6.com", "Tempo.co", "Antara", "Redaksi", "Tim Redaksi", "Terjemahan"],
)
def test_organisation_is_no_person(name: str) -> None:
    assert is_organisation(name)


@pytest.mark.parametrize("name", ["Tempo Sutomo", "Antaria Dewi", "Viva Yoga", "Suara Rakyatno"])
def test_person_with_an_outlets_word_is_a_person(name: str) -> None:
    assert not is_organisation(name)


def test_organisation_stays_where_no_person_is_named() -> None:
    assert people_first(["Tempo.co"]) == ["Tempo.co"]
    assert people_first(["Tempo.co", "Ani Lestari"]) == ["Ani Lestari"]


@given(
    st.lists(st.sampled_from(["Ani Lestari", "Budi Santoso", "M. Fikri", "Dewi A"]), min_size=1, unique=True)
)
def test_joined_names_come_apart_again(names: list[str]) -> None:
    assert split_names(", ".join(names)) == names
    assert split_names(" dan ".join(names)) == names


@given(st.text(max_size=150))
def test_any_text_gives_names_without_raising(text: str) -> None:
    found = parse_byline(text)
    assert all(2 <= len(name) <= 60 for name in found.authors + found.editors)
