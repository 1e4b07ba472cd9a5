"""URLs of notices."""

from django.urls import URLPattern, path

from cases.notices.views import calendar_feed as calendar
from cases.notices.views import page as notices

urlpatterns: list[URLPattern] = [
    path("mitteilungen/", notices.notices, name="notices"),
    path("mitteilungen/gelesen/", notices.notices_read, name="notices_read"),
    path("mitteilungen/<int:pk>/oeffnen/", notices.notice_open, name="notice_open"),
    path("mitteilungen/einstellungen/", notices.notice_settings, name="notice_settings"),
    path("mitteilungen/einstellungen/kalender/", notices.calendar_new, name="calendar_new"),
    path("mitteilungen/einstellungen/kalender/widerrufen/", notices.calendar_revoke, name="calendar_revoke"),
    path("kalender/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
]
