"""The pages of superbrugere, their appointments and their guidelines."""

from flask import Blueprint

from servicedesk.superbrugere import words as words

bp = Blueprint("superbrugere", __name__)
