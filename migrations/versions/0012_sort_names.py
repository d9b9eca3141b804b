"""People in the order of the Danish alphabet, on either database."""

import sqlalchemy as sa
from alembic import op

from servicedesk.core.alphabet import sort_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BATCH = 1000
PERSON = sa.table("person", sa.column("id"), sa.column("name"), sa.column("sort_name"))


def upgrade() -> None:
    text = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.add_column("person", sa.Column("sort_name", text, nullable=False, server_default=""))
    _fill(op.get_bind())
    with op.batch_alter_table("person") as person:
        person.alter_column("sort_name", server_default=None)
        person.drop_index("ix_person_customer_id_name")
        person.create_index("ix_person_customer_id_sort_name", ["customer_id", "sort_name"])


def _fill(connection: sa.Connection) -> None:
    """In batches, so that a large register does not lie in memory as a whole."""
    last = 0
    change = PERSON.update().where(PERSON.c.id == sa.bindparam("of")).values(sort_name=sa.bindparam("key"))
    page = sa.select(PERSON.c.id, PERSON.c.name).order_by(PERSON.c.id).limit(BATCH)
    while rows := connection.execute(page.where(PERSON.c.id > last)).all():
        connection.execute(change, [{"of": person_id, "key": sort_key(name)} for person_id, name in rows])
        last = rows[-1].id


def downgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.drop_index("ix_person_customer_id_sort_name")
        person.create_index("ix_person_customer_id_name", ["customer_id", "name"])
        person.drop_column("sort_name")
