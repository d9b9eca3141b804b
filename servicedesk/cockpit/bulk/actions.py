"""The form under the queue: which of its actions was asked for, as steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as lazy
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from servicedesk.cockpit.macros import commands as macros
from servicedesk.cockpit.macros import queries
from servicedesk.cockpit.steps import Deed, Step, StepError, checked
from servicedesk.core.actor import Actor
from servicedesk.core.errors import N_, NotFoundError
from servicedesk.core.forms import Form, KeyField
from servicedesk.tickets.forms import MemberField
from servicedesk.tickets.workflow import Cause, Kind, Level

#: Instead of a system: that it names none.
NO_SYSTEM = "none"


class ActionForm(Form):
    """All fields of all actions. Their names keep clear of the queue's filters, which stand in the same form."""

    to_assignee = KeyField()
    to_team = KeyField()
    set_kind = MemberField(Kind, validators=[Optional()])
    set_impact = MemberField(Level, validators=[Optional()])
    set_urgency = MemberField(Level, validators=[Optional()])
    set_system = StringField(validators=[Optional()])
    note = TextAreaField(validators=[Optional()])
    reply = TextAreaField(validators=[Optional()])
    question = TextAreaField(validators=[Optional()])
    supplier = StringField(validators=[Optional()])
    supplier_note = TextAreaField(validators=[Optional()])
    solution = TextAreaField(validators=[Optional()])
    cause = MemberField(Cause, validators=[Optional()])
    reason = TextAreaField(validators=[Optional()])
    macro = KeyField()

    def typed(self) -> dict[str, str]:
        """What was said, by field, as a page sends it again."""
        return {
            name: str(getattr(field.data, "value", field.data))
            for name, field in self._fields.items()
            if field.data not in (None, "")
        }


@dataclass(frozen=True)
class Action:
    """Something that can be asked for."""

    label: LazyString
    icon: str
    #: Names of its fields, in their order; the first is the one to mend when nothing else is named.
    fields: Sequence[str]
    steps: Callable[[ActionForm], list[Step]]
    #: The field of each part of its step.
    parts: Mapping[str, str]


def _assign(form: ActionForm) -> list[Step]:
    if form.to_assignee.data is None:
        raise StepError(N_("Vælg en person."), "person_id")
    return [Step(deed=Deed.ASSIGN, person_id=form.to_assignee.data)]


def _change(form: ActionForm) -> list[Step]:
    asked = (form.set_system.data or "").strip()
    system = {"without_system": True} if asked == NO_SYSTEM else {"system_id": int(asked)} if asked.isdecimal() else {}
    chosen = {"kind": form.set_kind.data, "impact": form.set_impact.data, "urgency": form.set_urgency.data}
    return [Step(deed=Deed.CHANGE, **chosen, **system)]


def _supplier(form: ActionForm) -> list[Step]:
    return [Step(deed=Deed.AWAIT_SUPPLIER, supplier=form.supplier.data or "", text=form.supplier_note.data or "")]


def _resolve(form: ActionForm) -> list[Step]:
    return [Step(deed=Deed.RESOLVE, text=form.solution.data or "", cause=form.cause.data)]


def _plain(deed: Deed) -> Callable[[ActionForm], list[Step]]:
    return lambda _form: [Step(deed=deed)]


def _text(deed: Deed, field: str) -> Callable[[ActionForm], list[Step]]:
    return lambda form: [Step(deed=deed, text=getattr(form, field).data or "")]


def _none(_form: ActionForm) -> list[Step]:
    return []


#: In the order of the bar.
ACTIONS: Mapping[str, Action] = {
    "take": Action(lazy("Tag dem selv"), "assign", (), _plain(Deed.TAKE), {}),
    "assign": Action(lazy("Tildel"), "assign", ("to_assignee",), _assign, {"person_id": "to_assignee"}),
    "unassign": Action(lazy("Fjern den ansvarlige"), "assign", (), _plain(Deed.ASSIGN), {}),
    "move": Action(
        lazy("Flyt til team"),
        "move",
        ("to_team",),
        lambda form: [Step(deed=Deed.MOVE, team_id=form.to_team.data)],
        {"team_id": "to_team"},
    ),
    "change": Action(
        lazy("Ret prioritet og system"),
        "edit",
        ("set_impact", "set_urgency", "set_kind", "set_system"),
        _change,
        {},
    ),
    "note": Action(lazy("Skriv intern note"), "lock", ("note",), _text(Deed.NOTE, "note"), {"text": "note"}),
    "reply": Action(lazy("Svar brugerne"), "send", ("reply",), _text(Deed.REPLY, "reply"), {"text": "reply"}),
    "ask": Action(
        lazy("Afvent svar fra brugerne"), "pause", ("question",), _text(Deed.ASK, "question"), {"text": "question"}
    ),
    "supplier": Action(
        lazy("Afvent leverandør"), "supplier", ("supplier", "supplier_note"), _supplier, {"text": "supplier_note"}
    ),
    "resume": Action(lazy("Genoptag arbejdet"), "play", (), _plain(Deed.RESUME), {}),
    "resolve": Action(lazy("Løs"), "check", ("solution", "cause"), _resolve, {"text": "solution"}),
    "close": Action(lazy("Luk"), "check", (), _plain(Deed.CLOSE), {}),
    "cancel": Action(lazy("Annuller"), "close", ("reason",), _text(Deed.CANCEL, "reason"), {"text": "reason"}),
    "follow": Action(lazy("Følg med"), "alert", (), _plain(Deed.FOLLOW), {}),
    "macro": Action(lazy("Kør en makro"), "settings", ("macro",), _none, {}),
}


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    do: str
    steps: Sequence[Step]
    #: The macro's name, when it is one.
    name: str | None = None
    #: When it was last changed: what was shown is what is done.
    stamp: str = ""


def read(do: str, form: ActionForm, who: Actor) -> Wanted:
    """What the form asks for, checked; raises StepError, whose `field` is one of the form's, or NotFoundError."""
    if do not in ACTIONS:
        raise NotFoundError
    if do == "macro":
        if form.macro.data is None:
            raise StepError(N_("Vælg en makro."), "macro")
        macro = queries.get(form.macro.data, who)
        return Wanted(do, macros.sound_steps(macro), macro.name, macro.changed_at.isoformat())
    action = ACTIONS[do]
    try:
        return Wanted(do, checked(action.steps(form)))
    except StepError as error:
        named = action.parts.get(error.field, error.field)
        field = named if named in action.fields else next(iter(action.fields), "form")
        raise StepError(error.message, field, **error.values) from None
