"""The doors in and out, and a person's own page."""

from datetime import date, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from servicedesk.config import LOCALES, Settings
from servicedesk.core import access, clock, web
from servicedesk.core.access import public, requires, signed_in
from servicedesk.core.errors import N_, NotFoundError, RefusedError
from servicedesk.organisation.policy import PersonPermission
from servicedesk.organisation.queries import get_person
from servicedesk.signin import commands, devices, login, passwords, queries, throttle
from servicedesk.signin.forms import NAME_LENGTH, ChangePasswordForm, ForgotForm, NewPasswordForm, SignInForm
from servicedesk.signin.kinds import described

bp = Blueprint("signin", __name__)

#: The address of this page is a key: it goes to nobody, not even to our own other pages. (With "no-referrer" browsers
#: would not say where the form comes from either.)
SECRET_ADDRESS = {"Referrer-Policy": "strict-origin"}


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_next())
    return _sign_in_page(SignInForm(formdata=None))


@bp.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, form.first_errors()), 422
    name = (form.name.data or "")[:NAME_LENGTH]
    person_id = _authenticate(name, form.password.data)
    if person_id is None:
        return _sign_in_page(form, {"name": gettext("Brugernavnet eller adgangskoden er forkert.")}), 422
    login.enter(person_id, clock.now())
    return redirect(_next(), 303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    login.leave(clock.now())
    return web.see_other("signin.sign_in", left=1)


@bp.get("/password/forgot")
@public
def forgot() -> ResponseReturnValue:
    return _forgot_page(ForgotForm(formdata=None))


@bp.post("/password/forgot")
@public
@throttle.limiter.limit(throttle.RESETS_FROM_AN_ADDRESS)
def ask_reset() -> ResponseReturnValue:
    form = ForgotForm()
    if not form.validate():
        return _forgot_page(form, form.first_errors()), 422
    name = (form.name.data or "")[:NAME_LENGTH]
    throttle.charge((throttle.RESETS_FOR_A_NAME, queries.name_digest(name)))
    commands.ask_reset(name, now=clock.now())
    return web.see_other("signin.forgot", asked=1)


@bp.get("/password/reset/<token>")
@public
def choose_password(token: str) -> ResponseReturnValue:
    return _reset_page(token)


@bp.post("/password/reset/<token>")
@public
@throttle.limiter.limit(throttle.RESETS_FROM_AN_ADDRESS)
def reset(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    if not form.validate():
        return _reset_page(token, form.first_errors())
    try:
        commands.reset(token, form.password.data, now=clock.now())
    except passwords.PasswordRefusedError as refused:
        return _reset_page(token, {"password": web.refusal(refused)})
    except commands.LinkUsedError:
        return _reset_page(token)
    login.leave(clock.now())
    return web.see_other("signin.sign_in", changed=1)


@bp.get("/me")
@signed_in
def profile() -> ResponseReturnValue:
    return _profile_page({})


@bp.post("/me")
@signed_in
def save_profile() -> ResponseReturnValue:
    """Only the language is a person's own to choose; who he or she is comes from the organisation."""
    commands.choose_language(_chosen_language(), by=access.actor())
    return web.see_other("signin.profile")


@bp.post("/me/password")
@signed_in
def change_password() -> ResponseReturnValue:
    form, now = ChangePasswordForm(), clock.now()
    if not form.validate():
        return _profile_page(form.first_errors()), 422
    who = access.actor()
    tries = (throttle.FAILURES_FOR_A_NAME, f"person {who.id}")
    throttle.charge(tries)
    try:
        commands.change_own_password(form.present.data, form.password.data, by=who, now=now)
    except commands.WrongPasswordError as refused:
        return _profile_page({"present": web.refusal(refused)}), 422
    except passwords.PasswordRefusedError as refused:
        throttle.give_back(tries)
        return _profile_page({"password": web.refusal(refused)}), 422
    throttle.forgive(*tries)
    login.enter(current_user.actor.id, now)
    flash(gettext("Din adgangskode er ændret, og du er logget ud alle andre steder."), "success")
    return web.see_other("signin.profile")


@bp.post("/me/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    commands.end_all(current_user.actor.id, by=access.actor(), now=clock.now())
    session.clear()
    return web.see_other("signin.sign_in", left=1)


@bp.get("/admin/people/<int:person_id>/sign-in")
@requires(PersonPermission.MANAGE)
def persons_sign_in(person_id: int) -> ResponseReturnValue:
    return _persons_page(person_id, {})


@bp.post("/admin/people/<int:person_id>/sign-in")
@requires(PersonPermission.MANAGE)
def let_in(person_id: int) -> ResponseReturnValue:
    """Gives a person a sign-in name, and a new password; he or she is signed out everywhere."""
    form, now = NewPasswordForm(), clock.now()
    if not form.validate():
        return _persons_page(person_id, form.first_errors()), 422
    try:
        commands.let_in(person_id, form.password.data, by=access.actor(), now=now)
    except passwords.PasswordRefusedError as refused:
        return _persons_page(person_id, {"password": web.refusal(refused)}), 422
    if person_id == access.actor().id:
        login.enter(person_id, now)
    flash(gettext("Adgangskoden er gemt."), "success")
    return web.see_other("signin.persons_sign_in", person_id=person_id)


@bp.post("/admin/people/<int:person_id>/sign-in/link")
@requires(PersonPermission.MANAGE)
def mail_link(person_id: int) -> ResponseReturnValue:
    commands.mail_link(person_id, by=access.actor(), now=clock.now())
    flash(gettext("Personen får en mail med et link til at vælge en adgangskode."), "success")
    return web.see_other("signin.persons_sign_in", person_id=person_id)


@bp.post("/admin/people/<int:person_id>/sign-in/end")
@requires(PersonPermission.MANAGE)
def sign_person_out(person_id: int) -> ResponseReturnValue:
    commands.sign_out_for(person_id, by=access.actor(), now=clock.now())
    flash(gettext("Personen er logget ud alle steder."), "success")
    return web.see_other("signin.persons_sign_in", person_id=person_id)


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    locale = _chosen_language()
    if current_user.is_authenticated:
        commands.choose_language(locale, by=access.actor())
    else:
        session["locale"] = locale
    return redirect(_next(), 303)


@public
def demo_sign_in() -> ResponseReturnValue:
    """One click instead of a name and a password; there is no such route outside `servicedesk demo`."""
    now = clock.now()
    offered = {str(person.id): person.id for _kind, person in queries.demo_people(today=_today(now))}
    person_id = offered.get(request.form.get("person_id", ""))
    if person_id is None:
        raise NotFoundError
    login.enter(person_id, now)
    return redirect(_next(), 303)


@bp.record
def _add_trial(state: BlueprintSetupState) -> None:
    if state.app.extensions["settings"].is_demo:
        state.add_url_rule("/demo/sign-in", "demo_sign_in", demo_sign_in, methods=["POST"])


def _authenticate(name: str, password: str) -> int | None:
    """Charged as a failure first, so that a hundred tries at once are a hundred tries."""
    from_here = (throttle.FAILURES_FROM_AN_ADDRESS, throttle.address())
    for_name = (throttle.FAILURES_FOR_A_NAME, queries.name_digest(name))
    throttle.charge(from_here, for_name)
    person_id = commands.authenticate(name, password, now=clock.now())
    if person_id is not None:
        throttle.give_back(from_here)
        throttle.forgive(*for_name)
    return person_id


def _next() -> str:
    return web.safe_next(request.values.get("next")) or url_for("tickets.home")


def _chosen_language() -> str:
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise RefusedError(N_("Det sprog har vi ikke."))
    return locale


def _today(now: datetime) -> date:
    settings: Settings = current_app.extensions["settings"]
    return clock.local_date(now, settings.timezone)


def _sign_in_page(form: SignInForm, errors: dict[str, str] | None = None) -> str:
    settings: Settings = current_app.extensions["settings"]
    people = queries.demo_people(today=_today(clock.now())) if settings.is_demo else []
    return render_template(
        "signin/sign_in.html",
        name=form.name.data or "",
        next=web.safe_next(request.values.get("next")),
        errors=errors or {},
        has_left="left" in request.args,
        has_changed="changed" in request.args,
        trial=[(person, *described(kind)) for kind, person in people],
    )


def _forgot_page(form: ForgotForm, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "signin/forgot.html", name=form.name.data or "", errors=errors or {}, is_asked="asked" in request.args
    )


def _reset_page(token: str, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    if queries.find_reset(token, now=clock.now()) is None:
        return render_template("signin/link_used.html"), commands.LinkUsedError.status, SECRET_ADDRESS
    page = render_template("signin/reset.html", token=token, errors=errors or {}, least=passwords.SHORTEST)
    return page, 422 if errors else 200, SECRET_ADDRESS


def _profile_page(errors: dict[str, str]) -> str:
    who, now = access.actor(), clock.now()
    here = queries.token_digest(current_user.get_id())
    return render_template(
        "signin/profile.html",
        unit=queries.own_unit(who),
        login=queries.login_of(current_user.actor.id),
        roles=queries.own_roles(who, today=_today(now)),
        browsers=[
            (devices.in_words(one.device), one.started_at, one.seen_at, one.digest == here)
            for one in queries.browsers_of(current_user.actor.id, now=now)
        ],
        errors=errors,
        least=passwords.SHORTEST,
    )


def _persons_page(person_id: int, errors: dict[str, str]) -> str:
    who, now = access.actor(), clock.now()
    person = get_person(person_id, who)
    return render_template(
        "signin/person.html",
        person=person,
        login=queries.login_of(person_id),
        browsers=len(queries.browsers_of(person_id, now=now)),
        may_set=queries.may_set_password(person_id, who),
        errors=errors,
        least=passwords.SHORTEST,
    )
