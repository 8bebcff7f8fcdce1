"""How Alembic runs a migration: on the connection that it is given, inside that transaction."""

from __future__ import annotations

from alembic import context

from crawler.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
