"""Signing in: identities, sessions kept on the server, passwords and their reset.

An identity is apart from the person: a password today, a sign-on provider tomorrow, several at once.
"""
