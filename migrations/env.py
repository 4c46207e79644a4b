"""What Alembic runs: one transaction under the writer's lock, on the connection of models.migrate or, from the alembic command, on its own."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection

from models.engine import open_engine
from models.lock import hold_writer
from models.migrate import comparison_options, migrating


def run(connection: Connection) -> None:
    with migrating(connection):
        context.configure(
            connection=connection,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
            **comparison_options(),
        )
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = os.environ.get("DATELINE_DATABASE_URL", "sqlite:///dateline.db")
    with hold_writer(open_engine(url), command="alembic", wait=0.0) as writer:
        run(writer.connection)
