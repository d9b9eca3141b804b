"""Puts everything together; knows all, known by none."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import servicedesk.accountability.package_views
import servicedesk.accountability.views
import servicedesk.agreements.hours_views
import servicedesk.agreements.promise_views
import servicedesk.agreements.service_hours
import servicedesk.agreements.supplier_views
import servicedesk.agreements.system_panel
import servicedesk.agreements.views
import servicedesk.cockpit.next_in_list
import servicedesk.cockpit.views
import servicedesk.competence.views
import servicedesk.developer.views
import servicedesk.drafts.views
import servicedesk.figures.behind
import servicedesk.figures.cli
import servicedesk.figures.load
import servicedesk.insight.cli
import servicedesk.insight.corps.views
import servicedesk.insight.desk.views
import servicedesk.insight.overview.views
import servicedesk.insight.reports.views
import servicedesk.insight.service.views
import servicedesk.insight.trying.views
import servicedesk.keyboard.views
import servicedesk.notifications.cli
import servicedesk.notifications.views
import servicedesk.organisation.cli
import servicedesk.organisation.views
import servicedesk.phrases.views
import servicedesk.privacy.cli
import servicedesk.privacy.views
import servicedesk.search.views
import servicedesk.signin.login
import servicedesk.signin.theme_views
import servicedesk.signin.views
import servicedesk.stewardship.panels
import servicedesk.stewardship.supplier_views
import servicedesk.stewardship.views
import servicedesk.superbrugere.views
import servicedesk.surveys.panels
import servicedesk.surveys.views
import servicedesk.systems.views.catalogue
import servicedesk.systems.views.following
import servicedesk.systems.views.importing
import servicedesk.systems.views.known
import servicedesk.systems.views.panels
import servicedesk.systems.views.register
import servicedesk.systems.views.status
import servicedesk.tickets.cli
import servicedesk.tickets.matrix_views
import servicedesk.tickets.views
import servicedesk.training.views
import servicedesk.transfer.cli
import servicedesk.upkeep.cli
import servicedesk.upkeep.views
import servicedesk.upkeep.worker_views
from servicedesk.config import Settings
from servicedesk.core import (
    access,
    addresses,
    assets,
    compression,
    downloads,
    logging,
    looking,
    navigation,
    panels,
    pdf,
    templates,
    web,
)
from servicedesk.core.db import db, prepare_engine
from servicedesk.core.language import Languages
from servicedesk.paths import PACKAGE, bundled

#: Text in a form; files are counted by MAX_CONTENT_LENGTH.
MAX_FORM_TEXT = 1_000_000
#: How many files of the largest size one form may carry.
FILES_IN_A_FORM = 4

csrf = CSRFProtect()
babel = Languages()
migrate = Migrate()


def create_app(settings: Settings | None = None) -> Flask:
    """The application for `settings` (default: from the environment).

    Raises SettingError when a setting cannot work, RuntimeError when a route does not say who may use it.
    """
    settings = settings or Settings.from_environment()
    app = Flask("servicedesk", template_folder=str(bundled("templates")), static_folder=str(bundled("static")))
    app.config.from_mapping(_flask_settings(settings))
    app.extensions["settings"] = settings
    app.jinja_environment = templates.Templates
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logging.configure(settings.log_format)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _connect(app, settings)
    compression.init_app(app)
    web.init_app(app, settings)
    looking.init_app(app)
    assets.init_app(app)
    addresses.init_app(app)
    downloads.init_app(app)
    pdf.init_app(app)
    _add_capabilities(app)
    csrf.init_app(app)  # after who asks is known, so that its refusals look like that person's other pages
    # A mail program presses it without any session; the secret in the address says that it may (RFC 8058).
    csrf.exempt(servicedesk.insight.reports.views.stop)
    navigation.init_app(app)
    panels.init_app(app)
    access.refuse_silent_routes(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    one_file = settings.max_attachment_mb * 1_000_000
    return {
        "SECRET_KEY": settings.key(),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_secure else "session",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "MAX_CONTENT_LENGTH": one_file * FILES_IN_A_FORM + MAX_FORM_TEXT,
        "MAX_FORM_MEMORY_SIZE": MAX_FORM_TEXT,
        "MAX_FORM_PARTS": 200,
        "TRUSTED_HOSTS": _trusted_hosts(settings),
        "PREFERRED_URL_SCHEME": urlsplit(settings.base_url).scheme,
        "BABEL_DEFAULT_LOCALE": settings.locale,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form left open overnight can still be sent
        "WTF_CSRF_SSL_STRICT": False,  # core.web compares the origin for every scheme
        "WTF_I18N_ENABLED": False,
    }


def _engine_options(database_url: str) -> dict[str, Any]:
    if database_url.startswith("sqlite"):
        return {}
    return {
        "isolation_level": "AUTOCOMMIT",  # core.db.transaction begins what is saved together
        "pool_use_lifo": True,
        "pool_size": 10,
        "max_overflow": 10,
        "connect_args": {"options": "-c timezone=UTC"},
    }


def _trusted_hosts(settings: Settings) -> list[str]:
    host = urlsplit(settings.base_url).hostname or ""
    return [host, "localhost", "127.0.0.1"] if not settings.is_secure else [host]


def _connect(app: Flask, settings: Settings) -> None:
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(bundled("migrations")), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)
    babel.init_app(app, locale_selector=web.current_locale)

    @app.before_request
    def _know_the_installation() -> None:
        g.default_locale = settings.locale


def _add_capabilities(app: Flask) -> None:
    servicedesk.signin.login.init_app(app)
    for views in (
        servicedesk.signin.views,
        servicedesk.signin.theme_views,
        servicedesk.organisation.views,
        servicedesk.systems.views.register,
        servicedesk.systems.views.catalogue,
        servicedesk.systems.views.importing,
        servicedesk.systems.views.known,
        servicedesk.systems.views.status,
        servicedesk.notifications.views,
        servicedesk.agreements.views,
        servicedesk.drafts.views,
        servicedesk.phrases.views,
        servicedesk.agreements.promise_views,
        servicedesk.agreements.supplier_views,
        servicedesk.superbrugere.views,
        servicedesk.tickets.views,
        servicedesk.stewardship.views,
        servicedesk.stewardship.supplier_views,
        servicedesk.training.views,
        servicedesk.surveys.views,
        servicedesk.tickets.matrix_views,
        servicedesk.cockpit.views,
        servicedesk.competence.views,
        servicedesk.insight.corps.views,
        servicedesk.insight.desk.views,
        servicedesk.insight.overview.views,
        servicedesk.insight.reports.views,
        servicedesk.insight.service.views,
        servicedesk.insight.trying.views,
        servicedesk.keyboard.views,
        servicedesk.search.views,
        servicedesk.agreements.hours_views,
        servicedesk.privacy.views,
        servicedesk.upkeep.views,
        servicedesk.upkeep.worker_views,
        servicedesk.accountability.views,
        servicedesk.developer.views,
    ):
        app.register_blueprint(views.bp)
    for commands in (
        servicedesk.organisation.cli,
        servicedesk.notifications.cli,
        servicedesk.tickets.cli,
        servicedesk.figures.cli,
        servicedesk.insight.cli,
        servicedesk.transfer.cli,
        servicedesk.privacy.cli,
        servicedesk.upkeep.cli,
    ):
        commands.init_app(app)
