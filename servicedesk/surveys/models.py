"""The tables of satisfaction: ratings, their follow-up and figures; surveys and what is told of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column
from servicedesk.surveys.rules import FEWEST, About, Kind, Outcome, Reason, Sampling, SurveyState


def _where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class RatingSettings(Base):
    """How a customer asks; no row means the usual."""

    __tablename__ = "rating_settings"
    __table_args__ = (
        CheckConstraint("share BETWEEN 0 AND 100", "share"),
        CheckConstraint(f"least >= {FEWEST}", "least"),
        CheckConstraint("follow_up_days BETWEEN 1 AND 20", "follow_up_days"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    #: Of a hundred closed tickets so many are asked about.
    share: Mapped[int] = mapped_column(SmallInteger, default=100)
    #: Fewer answers are not told of; only ever raised, and for what is told from then on.
    least: Mapped[int] = mapped_column(SmallInteger, default=FEWEST)
    #: Working days until a low rating must have been followed up.
    follow_up_days: Mapped[int] = mapped_column(SmallInteger, default=2)


class Rating(Base):
    """What came of asking about a closed ticket: one row for each that was looked at, with the answer when it comes.

    Team, supporter, system and unit are as they were when the ticket was closed.
    """

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("(step IS NULL) = (answered_at IS NULL)", "answered"),
        CheckConstraint("step BETWEEN 1 AND 5", "step"),
        CheckConstraint("(digest IS NULL) = (outcome != 'asked')", "asked_by_link"),
        UniqueConstraint("digest"),
        # Was the person asked lately, and what can he or she still answer?
        Index("ix_rating_of_person", "person_id", "asked_at", **_where("digest IS NOT NULL")),
        Index("ix_rating_of_supporter", "supporter_id", "asked_at", **_where("digest IS NOT NULL")),
        Index("ix_rating_of_customer", "customer_id", "asked_at", **_where("digest IS NOT NULL")),
        Index("ix_rating_of_team", "team_id", "asked_at", **_where("digest IS NOT NULL")),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    supporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    #: SHA-256 of the token in the mail, together with its purpose; whoever was asked has one. Queries for those say
    #: `is_asked`, as the indexes do.
    digest: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    step: Mapped[int | None] = mapped_column(SmallInteger)
    words: Mapped[str] = mapped_column(default="")
    wants_contact: Mapped[bool] = mapped_column(default=False)
    #: When words were added to the answer, once.
    added_at: Mapped[datetime | None] = mapped_column(Instant)

    @classmethod
    def is_asked(cls) -> ColumnElement[bool]:
        return cls.digest.is_not(None)


class FollowUp(Base):
    """A rating that somebody has to do something about, by a time that is reckoned in opening hours."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("ticket_id"),
        CheckConstraint("(taken_by_id IS NULL) = (taken_at IS NULL)", "taken"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", "answered"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", "done"),
        Index("ix_follow_up_open", "customer_id", "due_at", **_where("done_at IS NULL")),
        Index("ix_follow_up_done", "customer_id", "done_at", **_where("done_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("rating.ticket_id"))
    reason: Mapped[Reason] = mapped_column(enum_column(Reason))
    made_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What the person was told.
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What came of it, for colleagues.
    note: Mapped[str] = mapped_column(default="")

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class Publication(Base):
    """That the figures of a quarter's ratings were told, once and for good, and with how many answers at least."""

    __tablename__ = "rating_publication"
    __table_args__ = (CheckConstraint(f"least >= {FEWEST}", "least"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    published_at: Mapped[datetime] = mapped_column(Instant)
    least: Mapped[int] = mapped_column(SmallInteger)


class Figure(Base):
    """What is told of the ratings of a unit with all below it, a team or a system in a quarter; never changed."""

    __tablename__ = "rating_figure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["customer_id", "starts_on"], ["rating_publication.customer_id", "rating_publication.starts_on"]
        ),
        CheckConstraint(
            "(unit_id IS NOT NULL) = (about = 'unit') AND (team_id IS NOT NULL) = (about = 'team')"
            " AND (system_id IS NOT NULL) = (about = 'system')",
            "about_one",
        ),
        Index("ix_rating_figure_customer_id_starts_on", "customer_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    about: Mapped[About] = mapped_column(enum_column(About))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    asked: Mapped[int]
    #: By step, how many answered it.
    counts: Mapped[dict[str, int]] = mapped_column(Json)


class Survey(Base):
    """A survey among the users: a draft until it opens, and closed for good on its last day at the latest."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("title != ''", "titled"),
        CheckConstraint("closes_on >= opens_on", "period"),
        CheckConstraint("(sampling = 'all') = (amount IS NULL)", "sampled"),
        CheckConstraint(f"least >= {FEWEST}", "least"),
        CheckConstraint("(least IS NULL) = (opened_at IS NULL)", "least_from_opening"),
        CheckConstraint("(closed_at IS NULL) = (state != 'closed')", "closed"),
        Index("ix_survey_customer_id_id", "customer_id", "id"),
        # What opens or closes by itself.
        Index("ix_survey_state", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: Those are asked who work there or below it.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str]
    intro: Mapped[str] = mapped_column(default="")
    is_anonymous: Mapped[bool] = mapped_column(default=True)
    sampling: Mapped[Sampling] = mapped_column(enum_column(Sampling), default=Sampling.ALL)
    #: Percent or persons, as `sampling` says.
    amount: Mapped[int | None]
    opens_on: Mapped[date]
    #: The last day on which it can be answered.
    closes_on: Mapped[date]
    state: Mapped[SurveyState] = mapped_column(enum_column(SurveyState), default=SurveyState.DRAFT)
    #: Fixed when it opens: a setting that is changed later changes nothing here.
    least: Mapped[int | None] = mapped_column(SmallInteger)
    made_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The round before this one, for the trend.
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))


class Question(Base):
    __tablename__ = "survey_question"
    __table_args__ = (CheckConstraint("words != ''", "worded"), Index("ix_survey_question_survey_id", "survey_id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    words: Mapped[str]
    options: Mapped[list[str]] = mapped_column(Json)
    #: The same question in the round before.
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("survey_question.id"))
    #: What was written, told when it closes, in no order; empty for other kinds and while too few have written.
    texts: Mapped[list[str]] = mapped_column(Json, default=list)


class Invitation(Base):
    """That a person is asked, and whether he or she has answered: not when, and of an anonymous survey not what."""

    __tablename__ = "survey_invitation"
    __table_args__ = (
        UniqueConstraint("survey_id", "person_id"),
        Index("ix_survey_invitation_of_person", "person_id", "is_answered"),
        Index("ix_survey_invitation_unsent", "survey_id", "id", **_where("invited_at IS NULL")),
        Index("ix_survey_invitation_unreminded", "survey_id", "invited_at", **_where("reminded_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The unit that the answers count for: the person's own, or the nearest above it in which enough are asked.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    invited_at: Mapped[datetime | None] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    is_answered: Mapped[bool] = mapped_column(default=False)
    #: What was answered so far and not sent, by question; never of an anonymous survey.
    kept: Mapped[dict[str, Any] | None] = mapped_column(Json)


class SurveyLink(Base):
    """The way to a survey by mail; the invitation and the reminder have one each."""

    __tablename__ = "survey_link"

    #: SHA-256 of the token, together with its purpose.
    digest: Mapped[str] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("survey_invitation.id"), index=True)


class SurveyAnswer(Base):
    """One answer to one question; what belongs to the same person is not told by anything unless it has names on it.

    The id is drawn, so that it tells no order. Of an anonymous survey the rows go when it closes and its cells are
    told.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (Index("ix_survey_answer_question_id", "question_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: Only where answers have names on them.
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("survey_invitation.id"), index=True)
    #: Text, or a list of values.
    said: Mapped[Any] = mapped_column(Json)


class Cell(Base):
    """What is told of a unit with all below it: how many were asked and answered, or the answers to one question.

    Decided once, when the survey closes; pages, trends and files show these and nothing else.
    """

    __tablename__ = "survey_cell"
    __table_args__ = (UniqueConstraint("survey_id", "question_id", "unit_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    #: Empty for how many were asked and answered.
    question_id: Mapped[int | None] = mapped_column(ForeignKey("survey_question.id"))
    #: Only where there is no question.
    asked: Mapped[int | None]
    answered: Mapped[int]
    #: By value, how many answered it.
    counts: Mapped[dict[str, int]] = mapped_column(Json)
