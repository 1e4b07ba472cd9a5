"""The office's catalogue of topics: adding, renaming, retiring."""

from cases.models import Topic
from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import save_checked
from offices.queries import Actor
from offices.roles import Permission


@action
def save_topic(*, by: Actor, topic: Topic) -> Topic:
    """Add or change a topic (B1-13); a retired one stays on old cases and is no longer offered.

    NotAllowed for whom the catalogue is not part of the role, and for a name that the group already has.
    """
    check_may_in(by, Permission.CHANGE_TOPICS, topic.office_id)
    is_new = topic.pk is None
    save_checked(topic)
    record(
        "topic.added" if is_new else "topic.changed",
        by=by,
        permission=Permission.CHANGE_TOPICS,
        office_id=topic.office_id,
        topic=topic.pk,
    )
    return topic
