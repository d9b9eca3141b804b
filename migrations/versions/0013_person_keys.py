"""What people are found by, in one spelling for å and aa, ø and oe, æ and ae, whatever the case and the accents."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from servicedesk.organisation.person_keys import keys_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BATCH = 1000
PERSON = sa.table("person", *map(sa.column, ("id", "name", "initials", "email", "phone")))
KEY = sa.table("person_key", *map(sa.column, ("key", "person_id", "written")))


def upgrade() -> None:
    op.create_table(
        "person_key",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("written", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_key_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "person_id", name=op.f("pk_person_key")),
    )
    op.create_index("ix_person_key_person_id", "person_key", ["person_id"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """In batches, so that a large register does not lie in memory as a whole."""
    last = 0
    page = sa.select(PERSON).order_by(PERSON.c.id).limit(BATCH)
    while people := connection.execute(page.where(PERSON.c.id > last)).mappings().all():
        connection.execute(KEY.insert(), [row for person in people for row in _rows(**person)])
        last = people[-1]["id"]


def _rows(id: int, **told: Any) -> Iterator[dict[str, Any]]:
    for key, written in keys_of(**told).items():
        yield {"key": key, "person_id": id, "written": written}


def downgrade() -> None:
    op.drop_table("person_key")
