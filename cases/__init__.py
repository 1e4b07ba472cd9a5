"""The life of one case: registered or handed over, acknowledged, worked on, answered, closed, filed.

Each folder beside rules/ and models/ is a chapter of that story; open the subject, then the layer: urls, views, forms,
actions, reading. Actions are the only code that writes: atomic, keyword-only, `by` the acting `Actor`, in four beats:
check, change, record, announce. They refuse with `NotAllowed` and a German sentence; announcing means leaving rows (a
letter without PDF, a notice not sent) that background work picks up.
"""
