"""Celery's application: one list of tasks and one schedule for both modes of running.

Served: `celery -A krm worker` and `celery -A krm beat` with Redis. Embedded: `manage.py worker` reads
the same schedule and calls the same task functions without a broker.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krm.settings")

app = Celery("krm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
