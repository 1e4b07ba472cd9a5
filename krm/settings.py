"""All settings, read from the environment; .env.example lists the variables.

Two ways to run: "embedded" (the default: one machine, SQLite, no server needed, everything in KRM_DATA_DIR)
and "served" (PostgreSQL, Redis, any number of hosts, behind HTTPS).
"""

from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from krm import env
from krm.secret_key import kept_secret_key

# Where and how it runs

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.choice("KRM_MODE", ("embedded", "served"), default="embedded")
SERVED = MODE == "served"
DEBUG = env.flag("KRM_DEBUG", default=False)
DATA_DIR = env.folder("KRM_DATA_DIR", default=BASE_DIR / "var")
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

if SERVED and DEBUG:
    raise ImproperlyConfigured("KRM_DEBUG verrät Interna und ist mit KRM_MODE=served nicht erlaubt.")

SECRET_KEY = env.secret("SECRET_KEY") or ("" if SERVED else kept_secret_key(DATA_DIR / "secret_key"))
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY fehlt: Mit KRM_MODE=served muss SECRET_KEY oder SECRET_KEY_FILE gesetzt sein."
    )

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=() if SERVED else LOOPBACK)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS fehlt: Mit KRM_MODE=served muss dort stehen, unter welchem Namen KRM erreichbar ist."
    )

# What it is made of

INSTALLED_APPS = [
    "krm",
    "reporting",
    "petitions",
    "cases",
    "offices",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # so that templates/django/forms/ of the project wins over Django's own
    "django_filters",
    "django_htmx",
    "csp",
    "guardian",
]
MIDDLEWARE = [
    "krm.middleware.request_id",  # first, so that every line of the log has it
    "krm.operations.health.probes.probes",  # before all that a probe knows nothing of: names, HTTPS, sessions
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "krm.middleware.response_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "offices.middleware.ActorMiddleware",
]
ROOT_URLCONF = "krm.urls"
WSGI_APPLICATION = "krm.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "krm.navigation.navigation",
                "cases.notices.context_processors.notices",
            ],
        },
    }
]

# Where things are kept

DATABASE_URL = env.address("DATABASE_URL", ("postgresql", "postgres"))
if SERVED and not DATABASE_URL:
    raise ImproperlyConfigured("DATABASE_URL fehlt: KRM_MODE=served braucht PostgreSQL (postgresql://…).")
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "krm.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # FULL: what was confirmed on screen is still there after a power cut
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
POSTGRESQL = dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True) if DATABASE_URL else None
if POSTGRESQL:
    POSTGRESQL["OPTIONS"] = {
        # Compiling, or a process more, takes longer than a question of ours; but for the count of all houses at night
        "options": "-c jit=off -c parallel_setup_cost=100000",
        "connect_timeout": 5,  # seconds; a server that has vanished is noticed, and the page says so
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    } | POSTGRESQL.get("OPTIONS", {})
DATABASES = {"default": POSTGRESQL or SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["models.W040"]  # SQLite leaves out what only spares PostgreSQL a look at the row

REDIS_URL = env.address("REDIS_URL", ("redis", "rediss"))
if SERVED and not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL fehlt: KRM_MODE=served braucht Redis (redis://…).")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Documents: never served by URL, only through views that ask who is reading
MEDIA_ROOT = DATA_DIR / "documents"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = env.number("KRM_UPLOAD_MAX_MB", default=30, least=1, most=500) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Static files: own in static/, those of packages in assets/ (filled at set-up by krm/assets.py)
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
ASSETS_DIR = BASE_DIR / "assets"
ASSETS_DIR.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Who is asking

AUTH_USER_MODEL = "offices.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody is anonymous here
GUARDIAN_GET_INIT_ANONYMOUS_USER = None
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds; how long a one-time link holds
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

# What a browser may do

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the masks of KERN's icons
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day; idle screens are locked by the workplace
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED
CSRF_COOKIE_HTTPONLY = True  # htmx takes the token from the page
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if SERVED and not host.startswith(".")]
SECURE_SSL_REDIRECT = SERVED
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SERVED else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SERVED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVED

# Language and time

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# Background work: the database is the queue, these tasks only look what is due

CELERY_BROKER_URL = REDIS_URL or None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long the broker is away
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 15 * 60,
    "socket_connect_timeout": 5,
    "socket_timeout": 15,  # what sends to a broker that hangs goes on; a worker waits for tasks a second at a time
    "socket_keepalive": True,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 10 * 60  # below the visibility timeout, so that nothing is delivered twice while it runs
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file: what is due stands in the database
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "cases.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 60}},
    "render-letters": {"task": "cases.tasks.render_letters", "schedule": 10.0, "options": {"expires": 60}},
    "watch-deadlines": {"task": "cases.tasks.watch_deadlines", "schedule": 60.0, "options": {"expires": 60}},
    "send-mail": {"task": "cases.tasks.send_mail", "schedule": 15.0, "options": {"expires": 60}},
    "count-reports": {"task": "reporting.tasks.count_reports", "schedule": 10.0, "options": {"expires": 60}},
    "draft-reports": {"task": "reporting.tasks.draft_reports", "schedule": 60 * 60.0, "options": {"expires": 60 * 60}},
    "summarise-houses": {"task": "reporting.tasks.summarise_houses", "schedule": crontab(hour=2, minute=10)},
    "check-facts": {"task": "reporting.tasks.check_facts", "schedule": crontab(hour=3, minute=10)},
}

# Mail

BASE_URL = env.text("KRM_BASE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if SERVED else "").rstrip("/")
if not BASE_URL:
    BASE_URL = f"http://127.0.0.1:{env.number('PORT', default=8000, least=1, most=65535)}"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost" if SERVED else "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mails"  # for trying out on one machine: each mail as a file
EMAIL_PORT = env.number("EMAIL_PORT", default=25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20  # seconds for each answer of the mail server
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "krm@localhost")
MAIL_LEASE_SECONDS = 5 * 60  # longer than the answers to one mail can take; then its sender counts as dead
MAIL_PAUSE_SECONDS = (60, 30 * 60)  # the first and the longest pause after a failure
MAIL_ALARM_SECONDS = 30 * 60  # the server has taken nothing for so long

# Logs go to standard output, with routes and ids but never with names or contents

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "krm.operations.logs.Line", "format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "krm.operations.logs.JsonLine"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": env.choice("KRM_LOG", ("text", "json"), default="json" if SERVED else "text"),
        }
    },
    "root": {
        "handlers": ["stdout"],
        "level": env.choice("KRM_LOG_LEVEL", ("DEBUG", "INFO", "WARNING"), default="INFO"),
    },
    "loggers": {
        "django": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
        "django.db.backends": {"level": "WARNING"},  # its debug lines hold the values of each query
        "celery.app.trace": {"level": "INFO" if SERVED else "WARNING"},  # a line for each run of each task
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
