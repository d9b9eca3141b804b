"""What a browser is called in a sentence, told from what it says of itself."""

from flask_babel import gettext

#: The first that is found counts: most browsers also claim to be others.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def in_words(device: str) -> str:
    """ "Chrome på Windows"; "Ukendt browser" for what nobody knows."""
    browser, system = (next((name for sign, name in known if sign in device), "") for known in (_BROWSERS, _SYSTEMS))
    if browser and system:
        return str(gettext("%(browser)s på %(system)s", browser=browser, system=system))
    return browser or system or str(gettext("Ukendt browser"))
