"""The life of one case: registered or handed over, acknowledged, worked on, answered, closed, filed.

Follow a step through urls, views, forms, actions, rules, models; every arrow points down.
"""
