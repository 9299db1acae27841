"""Writing a calendar down as text/calendar (RFC 5545), in its owner's language.

The same entries give the same bytes: DTSTAMP is the time of the last change, so an unchanged calendar keeps its ETag.
"""

from urllib.parse import urlsplit

from icalendar import Calendar
from icalendar import Event as Component

from app.core.settings import settings
from app.core.text import N_
from app.web import i18n
from app.web.filters import localized
from volunteers.calendars.queries import Entry, Feed
from volunteers.calendars.rules import REFRESH

PRODUCT = "-//Fahui//Public legal services of Hangzhou//ZH"
OWN_NAME, STATION_NAME = N_("法惠 · 我的任务"), N_("法惠 · %(station)s")
ROLE, CONTACT, PEOPLE, NOBODY = (
    N_("岗位：%(role)s"),
    N_("联系人：%(contact)s"),
    N_("来的人：%(people)s"),
    N_("还没有人报名"),
)
BETWEEN_NAMES = N_("、")


def written(feed: Feed) -> bytes:
    """Return the calendar as bytes, lines folded and ended as the standard asks."""
    with i18n.speaking(feed.locale or "zh"):
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        name = _name(feed)
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        for entry in feed.entries:
            calendar.add_component(_component(entry, of_station=bool(feed.name_zh)))
        return bytes(calendar.to_ical())


def _name(feed: Feed) -> str:
    if not feed.name_zh:
        return i18n.gettext(OWN_NAME)
    return i18n.translate(STATION_NAME, station=localized(feed, "name"))


def _component(entry: Entry, *, of_station: bool) -> Component:
    event = Component()
    event.add("uid", f"{entry.key}@{urlsplit(settings().public_url).hostname}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status.value)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("summary", localized(entry, "title"))
    event.add("location", " · ".join(filter(None, (localized(entry, "place"), localized(entry, "meeting_point")))))
    event.add("description", "\n".join(_lines(entry, of_station)))
    path = f"/station/shifts/{entry.reference}" if of_station else f"/assignments/{entry.reference}"
    event.add("url", settings().public_url + path)
    return event


def _lines(entry: Entry, of_station: bool) -> list[str]:
    lines = []
    if role := localized(entry, "role"):
        lines.append(i18n.translate(ROLE, role=role))
    if contact := " ".join(filter(None, (entry.contact_name, entry.contact_phone))):
        lines.append(i18n.translate(CONTACT, contact=contact))
    if of_station:
        people = i18n.gettext(BETWEEN_NAMES).join(entry.people)
        lines.append(i18n.translate(PEOPLE, people=people) if people else i18n.gettext(NOBODY))
    return lines
