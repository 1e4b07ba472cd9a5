"""The URLs of the whole house: people read them, so they are German."""

from importlib.util import find_spec

from django.contrib.auth import views as auth
from django.urls import include, path

urlpatterns = [
    path("anmelden/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("abmelden/", auth.LogoutView.as_view(), name="logout"),
    *[path("", include(f"{app}.urls")) for app in ("cases", "offices") if find_spec(f"{app}.urls")],
]
