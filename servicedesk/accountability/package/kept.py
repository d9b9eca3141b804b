"""The parts of a package, and an answer for every column in the database that names a person.

A test compares the answers with the tables: whoever adds a column that names a person must say here whether it is
told, and why not when it is not.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from servicedesk.accountability.package import about, learning, tickets, traces
from servicedesk.accountability.package.part import Part

PARTS = (
    Part("profil", _("Hvem du er"), about.profile),
    Part("login", _("Login og enheder"), about.sign_in),
    Part("roller", _("Roller, teams og systemer"), about.roles),
    Part("superbruger", _("Udpegninger som superbruger"), about.appointments),
    Part("fravaer", _("Fravær"), about.absences),
    Part("henvendelser", _("Henvendelser, du har oprettet, eller som handler om dig"), tickets.tickets),
    Part("beskeder", _("Hvad der er skrevet i dem"), tickets.messages),
    Part("bilag", _("Vedhæftede filer"), tickets.attachments, tickets.attached_files),
    Part("foelger", _("Henvendelser, du følger"), tickets.following),
    Part("mails", _("Mails til dig"), tickets.mails),
    Part("beskeder-i-klokken", _("Det, klokken har fortalt dig om"), tickets.notices),
    Part("bedoemmelser", _("Bedømmelser, du er spurgt om"), tickets.ratings),
    Part("tilfredshedsmaalinger", _("Tilfredshedsmålinger, du er inviteret til"), tickets.surveys),
    Part("kursusbeviser", _("Kursusbeviser"), learning.records),
    Part("kurser", _("Kursusgange"), learning.sessions),
    Part("kursustilbud", _("Foreslåede kurser og påmindelser"), learning.offers),
    Part("retningslinjer", _("Retningslinjer, du har godkendt"), learning.accepted),
    Part("hjaelp-paa-stedet", _("Hjælp, du har givet på stedet"), learning.help_given),
    Part("deltagelse", _("Det, du har taget del i"), learning.taken_part),
    Part("valg", _("Det, du har valgt"), about.choices),
    Part("egne-tekster", _("Det, du har skrevet til eget brug"), about.own_texts),
    Part("opslag", _("Hvornår og hvorfor andre har set dine oplysninger"), traces.look_ups),
    Part("aendringer", _("Hvad der er ændret om dig"), traces.changes),
)

#: Column → the part in which it is told.
TOLD: Mapping[str, str] = {
    "absence.person_id": "fravaer",
    "appointment.person_id": "superbruger",
    "calendar_link.person_id": "valg",
    "course_offer.person_id": "kursustilbud",
    "course_session.instructor_id": "kurser",
    "course_sign_up.person_id": "kurser",
    "disturbance_me_too.person_id": "deltagelse",
    "draft.person_id": "egne-tekster",
    "entry.by_id": "beskeder",
    "floor_help.person_id": "hjaelp-paa-stedet",
    "follower.person_id": "foelger",
    "guideline_acceptance.person_id": "retningslinjer",
    "identity.person_id": "login",
    "kept_file.person_id": "egne-tekster",
    "known_error_help.person_id": "deltagelse",
    "look_up.filer_id": "opslag",
    "look_up.person_id": "opslag",
    "macro.owner_id": "egne-tekster",
    "meeting_answer.person_id": "deltagelse",
    "network.coordinator_id": "deltagelse",
    "network_member.person_id": "deltagelse",
    "notice.person_id": "beskeder-i-klokken",
    "notice_choice.person_id": "valg",
    "notice_habit.person_id": "valg",
    "outbox_mail.person_id": "mails",
    "person_preferences.person_id": "valg",
    "phrase.owner_id": "egne-tekster",
    "queue_setup.person_id": "valg",
    "rating.person_id": "bedoemmelser",
    "recent_search.person_id": "egne-tekster",
    "report_subscription.person_id": "valg",
    "role_grant.person_id": "roller",
    "saved_view.owner_id": "egne-tekster",
    "send_habit.person_id": "valg",
    "sign_in.person_id": "login",
    "survey_invitation.person_id": "tilfredshedsmaalinger",
    "system.deputy_id": "roller",
    "system.manager_id": "roller",
    "system.owner_id": "roller",
    "system_follower.person_id": "valg",
    "team_member.person_id": "roller",
    "ticket.affected_id": "henvendelser",
    "ticket.filer_id": "henvendelser",
    "training_record.person_id": "kursusbeviser",
    "training_reminder.person_id": "kursustilbud",
    "visit_person.person_id": "deltagelse",
    "work_habit.person_id": "valg",
}

#: What somebody did as part of the work is about the work, and about those whom it was done for.
_WORK = "done as part of the work"
#: Gone within minutes or days, or the same as what is told.
_PASSING = "passing, or told elsewhere"
#: Somebody else's absence, appointment or role, for which the person stands in.
_FOR_OTHERS = "another person's"

#: Column → why it is not told.
LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *(
                "access_package.by_id",
                "agreement_trial.by_id",
                "agreement_version.made_by_id",
                "appointment.agreed_by_id",
            ),
            *(
                "audit_line.by_id",
                "erasure.asked_by_id",
                "legal_hold.placed_by_id",
                "legal_hold.released_by_id",
                "bulk_run.by_id",
                "course_offer.by_id",
                "course_session.by_id",
                "course_sign_up.by_id",
            ),
            *("disturbance.by_id", "disturbance_ticket.by_id", "disturbance_update.by_id", "follow_up.done_by_id"),
            *("follow_up.taken_by_id", "guideline_text.by_id", "guideline_version.by_id", "import_draft.by_id"),
            *("known_error.by_id", "known_error.changed_by_id", "look_up.by_id", "network_mail.by_id"),
            *("network_meeting.by_id", "rating.supporter_id", "recalculation.made_by_id", "requirement.by_id"),
            *("requirement.withdrawn_by_id", "special_day.decided_by_id", "system_review.signed_by_id"),
            *("ticket.assignee_id", "ticket_topic.by_id", "topic.by_id", "training_record.by_id"),
            *("training_record.withdrawn_by_id", "visit.by_id", "visit_finding.by_id", "visit_finding.done_by_id"),
        ),
        _WORK,
    ),
    **dict.fromkeys(
        (
            *("access_package.person_id", "person_key.person_id", "presence.person_id", "recent_ticket.person_id"),
            *("erasure.person_id", "reset_token.person_id", "role_stand_in.person_id", "sending.person_id"),
        ),
        _PASSING,
    ),
    "legal_hold.person_id": "why something is held back for a case is told by whoever has the case",
    **dict.fromkeys(("absence.deputy_id", "appointment.deputy_id", "role_grant.deputy_id"), _FOR_OTHERS),
}
