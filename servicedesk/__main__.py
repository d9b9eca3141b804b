"""`python -m servicedesk` is the same program as `servicedesk`."""

from servicedesk.cli import main

main()
