"""What a superbruger has passed on and solved is found without looking through everybody's."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OWN = sa.text("kind IN ('escalated', 'resolved')")


def upgrade() -> None:
    op.create_index("ix_entry_done_by", "entry", ["by_id", "kind", "at"], sqlite_where=OWN, postgresql_where=OWN)


def downgrade() -> None:
    op.drop_index("ix_entry_done_by", "entry", sqlite_where=OWN, postgresql_where=OWN)
