"""People, their days, sets, videos, results and notes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """People, their days, sets, videos, results and notes."""
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("height_cm", sa.Double(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("height_cm IS NULL OR height_cm BETWEEN 80 AND 250", name=op.f("ck_person_height")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_person_pseudonym")),
    )
    op.create_table(
        "day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_day_person_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day")),
        sa.UniqueConstraint("person_id", "date", name=op.f("uq_day_person_id_date")),
    )
    op.create_index(op.f("ix_day_person_id"), "day", ["person_id"], unique=False)
    op.create_table(
        "training_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("exercise", sa.String(), nullable=False),
        sa.Column("load_kg", sa.Double(), nullable=True),
        sa.Column("reps_in_reserve", sa.Double(), nullable=True),
        sa.Column("tempo", sa.String(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("eyes", sa.String(), nullable=True),
        sa.Column("depth_target", sa.String(), nullable=True),
        sa.Column("rest_s", sa.Double(), nullable=True),
        sa.Column("corrections", sa.String(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["day_id"], ["day.id"], name=op.f("fk_training_set_day_id_day"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_set")),
        sa.UniqueConstraint("day_id", "number", name=op.f("uq_training_set_day_id_number")),
    )
    op.create_index(op.f("ix_training_set_day_id"), "training_set", ["day_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("formdrift", sa.String(), nullable=False),
        sa.Column("thresholds", sa.String(), nullable=False),
        sa.Column("json_zlib", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["training_set.id"], name=op.f("fk_assessment_set_id_training_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_set_id"), "assessment", ["set_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_note_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["training_set.id"], name=op.f("fk_note_set_id_training_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_person_id"), "note", ["person_id"], unique=False)
    op.create_index(op.f("ix_note_set_id"), "note", ["set_id"], unique=False)
    op.create_table(
        "video",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("track_key", sa.String(), nullable=True),
        sa.Column("subject", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["set_id"], ["training_set.id"], name=op.f("fk_video_set_id_training_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video")),
    )
    op.create_index(op.f("ix_video_set_id"), "video", ["set_id"], unique=False)
    op.create_index(op.f("ix_video_sha256"), "video", ["sha256"], unique=False)
    op.create_index(op.f("ix_video_track_key"), "video", ["track_key"], unique=False)
