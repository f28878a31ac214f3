"""All settings, read from the environment once; a missing or contradictory value fails loudly."""

import json
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from kombu import Exchange, Queue

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where things are kept ------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
HTTPS = SITE_URL.startswith("https://")
DEBUG = False
DEMO = env.bool("DEMO", default=False)
if DEMO and HTTPS:
    raise ImproperlyConfigured(
        "DEMO=1 lets anyone become any role, so it is refused together with an https SITE_URL. "
        "Unset DEMO, or use an http address on your own machine."
    )


def _secret_key() -> str:
    """SECRET_KEY from the environment; in demo mode one is made once and kept under var/."""
    key = env.str("SECRET_KEY", default="")
    if key:
        if len(key) < 50:
            raise ImproperlyConfigured("SECRET_KEY is too short: use at least 50 random characters.")
        return key
    if not DEMO:
        raise ImproperlyConfigured("SECRET_KEY is missing. Set it to at least 50 random characters.")
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(60))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
# Earlier keys: what they signed (links in residents' mail) goes on working; nothing new is signed with them.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

# --- The municipality: data, never code -----------------------------------------------------------
MUNICIPALITY_CODE = env.str("MUNICIPALITY_CODE", default="1484")
MUNICIPALITY = {
    "CODE": MUNICIPALITY_CODE,
    "NAME": env.str("MUNICIPALITY_NAME", default="Lysekils kommun"),
    "SHORT_NAME": env.str("MUNICIPALITY_SHORT_NAME", default="Lysekil"),
    "PORTAL_NAME": env.str("PORTAL_NAME", default="Trygg i Lysekil"),
    "LOGO": env.str("PORTAL_LOGO", default="img/logo.svg"),
    "POLICE_NAME": env.str("POLICE_NAME", default="lokalpolisområde Västra Fyrbodal"),
    # The Police's stations: a JSON list of [name, address, the Police's own page with the opening hours].
    "POLICE_STATIONS": [
        tuple(station)
        for station in json.loads(
            env.str(
                "POLICE_STATIONS",
                default=json.dumps(
                    [
                        [
                            "Polisstationen i Lysekil",
                            "Landsvägsgatan 8, Lysekil",
                            "https://polisen.se/om-polisen/kontakt/polisstationer/vastra-gotaland/lysekil/",
                        ]
                    ]
                ),
            )
        )
    ],
    "SITE_URL": env.str("MUNICIPALITY_SITE_URL", default="https://www.lysekil.se"),
    "CONTACT_EMAIL": env.str("CONTACT_EMAIL", default="registrator@lysekil.se"),
    "CONTACT_PHONE": env.str("CONTACT_PHONE", default="0523-61 30 00"),
    # The municipality's own pages, shown in the footer: a JSON list of [label, address] pairs.
    "FOOTER_LINKS": [
        tuple(pair)
        for pair in json.loads(
            env.str(
                "FOOTER_LINKS",
                default=json.dumps(
                    [
                        ["E-tjänster", "https://www.lysekil.se/e-tjanster"],
                        ["Anslagstavla", "https://www.lysekil.se/anslagstavla"],
                        ["Karta", "https://www.lysekil.se/karta"],
                    ]
                ),
            )
        )
    ],
}

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "django_htmx",
    "simple_history",
    "lysekil_trygghet.accounts",
    "lysekil_trygghet.history",
    "lysekil_trygghet.notifications",
    "lysekil_trygghet.subscriptions",
    "lysekil_trygghet.mailroom",
    "lysekil_trygghet.backups",
    "lysekil_trygghet.watching",
    "situation",
    "pledges",
    "incidents",
    "lysekil_trygghet.start",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lysekil_trygghet.ui.middleware.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lysekil_trygghet.ui.middleware.AddressLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lysekil_trygghet.ui.middleware.CleanQueryMiddleware",
    "lysekil_trygghet.ui.middleware.ButtonAddressMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "lysekil_trygghet.accounts.middleware.ActorMiddleware",
]

