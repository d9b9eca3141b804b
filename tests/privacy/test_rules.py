"""What is taken out of a text, and what is left of it; A222."""

import pytest

from servicedesk.privacy import rules
from servicedesk.privacy.rules import Known

ANNE = Known("Anne Åse Kjær-Holm", "akho", "anne.holm@odder.example", "+45 12 34 56 78")
PER = Known("Per Lund", "er", "per@odder.example")


@pytest.mark.parametrize(
    ("written", "left"),
    [
        pytest.param("Hej Anne Åse Kjær-Holm.", "Hej [medarbejder].", id="the whole name"),
        pytest.param("ANNE AASE KJAER-HOLM", "[medarbejder]", id="in capitals, spelled otherwise"),
        pytest.param("Kjær-Holm, Anne Åse ringede", "[medarbejder] ringede", id="the last name first"),
        pytest.param("Annes pc", "[medarbejder] pc", id="owning something"),
        pytest.param("hej anne, og Åse", "hej [medarbejder], og [medarbejder]", id="parts alone"),
        pytest.param("Susanne og Hanne er her", "Susanne og Hanne er her", id="no part of other names"),
        pytest.param("akho har ringet", "[medarbejder] har ringet", id="initials"),
        pytest.param("løn_anne.xlsx", "løn_[medarbejder].xlsx", id="in the name of a file"),
        pytest.param("skriv til Anne.Holm@odder.example", "skriv til [medarbejder]", id="the mail address"),
        pytest.param("12345678 eller 1234 5678", "[medarbejder] eller [medarbejder]", id="the number in two ways"),
        pytest.param("0012345678", "0012345678", id="no part of other numbers"),
    ],
)
def test_a_known_person_is_taken_out(written, left):
    assert rules.scrub(written, [ANNE]) == left


def test_initials_that_are_a_word_are_meant_in_capitals():
    assert rules.scrub("Det er ER, der er der.", [PER]) == "Det er [medarbejder], der er der."


def test_without_parts_only_what_is_ones_own_counts():
    alone = Known(ANNE.name, ANNE.initials, ANNE.email, ANNE.phone, by_parts=False)

    assert rules.scrub("Anne og Anne Åse Kjær-Holm (akho)", [alone]) == "Anne og [medarbejder] ([medarbejder])"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        pytest.param("010157-5004 og 010157-••••", "[cpr-nummer] og [cpr-nummer]", id="CPR, and what is left of one"),
        pytest.param("borger@mail.dk", "[mailadresse]", id="a mail address"),
        pytest.param(
            "Ring 22 33 44 55 eller +46 70 123 45 67", "Ring [telefonnummer] eller [telefonnummer]", id="phones"
        ),
        pytest.param("Se løn-juni.xlsx.", "Se [fil].", id="a file"),
        pytest.param(
            "SD-1042 den 2026-03-02 kl. 10.15", "SD-1042 den 2026-03-02 kl. 10.15", id="numbers and days stay"
        ),
        pytest.param(
            "fejl 0x80070005, version 2.10.3", "fejl 0x80070005, version 2.10.3", id="errors and versions stay"
        ),
    ],
)
def test_what_points_to_somebody_by_its_shape(written, left):
    assert rules.scrub_shapes(written) == left


def test_a_mail_keeps_what_was_said_in_it():
    mail = (
        "Den virker igen, tak.\n\nMed venlig hilsen\nAnne Holm\nOdder Kommune, Rådhusgade 3\n\n"
        "Fra: Per Lund <per@odder.example>\nSendt: 2. marts\nEmne: Printer\n\n> Prøv at slukke.\n> Per"
    )

    assert rules.scrub_mail(mail) == "Den virker igen, tak.\n\n[underskrift fjernet]"


def test_headers_and_quotes_are_told_apart_from_what_was_written():
    mail = (
        "Received: from mail.odder.example\n\tby mx (10.0.0.1)\nX-Mailer: Outlook\nFra: fredag virker intet\n"
        "Den 2. marts 2026 skrev Anne Holm:\n> Det går galt\n>> igen\nDen er sort."
    )

    assert rules.scrub_mail(mail) == "[mailhoved fjernet]\n[citat fjernet]\nDen er sort."
    assert rules.scrub_mail("Fra: fredag\ner den sort") == "Fra: fredag\ner den sort"


def test_scrubbing_twice_changes_nothing():
    text = rules.scrub(rules.scrub_shapes(rules.scrub_mail("Anne: ring 22334455\n> x\nhilsen Anne")), [ANNE])

    assert rules.scrub(rules.scrub_shapes(rules.scrub_mail(text)), [ANNE]) == text
