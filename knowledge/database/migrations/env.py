"""Runs Alembic's migrations on the database named in the configuration."""

from alembic import context

from knowledge.database.engine import engine
from knowledge.database.tables import Base


def run() -> None:
    """Applies the migrations in one transaction."""
    with engine(context.config.get_main_option("sqlalchemy.url") or "").connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


run()
