"""The words of passages, cut at the build, and by what analyser

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words", sa.Text(), nullable=True))
    with op.batch_alter_table("builds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cut_by", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("builds", schema=None) as batch_op:
        batch_op.drop_column("cut_by")
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.drop_column("words")
