"""Runs the migrations on the connection, and inside the transaction, that `store.schema` hands over."""

from alembic import context

from tomoni.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
