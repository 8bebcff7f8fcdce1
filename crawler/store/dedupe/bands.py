"""Who has a text first: every band of a fingerprint belongs to the first article that claimed it.

Two workers that store copies at the same moment cannot both be first: the second INSERT of a band waits
for the first one's commit, and the SELECT that follows sees the owner (READ COMMITTED).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import BigInteger, Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

# One statement and one parameter for any number of keys: a row of parameters a key costs three times as much.
# In the order of the keys: workers that claim the same ones in another order would wait for each other.
_CLAIM_SQLITE = text(
    "INSERT INTO bands (band, article_id)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:claims)"
    " WHERE true ON CONFLICT DO NOTHING"
)
_CLAIM_POSTGRES = text(
    "INSERT INTO bands (band, article_id)"
    " SELECT * FROM unnest(:keys, :owners) AS claim (band, article_id) ORDER BY band ON CONFLICT DO NOTHING"
).bindparams(bindparam("keys", type_=ARRAY(BigInteger)), bindparam("owners", type_=ARRAY(BigInteger)))
_OWNERS = {
    "sqlite": text("SELECT band, article_id FROM bands WHERE band IN (SELECT value FROM json_each(:keys))"),
    "postgresql": text("SELECT band, article_id FROM bands WHERE band = ANY(:keys)").bindparams(
        bindparam("keys", type_=ARRAY(BigInteger))
    ),
}


def claim(connection: Connection, claims: Iterable[tuple[int, int]]) -> None:
    """Give each band to its article, unless it has an owner already.

    Args:
        connection: a write transaction; other workers that claim the same bands wait for its end.
        claims: pairs of band and article id, of one story or of a whole batch.
    """
    ordered = sorted(claims)
    if connection.dialect.name == "sqlite":
        connection.execute(_CLAIM_SQLITE, {"claims": json.dumps(ordered)})
    else:
        keys, owning = [band for band, _ in ordered], [article_id for _, article_id in ordered]
        connection.execute(_CLAIM_POSTGRES, {"keys": keys, "owners": owning})


def owners(connection: Connection, keys: Iterable[int]) -> dict[int, int]:
    """Return the article that each of these bands belongs to; bands without an owner are left out."""
    statement = _OWNERS[connection.dialect.name]
    rows = connection.execute(statement, {"keys": array(connection, list(keys))}).all()
    return {row.band: row.article_id for row in rows}


def array(connection: Connection, numbers: list[int]) -> str | list[int]:
    """Return numbers as the one parameter that the database takes for them: a JSON text on SQLite."""
    return json.dumps(numbers) if connection.dialect.name == "sqlite" else numbers
