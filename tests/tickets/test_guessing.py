"""The system is guessed from words and habits, and only where something speaks for one."""

import pytest

from servicedesk.tickets.guessing import Because, Named, favourites, guess, in_order

SENSUM, OUTLOOK, PRINT, OPUS, NEXUS, AULA = range(1, 7)
SYSTEMS = [
    Named(SENSUM, "Sensum Bosted"),
    Named(OUTLOOK, "Outlook og kalender"),
    Named(PRINT, "Print og scan"),
    Named(OPUS, "KMD Opus Løn", "opus, lønsystemet"),
    Named(NEXUS, "Nexus", "omsorgsjournalen"),
    Named(AULA, "Aula"),
]


@pytest.mark.parametrize(
    ("text", "system"),
    [
        pytest.param("Kan ikke logge på Nexus", NEXUS, id="the whole name"),
        pytest.param("nexus' kalender er tom", NEXUS, id="a name goes before a common word"),
        pytest.param("SENSUM går ned", SENSUM, id="a part of the name in capitals"),
        pytest.param("Fejl i Opus igen", OPUS, id="another name for it"),
        pytest.param("Lønsystemet svarer ikke", OPUS, id="another name, beginning a sentence"),
        pytest.param("Omsorgsjournalen er langsom", NEXUS, id="what everybody calls it"),
        pytest.param("Printeren striber", PRINT, id="a common word with an ending"),
        pytest.param("Jeg får ingen mails", OUTLOOK, id="what it does rather than what it is called"),
        pytest.param("Aula-login virker ikke", AULA, id="the first part of a compound"),
        pytest.param("Problem med Sensum Bosted: ", SENSUM, id="from a shortcut"),
        pytest.param("Døren til depotet binder", None, id="nothing of the kind"),
        pytest.param("", None, id="nothing written"),
        pytest.param("og i til", None, id="words that all names hold"),
        pytest.param("𝔑𝔢𝔵𝔲𝔰 '; -- %", None, id="signs of all kinds"),
    ],
)
def test_from_words(text, system):
    found = guess(text, SYSTEMS)

    assert (found.system_id if found else None) == system


def test_habits_decide_between_equals():
    twins = [Named(1, "KMD Sag"), Named(2, "KMD Nova")]

    assert guess("KMD er nede", twins, used=[2]) == (2, "KMD Nova", Because.WORDS)
    assert guess("KMD er nede", twins, around=[2, 2, 1]) == (2, "KMD Nova", Because.WORDS)
    assert guess("KMD Sag er nede", twins, used=[2, 2, 2]) == (1, "KMD Sag", Because.WORDS)


def test_a_habit_alone_must_be_steady():
    assert guess("Skærmbilledet er hvidt", SYSTEMS, used=[AULA] * 3) == (AULA, "Aula", Because.HABIT)
    assert guess("Skærmbilledet er hvidt", SYSTEMS, used=[AULA, AULA, NEXUS]) is None
    assert guess("Skærmbilledet er hvidt", SYSTEMS, used=[AULA] * 2) is None
    assert guess("", SYSTEMS, used=[AULA] * 3) is None


def test_a_system_that_cannot_be_chosen_is_never_guessed():
    assert guess("Noget er galt", SYSTEMS, used=[99] * 3) is None
    assert guess("Nexus er nede", []) is None


def test_what_is_used_most_and_last_comes_first():
    assert favourites([1, 2, 2, 3, 1, 2], most=2) == [2, 1]
    assert favourites([3, *[1] * 2], most=4) == [1, 3]
    assert favourites([], most=4) == []
    assert in_order(SYSTEMS, [AULA, 99]) == ([SYSTEMS[5]], SYSTEMS[:5])
