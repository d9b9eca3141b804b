"""Flask-Babel's functions with types, as it has none, and with less work for each text: a page has hundreds."""

from functools import cached_property, lru_cache
from typing import Any

import flask_babel
from flask import Flask
from flask.globals import _cv_app
from flask_babel import Babel, Domain
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup


def language() -> str | None:
    """The reader's language; None where nobody reads, outside of the application."""
    try:
        # Where Flask-Babel keeps it for the request; its own way there, and Flask's `g`, take many times as long, and a
        # page asks a thousand times.
        chosen: str = _cv_app.get().g._flask_babel.babel_locale.language
        return chosen
    except (AttributeError, LookupError):  # nobody has asked yet, or there is no request
        locale = flask_babel.get_locale()
        return None if locale is None else str(locale.language)


def gettext(message: str, **values: Any) -> str:
    """The message in the reader's language, with named values put in."""
    words = _words(message, language())
    return words % values if values else words


# Flask-Babel asks three times over who reads, for each text; a catalogue stays as it is while the process lives.
@lru_cache(maxsize=20_000)
def _words(message: str, _language: str | None) -> str:
    return str(flask_babel.gettext(message))


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The form that fits the number, which is the value `num` in it."""
    return _form(one, many, num, language()) % {"num": num, **values}


@lru_cache(maxsize=20_000)
def _form(one: str, many: str, num: int, _language: str | None) -> str:
    return str(flask_babel.get_domain().get_translations().ungettext(one, many, num))


class Languages(Babel):  # type: ignore[misc]
    """Flask-Babel, with catalogues found by language and texts in templates made safe once."""

    def init_app(self, app: Flask, *args: Any, **kwargs: Any) -> None:
        super().init_app(app, *args, **kwargs)
        app.jinja_env.globals.update({"_": _in_template, "gettext": _in_template})

    @cached_property
    def domain_instance(self) -> Domain:
        return _Catalogues(domain=self.domain)


class _Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel's own puts the whole locale into words for each text that it looks up."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._of_language: dict[str, Any] = {}

    def get_translations(self) -> Any:
        locale = flask_babel.get_locale()
        if locale is None:
            return super().get_translations()
        found = self._of_language.get(locale.language)
        if found is None:
            found = self._of_language[locale.language] = super().get_translations()
        return found


@pass_eval_context
def _in_template(how: EvalContext, message: str, **values: Any) -> str:
    """As Jinja's own: what is put in is escaped where the template escapes."""
    if not how.autoescape:
        return _words(message, language()) % values
    return _safe(message, language()) % values if values else _whole(message, language())


@lru_cache(maxsize=20_000)
def _safe(message: str, language: str | None) -> Markup:
    return Markup(_words(message, language))  # noqa: S704  our own texts


@lru_cache(maxsize=20_000)
def _whole(message: str, language: str | None) -> Markup:
    return _safe(message, language) % {}
