"""URLs of notices."""

from django.urls import URLPattern, path

from cases.notices.views import calendar_feed, page

urlpatterns: list[URLPattern] = [
    path("mitteilungen/", page.notices, name="notices"),
    path("mitteilungen/gelesen/", page.notices_read, name="notices_read"),
    path("mitteilungen/<int:pk>/oeffnen/", page.notice_open, name="notice_open"),
    path("mitteilungen/einstellungen/", page.notice_settings, name="notice_settings"),
    path("mitteilungen/einstellungen/kalender/", page.calendar_new, name="calendar_new"),
    path("mitteilungen/einstellungen/kalender/widerrufen/", page.calendar_revoke, name="calendar_revoke"),
    path("kalender/<str:token>.ics", calendar_feed.calendar_feed, name="calendar_feed"),
]
