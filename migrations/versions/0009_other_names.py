"""The other names people have for a system."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("system", sa.Column("aliases", sa.String(), server_default="", nullable=False))
