from flask import Flask
from flask_login import LoginManager


def init_app(app: Flask) -> None:
    login = LoginManager(app)
    login.user_loader(lambda token: None)
