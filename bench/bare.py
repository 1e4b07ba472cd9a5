"""The URLs of KRM and one page more, with nothing on it: what every page costs."""

from django.urls import path
from django.views.generic import TemplateView

from krm.urls import urlpatterns as of_krm

urlpatterns = [path("bare/", TemplateView.as_view(template_name="base.html")), *of_krm]
