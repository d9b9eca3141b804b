"""Single keys: the list of them, and whether a person wants them.

What an element's key is stands on the element (`data-key`); static/js/keys.js does the rest.
"""
