"""What the lines of the audit log say, and what is told of workers and their jobs."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from servicedesk.core import labels
from servicedesk.upkeep.health import JobState, Standing

#: An action that has no words here is shown by its own name, so that nothing is ever left out.
ACTIONS: dict[str, LazyString] = {
    "unit_added": _("Enhed oprettet"),
    "unit_changed": _("Enhed ændret"),
    "unit_moved": _("Enhed flyttet"),
    "unit_deactivated": _("Enhed taget ud af brug"),
    "unit_activated": _("Enhed taget i brug igen"),
    "units_imported": _("Enheder importeret"),
    "person_added": _("Person oprettet"),
    "person_changed": _("Person ændret"),
    "person_deactivated": _("Person deaktiveret"),
    "person_activated": _("Person gjort aktiv igen"),
    "persons_imported": _("Personer importeret"),
    "role_given": _("Rolle givet"),
    "role_ended": _("Rolle afsluttet"),
    "team_added": _("Team oprettet"),
    "team_changed": _("Team ændret"),
    "team_deactivated": _("Team taget ud af brug"),
    "team_activated": _("Team taget i brug igen"),
    "team_member_added": _("Medlem sat på team"),
    "team_member_removed": _("Medlem fjernet fra team"),
    "system_added": _("System oprettet"),
    "system_changed": _("System ændret"),
    "system_deactivated": _("System taget ud af brug"),
    "system_activated": _("System taget i brug igen"),
    "known_error_added": _("Kendt fejl skrevet"),
    "known_error_changed": _("Kendt fejl ændret"),
    "known_error_solved": _("Kendt fejl markeret som løst"),
    "known_error_active_again": _("Kendt fejl gjort aktiv igen"),
    "known_error_deleted": _("Kendt fejl slettet"),
    "known_error_restored": _("Kendt fejl hentet tilbage"),
    "disturbance_declared": _("Drift meldt ud"),
    "disturbance_updated": _("Opdatering om drift skrevet"),
    "disturbance_ended": _("Drift meldt afsluttet"),
    "disturbance_resumed": _("Afslutning af drift fortrudt"),
    "disturbance_withdrawn": _("Melding om drift trukket tilbage"),
    "disturbance_restored": _("Melding om drift sat op igen"),
    "priorities_set": _("Prioriteter ændret"),
    "priorities_restored": _("Prioriteter sat tilbage til standard"),
    "hours_added": _("Kalender oprettet"),
    "hours_changed": _("Åbningstider ændret"),
    "day_set": _("Andre tider sat på en dag"),
    "day_removed": _("Dag med andre tider fjernet"),
    "days_proposed": _("Lukkedage foreslået"),
    "days_approved": _("Lukkedage godkendt"),
    "days_dismissed": _("Lukkedage valgt fra"),
    "agreement_added": _("Aftale oprettet"),
    "agreement_changed": _("Ny udgave af aftale"),
    "agreement_version_discarded": _("Kommende udgave af aftale fjernet"),
    "agreement_withdrawn": _("Aftale trukket tilbage"),
    "agreement_example_given": _("Eksempel på aftale oprettet"),
    "supplier_added": _("Leverandør oprettet"),
    "supplier_changed": _("Leverandør ændret"),
    "identity_given": _("Adgang med adgangskode givet"),
    "signed_in": _("Logget ind"),
    "signed_out": _("Logget ud"),
    "sign_in_failed": _("Forkert brugernavn eller adgangskode"),
    "sessions_ended": _("Logget ud alle steder"),
    "password_changed": _("Adgangskode ændret"),
    "password_reset_asked": _("Link til ny adgangskode bestilt"),
    "ticket_looked_up": _("Fortrolig henvendelse åbnet"),
    "tickets_imported": _("Henvendelser importeret"),
    "mail_sent_again": _("Mail sendt igen"),
    "refused": _("Forsøgte noget uden adgang"),
}

FACTS: dict[str, LazyString] = {
    "person": _("Person"),
    "role": _("Rolle"),
    "unit": _("Enhed"),
    "system": _("System"),
    "systems": _("Systemer"),
    "team": _("Team"),
    "starts_on": _("Fra"),
    "ends_on": _("Til"),
    "made": _("Oprettet"),
    "changed": _("Ændret"),
    "deactivated": _("Deaktiveret"),
    "source": _("Kilde"),
    "tickets": _("Henvendelser"),
    "login": _("Logger ind med"),
    "is_sent": _("Mail sendt"),
    "count": _("Antal"),
    "path": _("Adresse"),
    "method": _("Metode"),
    "status": _("Svar"),
    "reason": _("Begrundelse"),
    "number": _("Henvendelse"),
}

labels.declare(
    {
        Standing.ALIVE: _("I gang"),
        Standing.STOPPED: _("Stoppet"),
        Standing.SILENT: _("Tavs"),
        Standing.AHEAD: _("Uret passer ikke"),
    }
)

labels.declare(
    {
        JobState.WELL: _("Gik godt"),
        JobState.RUNNING: _("Kører nu"),
        JobState.FAILING: _("Fejler"),
        JobState.BUSY: _("Udsat, databasen havde travlt"),
        JobState.LATE: _("Forsinket"),
        JobState.NOT_YET: _("Har ikke kørt endnu"),
        JobState.CUT_OFF: _("Blev afbrudt"),
    }
)

#: What each of the worker's jobs does; one that has no words here is shown by its own name.
JOBS: dict[str, LazyString] = {
    "recalculate_clocks": _("Regner frister om, når aftaler eller åbningstider er ændret"),
    "sweep_clocks": _("Holder øje med frister og varsler om dem"),
    "send_digests": _("Samler nyt til dem, der vil have det på én gang"),
    "deliver_mails": _("Sender mails"),
    "propose_closed_days": _("Foreslår danske lukkedage til kalenderne"),
    "sweep_sign_ins": _("Glemmer gamle logins og links"),
    "forget_notices": _("Glemmer gamle notifikationer"),
    "remove_orphans": _("Fjerner filer fra henvendelser, der aldrig blev sendt"),
    "forget_workers": _("Glemmer workere, der stoppede for længe siden"),
}
