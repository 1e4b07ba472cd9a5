"""The URLs of the whole house: people read them, so they are German. Those of machines: operations/health/."""

from django.contrib.auth import views as auth
from django.urls import include, path

from krm.operations import technical
from krm.views import home

urlpatterns = [
    path("", home, name="home"),
    path("anmelden/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("abmelden/", auth.LogoutView.as_view(), name="logout"),
    path("technik/", technical.technical, name="technical"),
    path("technik/mails/", technical.mails_again, name="mails_again"),
    path("technik/mails/<int:pk>/", technical.mail_again, name="mail_again"),
    path("technik/aufgaben/<int:pk>/erledigt/", technical.task_done, name="task_done"),
    path("", include("cases.urls")),
    path("", include("petitions.urls")),
    path("", include("reporting.urls")),
    path("", include("offices.urls")),
]