ROOT_URLCONF = "lysekil_trygghet.urls"
WSGI_APPLICATION = "lysekil_trygghet.wsgi.application"

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
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                "lysekil_trygghet.ui.context.site",
                "lysekil_trygghet.start.context.staff_nav",
            ],
            "libraries": {"pledges": "pledges.tags", "changes": "lysekil_trygghet.start.tags"},
            "builtins": ["lysekil_trygghet.ui.tags", "django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ("lysekil",)
CRISPY_TEMPLATE_PACK = "lysekil"
CRISPY_FAIL_SILENTLY = False


# --- Database: SQLite embedded, PostgreSQL in production --------------------------------------------
# How long one statement may take (0: as long as it needs), and how long it may wait for others. Migrations have
# limits of their own (deploy/production/migrate.sh).
STATEMENT_SECONDS = env.float("STATEMENT_SECONDS", default=15)
LOCK_SECONDS = env.float("LOCK_SECONDS", default=3)


def _database(url: dict, *, patience: int = 3) -> dict:
    """Settings for one database; `patience` in seconds while connecting."""
    options = url.setdefault("OPTIONS", {})
    if url["ENGINE"].endswith("sqlite3"):
        options["transaction_mode"] = "IMMEDIATE"
        options["timeout"] = 20
        options["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        return url
    options["connect_timeout"] = patience
    options["options"] = (
        f"-c statement_timeout={STATEMENT_SECONDS * 1000:.0f} -c lock_timeout={LOCK_SECONDS * 1000:.0f} "
        "-c idle_in_transaction_session_timeout=30000"
    )
    return {**url, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database(env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'trygghet.sqlite3'}"))}
# A standby of the same database, from which residents' pages are read (publishing/replica.py).
if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = _database(env.db_url("DATABASE_REPLICA_URL"), patience=2)
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    if any(not one["ENGINE"].endswith("postgresql") for one in DATABASES.values()):
        raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL, in DATABASE_URL too.")
    DATABASE_ROUTERS = ["lysekil_trygghet.publishing.replica.Router"]
# Further behind than this it is not read. With the portal's own half second it keeps pages new within five.
REPLICA_LAG_SECONDS = env.float("REPLICA_LAG_SECONDS", default=3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits live in the database, so that they hold when the broker is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Django's own limit of 300 would throw away limits and one-time tokens that still hold.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# --- Who may come in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/arbete/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lysekil_trygghet.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "lysekil_trygghet.accounts.models.user_display"
ACCOUNT_LOGIN_METHODS = {"email"}
# Nobody signs up (accounts/adapter.py); without a password here allauth would not ask for one at sign-in either.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Mail goes to known addresses only, and the page answers the same for all of them.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

SESSION_COOKIE_AGE = 60 * 60 * 9
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lysekil_trygghet.start.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^halsa/"]
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.int("TRUSTED_PROXY_COUNT", default=0):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
# Who may show the card of /badda-in/ in a frame: the municipality's own website, unless others are named.
EMBED_ANCESTORS = env.list("EMBED_ANCESTORS", default=[MUNICIPALITY["SITE_URL"]] if MUNICIPALITY["SITE_URL"] else [])
# A megabyte of Swedish letters is three as a browser sends it, and must come back with words on what to take away.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# --- Static files and media -----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_DIR", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "lysekil_trygghet.ui.bundles.BundleFinder",
]
# Residents' pages are kept in memory (publishing/pages.py): how much of it each process gives them, and how often
# it asks whether anything has changed. The folder is nginx's own cache, which `manage.py purge_cache` empties.
PAGES_KEPT_BYTES = env.int("PAGES_KEPT_BYTES", default=64 * 1024 * 1024)
PAGES_ASK_SECONDS = 0.5
PROXY_CACHE_DIR = env.str("PROXY_CACHE_DIR", default="")
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/bilder/"
# Where pictures and files read are kept: this machine's disk, or a bucket that all machines reach
# (s3://key:secret@host[:port]/bucket?region=…; s3+http:// without TLS; see publishing/buckets.py).
MEDIA_STORAGE = env.str("MEDIA_STORAGE", default="")


def _storage(url: str, folder: Path) -> dict:
    if not url:
        # Pictures are where MEDIA_ROOT says; files read have no address at all.
        options: dict = {} if folder == MEDIA_ROOT else {"location": folder, "base_url": None}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    parts, bucket = urlsplit(url), urlsplit(url).path.strip("/")
    if parts.scheme not in ("s3", "s3+http") or not (parts.hostname and parts.username and parts.password and bucket):
        raise ImproperlyConfigured("MEDIA_STORAGE must look like s3://key:secret@host/bucket.")
    options = {
        "endpoint_url": f"{'https' if parts.scheme == 's3' else 'http'}://{parts.netloc.rpartition('@')[2]}",
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "location": folder.name,
        "region_name": dict(parse_qsl(parts.query)).get("region", "us-east-1"),
    }
    return {"BACKEND": "lysekil_trygghet.publishing.buckets.BucketStorage", "OPTIONS": options}


STORAGES = {
    "default": _storage(MEDIA_STORAGE, MEDIA_ROOT),
    "imports": _storage(MEDIA_STORAGE, VAR_DIR / "imports"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Mail -----------------------------------------------------------------------------------------
# EMAIL_URL: "outbox" keeps mail as files under var/mail/; smtp://user:password@host:port or smtps://…
EMAIL_URL = env.str("EMAIL_URL", default="outbox")
MAIL_DIR = VAR_DIR / "mail"
SMTP_TIMEOUT = env.float("SMTP_TIMEOUT", default=15)
# A claimed row belongs to its sender this long; renewed just before each send. Four times the SMTP timeout.
LEASE_SECONDS = env.float("LEASE_SECONDS", default=60)
# A mail left behind on another machine is that machine's to judge by its journal for so long.
OTHER_MACHINE_SECONDS = env.float("OTHER_MACHINE_SECONDS", default=300)
SEND_BATCH = env.int("SEND_BATCH", default=40)
SEND_RETRY_SECONDS = env.float("SEND_RETRY_SECONDS", default=30)
SERVER_AWAY_SECONDS = env.float("SERVER_AWAY_SECONDS", default=20)
SEND_MAX_ATTEMPTS = env.int("SEND_MAX_ATTEMPTS", default=12)
SWEEP_BUDGET_SECONDS = env.float("SWEEP_BUDGET_SECONDS", default=60)


def _mailer() -> dict:
    if EMAIL_URL == "outbox":
        return {"BACKEND": "lysekil_trygghet.notifications.outbox.OutboxBackend", "OPTIONS": {"folder": MAIL_DIR}}
    parts = environ.Env.email_url_config(EMAIL_URL)
    return {
        "BACKEND": "lysekil_trygghet.notifications.smtp.StagedBackend",
        "OPTIONS": {
            "host": parts["EMAIL_HOST"],
            "port": parts["EMAIL_PORT"],
            "username": parts["EMAIL_HOST_USER"] or "",
            "password": parts["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": parts.get("EMAIL_USE_TLS", False),
            "use_ssl": parts.get("EMAIL_USE_SSL", False),
            "timeout": SMTP_TIMEOUT,
        },
    }


MAILERS = {"default": _mailer()}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Trygghetsportalen <trygghet@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Celery: the broker only wakes workers ----------------------------------------------------------
BROKER_URL = env.str("BROKER_URL", default="filesystem://")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
if BROKER_URL.startswith("filesystem://"):
    _queue = VAR_DIR / "broker"
    for _folder in ("messages", "processed", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "processed_folder": str(_queue / "processed"),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": "portal:",
    }
if ";" in BROKER_URL:
    # Several addresses: whoever sends begins with the first each time (notifications/brokers.py).
    CELERY_BROKER_POOL_LIMIT = 0
    CELERY_BEAT_SCHEDULER = "lysekil_trygghet.notifications.brokers.Scheduler"
# Intervals only: a local-time crontab goes silent for an hour when the clock is set back in October.
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=30)
# A mail that should have left so long ago is late: /halsa/redo says so.
LATE_MINUTES = env.float("LATE_MINUTES", default=10)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "lysekil_trygghet.notifications.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        # So that whoever watches knows that beat is alive, and not only somebody who wakes the worker.
        "kwargs": {"by": "beat"},
        "options": {"expires": max(1, SWEEP_SECONDS * 25 / 30)},
    },
    # Files that wait to be read; the page that took one wakes the worker at once.
    "read-imports": {"task": "situation.tasks.read_imports", "schedule": 60.0, "options": {"expires": 50}},
    "fetch-feeds": {"task": "situation.tasks.fetch_feeds", "schedule": 60.0, "options": {"expires": 50}},
}
# A wake-up carries nothing and may be lost, so it is taken off its queue at once: with messages waiting to be
# acknowledged, kombu 5.7 lets the worker die when Redis dies. Work that must be kept goes to the other queue.
CELERY_TASK_QUEUES = [
    Queue("celery", Exchange("celery"), routing_key="celery"),
    Queue("wake", Exchange("wake"), routing_key="wake", no_ack=True),
]
CELERY_TASK_ROUTES = {"lysekil_trygghet.notifications.tasks.sweep": {"queue": "wake"}}
# Who is due: functions called at every sweep with now=… and until=…; the ledger makes each answer once. What comes
# within so many hours is planned ahead, and follows the planners until its moment.
PLAN_AHEAD_HOURS = env.int("PLAN_AHEAD_HOURS", default=72)
NOTIFICATION_PLANNERS = [
    "incidents.reminders.plan",
    "pledges.reminders.plan",
    "situation.reminders.plan",
    "lysekil_trygghet.mailroom.reminders.plan",
]
# What has a ladder of reminders now, for trying a changed ladder before it is saved.
LADDER_EXAMPLES = ["incidents.reminders.examples", "pledges.reminders.examples"]
# What else happens by the clock at every sweep: publication at a set time, a set of pledges past its last day,
# questions to those who lead a promise.
SWEEP_STEPS = [
    "incidents.operations.publication.publish_due",
    "pledges.operations.closings.begin_due_closings",
    "pledges.operations.progress.ask_due",
    "lysekil_trygghet.subscriptions.reminders.plan_digests",
    "lysekil_trygghet.subscriptions.operations.erase_what_is_over",
]
# Residents who follow something: what there is to follow, who writes their letters, and at which hour they go.
SUBSCRIPTION_TOPICS = [
    "pledges.subscriptions.PROMISES",
    "pledges.subscriptions.AREAS",
    "incidents.subscriptions.ACUTE_PAGE",
    "incidents.subscriptions.RESPONSES",
]
NOTIFICATION_READERS = "lysekil_trygghet.subscriptions.mails.letter"
DIGEST_HOUR = env.int("DIGEST_HOUR", default=16)

# --- Logging: to standard error, without identity numbers -------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "lysekil_trygghet.privacy.logs.RedactIdentityNumbers"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}

# --- Open data that is fetched (situation/fetching.py) -----------------------------------------------
KOLADA_URL = env.str("KOLADA_URL", default="https://api.kolada.se/v3")
SCB_URL = env.str("SCB_URL", default="https://statistikdatabasen.scb.se/api/v2")
POLISEN_URL = env.str("POLISEN_URL", default="https://polisen.se")

# A promise or a response that goes on and has not been touched for so long says so itself.
STALE_WEEKS = env.int("STALE_WEEKS", default=8)

SIMPLE_HISTORY_REVERT_DISABLED = True
PICTURE_MAX_BYTES = 10 * 1024 * 1024
