"""A clock in few words: how much is left, on hold, closed, overdue; each with a look of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from servicedesk.tickets.badges import Face, Look, badge, short_amount
from servicedesk.tickets.explaining import duration
from sla import Calendar

HOURS = Calendar("Europe/Copenhagen", {day: [("08:00", "16:00")] for day in range(5)})
ALWAYS = Calendar("Europe/Copenhagen", {day: [("00:00", "24:00")] for day in range(7)})


@pytest.fixture(autouse=True)
def _here(app):
    with app.test_request_context():
        yield


def on(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Copenhagen")).astimezone(UTC)


def face(**told: Any) -> Face:
    """A clock that was started on Monday at eight and is due on Tuesday at noon, but for what is told."""
    usual: dict[str, Any] = {
        "name": "resolution",
        "is_running": True,
        "is_breached": False,
        "started_at": on("2026-03-02 08:00"),
        "paused_at": None,
        "ended_at": None,
        "due_at": on("2026-03-03 12:00"),
        "outcome": None,
        "calendar": HOURS,
        "overrun": timedelta(0),
        "as_of": on("2026-03-02 08:00"),
    }
    return Face(**{**usual, **told})


def stopped(outcome: str, ended: str, **told: Any) -> Face:
    return face(is_running=False, outcome=outcome, ended_at=on(ended), **told)


#: On hold for a while after it was due: an hour had counted by nine on Thursday.
HELD_LATE = {"overrun": timedelta(hours=1), "as_of": on("2026-03-05 09:00")}


@pytest.mark.parametrize(
    ("shown", "now", "look", "words"),
    [
        (face(), "2026-03-02 10:00", Look.RUNNING, "10 t. tilbage"),
        (face(), "2026-03-03 10:40", Look.NEAR, "1 t. 20 min. tilbage"),
        (face(), "2026-03-03 11:48", Look.NEAR, "12 min. tilbage"),
        (face(), "2026-03-03 12:00", Look.NEAR, "0 min. tilbage"),
        (face(), "2026-03-03 12:00:30", Look.OVERDUE, "Overskredet"),
        (face(), "2026-03-03 14:00", Look.OVERDUE, "Overskredet 2 t."),
        (face(), "2026-03-03 22:00", Look.OVERDUE, "Overskredet 4 t."),
        (face(), "2026-03-02 20:00", Look.SHUT, "Lukket nu, uret går igen tirsdag 3. mar. 08.00"),
        (face(calendar=ALWAYS), "2026-03-02 20:00", Look.RUNNING, "16 t. tilbage"),
        (face(is_running=False, due_at=None, paused_at=on("2026-03-02 12:30")), "2026-03-08 20:00", Look.HELD,
         "På hold siden 2. mar. 12.30"),
        (face(is_running=False, due_at=None, is_breached=True, paused_at=on("2026-03-04 12:30")), "2026-03-08 20:00",
         Look.HELD, "Overskredet, på hold siden 4. mar. 12.30"),
        (stopped("met", "2026-03-03 11:00"), "2026-03-08 20:00", Look.MET, "Nået"),
        (face(**HELD_LATE), "2026-03-05 11:00", Look.OVERDUE, "Overskredet 3 t."),
        (stopped("breached", "2026-03-03 14:00", overrun=timedelta(hours=2)), "2026-03-08 20:00", Look.LATE,
         "Nået 2 t. for sent"),
        (stopped("breached", "2026-03-03 12:00:01"), "2026-03-08 20:00", Look.LATE, "Nået for sent"),
        (stopped("cancelled", "2026-03-03 11:00"), "2026-03-08 20:00", Look.OVER, "Annulleret"),
        (stopped("merged", "2026-03-03 11:00"), "2026-03-08 20:00", Look.OVER, "Lagt sammen med en anden"),
        (stopped("withdrawn", "2026-03-03 11:00"), "2026-03-08 20:00", Look.OVER, "Aftalen er trukket tilbage"),
    ],
)  # fmt: skip
def test_words(shown, now, look, words, at):
    at("2026-03-10 12:00")
    found = badge(shown, on(now))

    assert found is not None
    assert (found.look, found.words) == (look, words)


def test_a_clock_that_waits_for_nothing_has_no_badge():
    assert badge(face(is_running=False, due_at=None), on("2026-03-02 10:00")) is None


def test_closed_and_on_hold_share_no_word():
    shut = badge(face(), on("2026-03-02 20:00"))
    held = badge(face(is_running=False, due_at=None, paused_at=on("2026-03-02 12:30")), on("2026-03-02 20:00"))

    assert shut and held
    assert shut.look is not held.look
    for words in (shut.words, shut.short):
        assert "hold" not in words.lower()
        assert "pause" not in words.lower()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (timedelta(seconds=10), "1 min."),
        (timedelta(minutes=59), "59 min."),
        (timedelta(hours=2), "2 t."),
        (timedelta(hours=9, minutes=59), "9 t. 59 min."),
        (timedelta(hours=42, minutes=3), "42 t."),
    ],
)
def test_amounts(amount, words):
    assert short_amount(amount) == words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(hours=4, minutes=30), "PT4H30M"),
        (timedelta(days=2), "PT48H"),
        (timedelta(minutes=-5), "-PT5M"),
        (timedelta(seconds=1, microseconds=500_000), "PT1.5S"),
    ],
)
def test_durations(amount, text):
    assert duration(amount) == text
