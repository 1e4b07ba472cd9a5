"""The URLs of the whole house: people read them, so they are German."""

from django.contrib.auth import views as auth
from django.urls import include, path

from krm.views import home

urlpatterns = [
    path("", home, name="home"),
    path("anmelden/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("abmelden/", auth.LogoutView.as_view(), name="logout"),
    path("", include("cases.urls")),
    path("", include("offices.urls")),
]
