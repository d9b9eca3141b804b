"""Telling people: an outbox written in the transaction of the change, delivered after it with retries."""
