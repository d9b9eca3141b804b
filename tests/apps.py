"""The application as tests have it: by https, with passwords that are quick to hash."""

from pathlib import Path

import flask_migrate
from argon2.profiles import CHEAPEST
from flask import Flask

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.db import db
from servicedesk.paths import bundled
from servicedesk.signin import passwords
from tests.browser import Browser

BASE_URL = "https://servicedesk.test"


def make_app(url: str, folder: Path) -> Flask:
    settings = Settings(
        data_dir=folder, database_url=url, base_url=BASE_URL, secret_key="only for tests " * 3, organisation="Testby"
    )
    app = create_app(settings)
    passwords.use(CHEAPEST)
    app.testing = True
    app.test_client_class = Browser
    return app


def migrate(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade(directory=str(bundled("migrations")))
        db.engine.dispose()
