"""The servicedesk of a municipality."""

from servicedesk.app import create_app

__all__ = ["create_app"]
