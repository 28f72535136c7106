"""Alembic's way in: runs the migrations on the database that `formdrift.sessions.store.migrate` names."""

from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    # batch mode: SQLite changes a table by copying it
    context.configure(connection=connection, render_as_batch=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
