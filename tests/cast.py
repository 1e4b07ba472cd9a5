"""The named cast: the people of the demo offices, fetched by their usernames."""

from datetime import date

from offices.models import User
from offices.queries import Actor, actor_for

TODAY = date(2026, 11, 23)  # a Monday without a holiday anywhere


def actor(username: str, today: date = TODAY) -> Actor:
    """The acting person, for example `actor("pankow.krm")`."""
    return actor_for(User.objects.get(username=username), today)
