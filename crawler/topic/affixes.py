"""The forms an Indonesian root takes in running text: retas gives meretas, diretas, peretas, peretasan."""

from __future__ import annotations

from itertools import product

# A prefix that ends in a nasal fits it to the root's first letter, and swallows k, p, s and t.
SWALLOWED = {"k": "ng", "p": "m", "s": "ny", "t": "n"}
NASALS = {
    **dict.fromkeys("aiueoghk", "ng"),
    **dict.fromkeys("bpfv", "m"),
    **dict.fromkeys("cdjtz", "n"),
    "s": "n",  # loan words keep their s: mensponsori
    **dict.fromkeys("lmnrwyqx", ""),
}
ENCLITICS = ("", "nya", "ku", "mu", "lah", "kah")


def word_forms(root: str) -> frozenset[str]:
    """Every usual form of ``root``, itself included, in lower case.

    A bare ``-an`` is left out, for it tends to make another word: *bocoran* is a tip about a new telephone,
    and no leak. Write it out where it is wanted.

    >>> {"meretas", "diretasnya", "peretasan", "keretasan"} <= word_forms("retas")
    True
    >>> "kebocoran" in word_forms("bocor"), "bocoran" in word_forms("bocor")
    (True, False)
    """
    root = root.lower()
    nasal = _after_nasal(root)
    verbs = [
        root,
        *(prefix + root for prefix in ("di", "ter", "ber", "nge", "diper", "memper")),
        *("me" + form for form in nasal),
    ]
    agents = ["pe" + form for form in nasal]
    nouns = [*agents, *(form + "an" for form in agents), f"ke{root}an", f"per{root}an"]
    endings = ("", "kan") if root.endswith("i") else ("", "kan", "i")
    return frozenset(
        {verb + ending + clitic for verb, ending, clitic in product(verbs, endings, ENCLITICS)}
        | {noun + clitic for noun, clitic in product(nouns, ENCLITICS)}
    )


def _after_nasal(root: str) -> list[str]:
    """``root`` as it stands after me- and pe-, the nasal included.

    >>> _after_nasal("sebar"), _after_nasal("bobol"), _after_nasal("retas"), _after_nasal("hack")
    (['nsebar', 'nyebar'], ['mbobol'], ['retas'], ['nghack', 'ngehack'])
    """
    first = root[0]
    forms = [NASALS.get(first, "") + root]
    if first in SWALLOWED:
        forms.append(SWALLOWED[first] + root[1:])
    if sum(letter in "aiueo" for letter in root) == 1 and first not in "lmnrwy":
        forms.append("nge" + root)  # roots of one syllable: mengecek, mengebom
    return forms
