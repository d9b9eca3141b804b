"""Telling people, by mail and in the application, and what they do with it."""

from servicedesk.notifications.commands.choosing import choose as choose
from servicedesk.notifications.commands.digests import send_digest as send_digest
from servicedesk.notifications.commands.holding import held_back as held_back
from servicedesk.notifications.commands.holding import keep_from_mail as keep_from_mail
from servicedesk.notifications.commands.outbox import add as add
from servicedesk.notifications.commands.outbox import send_again as send_again
from servicedesk.notifications.commands.reading import forget_old as forget_old
from servicedesk.notifications.commands.reading import read as read
from servicedesk.notifications.commands.reading import read_all as read_all
from servicedesk.notifications.commands.releasing import release as release
from servicedesk.notifications.commands.telling import News as News
from servicedesk.notifications.commands.telling import tell as tell
from servicedesk.notifications.commands.telling import tell_all as tell_all
