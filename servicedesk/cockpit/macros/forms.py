"""What a person sends to make or change a macro: parts in a fixed order, so that nobody has to put steps in order."""

from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Optional

from servicedesk.cockpit.bulk.actions import NO_SYSTEM
from servicedesk.cockpit.macros.commands import MacroText
from servicedesk.cockpit.macros.models import Audience, Macro
from servicedesk.cockpit.steps import Deed, Step, StepError
from servicedesk.core.errors import N_
from servicedesk.core.forms import Form, KeyField
from servicedesk.tickets.forms import MemberField
from servicedesk.tickets.workflow import Cause, Kind, Level

#: How it ends: nothing more, or one of these deeds; the last is to solve it and close it at once.
ENDS = ("", "ask", "await_supplier", "resolve", "resolve_and_close", "close", "cancel")
#: Who gets it: nobody is asked, whoever runs the macro, nobody, or the person chosen.
PLACES = ("", "take", "nobody", "person")


class MacroForm(Form):
    name = StringField(validators=[Optional()])
    description = StringField(validators=[Optional()])
    audience = MemberField(Audience, default=Audience.OWN, validators=[Optional()])
    team = KeyField()
    to_team = KeyField()
    place = StringField(default="", validators=[Optional()])
    person = KeyField()
    kind = MemberField(Kind, validators=[Optional()])
    impact = MemberField(Level, validators=[Optional()])
    urgency = MemberField(Level, validators=[Optional()])
    system = StringField(validators=[Optional()])
    follows = BooleanField()
    note = TextAreaField(validators=[Optional()])
    reply = TextAreaField(validators=[Optional()])
    end = StringField(default="", validators=[Optional()])
    supplier = StringField(validators=[Optional()])
    solution = TextAreaField(validators=[Optional()])
    cause = MemberField(Cause, validators=[Optional()])
    reason = TextAreaField(validators=[Optional()])

    def text(self) -> MacroText:
        """Raises StepError, whose `field` is one of the form's."""
        return MacroText(
            name=self.name.data or "",
            description=self.description.data or "",
            audience=self.audience.data or Audience.OWN,
            team_id=self.team.data,
            steps=self.steps(),
        )

    def steps(self) -> list[Step]:
        return [*self._placing(), *self._changing(), *self._saying(), *self._ending()]

    def _placing(self) -> list[Step]:
        steps = [Step(deed=Deed.MOVE, team_id=self.to_team.data)] if self.to_team.data else []
        match self.place.data:
            case "take":
                steps.append(Step(deed=Deed.TAKE))
            case "nobody":
                steps.append(Step(deed=Deed.ASSIGN))
            case "person":
                if self.person.data is None:
                    raise StepError(N_("Vælg en person."), "person")
                steps.append(Step(deed=Deed.ASSIGN, person_id=self.person.data))
        return steps

    def _changing(self) -> list[Step]:
        asked = (self.system.data or "").strip()
        system: dict[str, Any] = {"without_system": True} if asked == NO_SYSTEM else {}
        if asked.isdecimal():
            system = {"system_id": int(asked)}
        chosen = {"kind": self.kind.data, "impact": self.impact.data, "urgency": self.urgency.data, **system}
        changed = [Step(deed=Deed.CHANGE, **chosen)] if any(chosen.values()) else []
        return [*changed, *([Step(deed=Deed.FOLLOW)] if self.follows.data else [])]

    def _saying(self) -> list[Step]:
        """What is said is a question when the ticket then waits for the answer."""
        said = [Step(deed=Deed.NOTE, text=self.note.data)] if self.note.data else []
        if self.reply.data and self.end.data != "ask":
            said.append(Step(deed=Deed.REPLY, text=self.reply.data))
        return said

    def _ending(self) -> list[Step]:
        try:
            return self._end_steps()
        except StepError as error:
            fields = {"text": "reply" if self.end.data == "ask" else "solution"}
            raise StepError(error.message, fields.get(error.field, error.field), **error.values) from None

    def _end_steps(self) -> list[Step]:
        solved = {"text": self.solution.data or "", "cause": self.cause.data}
        match self.end.data:
            case "ask":
                return [Step(deed=Deed.ASK, text=self.reply.data or "")]
            case "await_supplier":
                return [Step(deed=Deed.AWAIT_SUPPLIER, supplier=self.supplier.data or "")]
            case "resolve":
                return [Step(deed=Deed.RESOLVE, **solved)]
            case "resolve_and_close":
                return [Step(deed=Deed.RESOLVE, **solved), Step(deed=Deed.CLOSE)]
            case "close":
                return [Step(deed=Deed.CLOSE)]
            case "cancel":
                return [Step(deed=Deed.CANCEL, text=self.reason.data or "")]
            case _:
                return []

    def typed(self) -> dict[str, Any]:
        return {name: getattr(field.data, "value", field.data) or "" for name, field in self._fields.items()}


def typed_of(macro: Macro, steps: list[Step]) -> dict[str, Any]:
    """A macro as its form shows it."""
    typed: dict[str, Any] = {
        "name": macro.name,
        "description": macro.description,
        "audience": macro.audience.value,
        "team": macro.team_id,
    }
    deeds = {step.deed for step in steps}
    for step in steps:
        typed |= _TYPED[step.deed](step) if step.deed in _TYPED else {}
    if {Deed.RESOLVE, Deed.CLOSE} <= deeds:
        typed["end"] = "resolve_and_close"
    return typed


def _typed_change(step: Step) -> dict[str, Any]:
    told = {name: value.value for name, value in step.told.items() if name in ("kind", "impact", "urgency")}
    return {**told, "system": NO_SYSTEM if step.without_system else step.system_id or ""}


def _typed_solution(step: Step) -> dict[str, Any]:
    return {"end": "resolve", "solution": step.text, "cause": step.cause.value if step.cause else ""}


def _typed_place(step: Step) -> dict[str, Any]:
    return {"place": "person", "person": step.person_id} if step.person_id else {"place": "nobody"}


_TYPED: Any = {
    Deed.MOVE: lambda step: {"to_team": step.team_id},
    Deed.TAKE: lambda _step: {"place": "take"},
    Deed.ASSIGN: _typed_place,
    Deed.CHANGE: _typed_change,
    Deed.FOLLOW: lambda _step: {"follows": "1"},
    Deed.NOTE: lambda step: {"note": step.text},
    Deed.REPLY: lambda step: {"reply": step.text},
    Deed.ASK: lambda step: {"reply": step.text, "end": "ask"},
    Deed.AWAIT_SUPPLIER: lambda step: {"end": "await_supplier", "supplier": step.supplier},
    Deed.RESOLVE: _typed_solution,
    Deed.CLOSE: lambda _step: {"end": "close"},
    Deed.CANCEL: lambda step: {"end": "cancel", "reason": step.text},
}
