"""Finding things: one box over tickets, people and systems, and the palette that opens with Ctrl+K.

What is typed is read by `grammar`, given its meaning for a person by `meaning`, and answered by `found`.
"""
