"""Every change of a ticket: one function, one use case, one transaction."""

from servicedesk.tickets.commands.calling import Solved, take_call
from servicedesk.tickets.commands.ending import cancel, close, confirm, reopen, resolve
from servicedesk.tickets.commands.filing import NewTicket, continue_in_new, file
from servicedesk.tickets.commands.joining import UNDO_MERGE_WITHIN, follow, link, merge, undo_merge, unfollow, unlink
from servicedesk.tickets.commands.passing import LackingError, appraise, escalate, hand_back
from servicedesk.tickets.commands.placing import assign, change, classify, move, take
from servicedesk.tickets.commands.revealing import TooManyError, reveal
from servicedesk.tickets.commands.sending import Message, publish, say, say_later, send_due, send_first, stored_file
from servicedesk.tickets.commands.splitting import Part, split
from servicedesk.tickets.commands.talking import (
    note,
    promise_date,
    reply,
    resume,
    wait_for_supplier,
    wait_for_user,
)
from servicedesk.tickets.commands.writing import NewFile, OutdatedError

__all__ = [
    "UNDO_MERGE_WITHIN",
    "LackingError",
    "Message",
    "NewFile",
    "NewTicket",
    "OutdatedError",
    "Part",
    "Solved",
    "TooManyError",
    "appraise",
    "assign",
    "cancel",
    "change",
    "classify",
    "close",
    "confirm",
    "continue_in_new",
    "escalate",
    "file",
    "follow",
    "hand_back",
    "link",
    "merge",
    "move",
    "note",
    "promise_date",
    "publish",
    "reopen",
    "reply",
    "resolve",
    "resume",
    "reveal",
    "say",
    "say_later",
    "send_due",
    "send_first",
    "split",
    "stored_file",
    "take",
    "take_call",
    "undo_merge",
    "unfollow",
    "unlink",
    "wait_for_supplier",
    "wait_for_user",
]
