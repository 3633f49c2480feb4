"""What editors note about a question they have dealt with

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    with op.batch_alter_table("handled_questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("handled_questions", schema=None) as batch_op:
        batch_op.drop_column("note")
