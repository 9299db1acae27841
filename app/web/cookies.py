"""The five cookies of the site and their flags, in one place.

Behind https each name begins with ``__Host-``, so that no neighbouring host can set it.
"""

from http.cookies import CookieError, SimpleCookie

from app.core.settings import settings

SESSION = "fahui_session"
CSRF = "fahui_csrf"
LANGUAGE = "fahui_lang"
FLASH = "fahui_flash"
BROWSER = "fahui_browser"
YEAR = 365 * 86_400


def secure() -> bool:
    """Tell whether the site is reached through https."""
    return settings().public_url.startswith("https://")


def name(cookie: str) -> str:
    """Return the cookie's name as it travels."""
    return f"__Host-{cookie}" if secure() else cookie


def session(token: str, seconds: int) -> str:
    """Return the Set-Cookie value of a session."""
    return _set(SESSION, token, seconds)


def csrf(token: str) -> str:
    """Return the Set-Cookie value of an anonymous visitor's form token; it ends with the browser session."""
    return _set(CSRF, token, None)


def language(locale: str) -> str:
    """Return the Set-Cookie value of the chosen language."""
    return _set(LANGUAGE, locale, YEAR)


def flash(payload: str) -> str:
    """Return the Set-Cookie value of the sentences for the next page; empty deletes them."""
    return _set(FLASH, payload, 300 if payload else 0)


def browser(signed: str) -> str:
    """Return the Set-Cookie value by which an anonymous browser is known again; its maker signs what it holds."""
    return _set(BROWSER, signed, YEAR)


def ended(cookie: str) -> str:
    """Return the Set-Cookie value that removes a cookie."""
    return _set(cookie, "", 0)


def read(header: str) -> dict[str, str]:
    """Return our cookies of a request by their plain names; a malformed header is no cookies."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    ours = (SESSION, CSRF, LANGUAGE, FLASH, BROWSER)
    return {cookie: jar[name(cookie)].value for cookie in ours if name(cookie) in jar}


def _set(cookie: str, value: str, seconds: int | None) -> str:
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name(cookie)}={value}; Path=/; HttpOnly; SameSite=Lax{age}{'; Secure' if secure() else ''}"
