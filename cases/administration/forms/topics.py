"""The form for a topic of the catalogue."""

from django import forms

from cases.models import Topic
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ["office", "group", "name", "nature", "is_active"]
        help_texts = {
            "group": "Themen derselben Gruppe stehen beieinander.",
            "is_active": "Was nicht mehr angeboten wird, bleibt bei alten Vorgängen stehen.",
        }

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        offices = Office.objects.filter(pk__in=actor.office_ids(Permission.CHANGE_TOPICS))
        self.fields["office"].queryset = offices
        self.fields["office"].empty_label = None
        if self.instance.pk:
            del self.fields["office"]
        else:
            del self.fields["is_active"]
