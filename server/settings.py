"""Django's settings, all from the environment (``server/environment.py``)."""

import sys
from typing import Any

import dj_database_url
from django.utils.translation import gettext_lazy as _

from server import environment as env
from server.logging import logging_config

BASE_DIR = env.ROOT
DATA_DIR = env.data_dir()
DEBUG = env.DEBUG.flag()
SECRET_KEY = env.SECRET_KEY.text() or env.kept_secret("secret_key")
HOST = env.HOST.text()
PORT = env.PORT.number()
IS_EXPOSED = HOST not in {"127.0.0.1", "::1", "localhost"}
SITE_URL = env.SITE_URL.text()
BUILD = env.build_id()
DEMO_PASSWORD = env.DEMO_PASSWORD.text()
# Behind a proxy, strangers reach what is bound to loopback as well.
ASKS_CODE = IS_EXPOSED or env.TRUST_PROXY.flag()
SETUP_CODE = env.SETUP_CODE.text() or (env.kept_secret("setup_code")[:12] if ASKS_CODE else "")

# An instance that is bound to more than loopback is reached under names that nobody told us.
ALLOWED_HOSTS = env.ALLOWED_HOSTS.items() or (
    ["*"] if IS_EXPOSED else ["127.0.0.1", "localhost", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

INSTALLED_APPS = [
    # Brings Twisted, a tenth of a second and 24 MiB, for this command alone.
    *(["daphne"] if "runserver" in sys.argv else []),
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "live",
    "jobs",
    "files",
    "search",
    "members",
    "front",
    "notices",
    "moderation",
    "chat",
    "matchmaking",
    "server",
]
MIDDLEWARE = [
    "server.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "server.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.middleware.MemberLocale",
    "members.middleware.SeenSession",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.middleware.FirstRun",
    "server.middleware.Refusals",
]
ROOT_URLCONF = "server.urls"
ASGI_APPLICATION = "server.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "server" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "members.context_processors.site",
                "server.context_processors.shell",
            ],
        },
    },
]
# Forms are drawn by the site's own templates (server/templates/django/forms).
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data
if env.DATABASE_URL.text():
    DATABASES: dict[str, Any] = {"default": dj_database_url.parse(env.DATABASE_URL.text())}
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 2,
        "max_size": env.DATABASE_POOL.number(),
        # While PostgreSQL is away the pool dials only for as long as this, and again when asked
        # again: short times mean that it finds PostgreSQL soon after it is back.
        "timeout": 3,
        "reconnect_timeout": 2,
    }
    # A server that hangs must be noticed: nobody may wait for it for ever.
    DATABASES["default"]["OPTIONS"] |= {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "ports.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
                ),
            },
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.REDIS_URL.text()
if REDIS_URL:
    LAYERS = {
        "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "core": "channels_redis.core.RedisChannelLayer",
    }
    # redis-py ends sockets that idle for socket_timeout; a waiting reader is idle by design.
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": LAYERS[env.REDIS_LAYER.text()],
            "CONFIG": {
                "hosts": [
                    {
                        "address": REDIS_URL,
                        "socket_timeout": None,
                        "socket_connect_timeout": 2,
                        "health_check_interval": 15,
                    }
                ],
                "prefix": "ports",
            },
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]},
}
RUNS_WORKER = env.WORKER.flag() if env.WORKER.text() else not env.DATABASE_URL.text()

# How often somebody tried to sign in is counted by all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "members_allowance",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
STATIC_ROOT = BASE_DIR / "static" / "collected"
STATIC_ROOT.mkdir(exist_ok=True)
MEDIA_ROOT = DATA_DIR / "uploads"
MEDIA_URL = "/media/"
# What members bring is under rights, so it lies apart from what everybody may see.
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "server.built.BuiltStorage"},
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
}
FILES: dict[str, Any] = {
    "parts": DATA_DIR / "files" / "unfinished",
    "most_bytes": env.FILE_MAX_MB.number() * 1024**2,
    "organisation_bytes": env.FILE_QUOTA_ORGANISATION_MB.number() * 1024**2,
    "member_bytes": env.FILE_QUOTA_MEMBER_MB.number() * 1024**2,
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# What holds a hash of its content in its name (`server/built.py`) is kept for years.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/.+-[0-9A-Z]{8}\.\w+$"
# Copies of members' own data: never served by address, only to their owner.
EXPORT_ROOT = DATA_DIR / "exports"
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

# People
AUTH_USER_MODEL = "members.Member"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_SIGNUP_REDIRECT_URL = "/welcome/"
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/welcome/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Accounts
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "members.forms.SignUpForm"
ACCOUNT_FORMS = {
    "signup": "members.forms.signing_up.WholeSignUpForm",
    "login": "members.forms.signing_in.SignInForm",
    "add_email": "members.forms.signing_in.AddressForm",
    "reset_password": "members.forms.signing_in.ForgottenPasswordForm",
    "reset_password_from_key": "members.forms.signing_in.ChosenPasswordForm",
    "change_password": "members.forms.signing_in.ChangedPasswordForm",
    "set_password": "members.forms.signing_in.FirstPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = True
# Roles are given by address, which tells who is a member; nobody tries out a list of addresses.
ACCOUNT_RATE_LIMITS = {"give_role": "30/h/user"}
# Whoever sits down at an open browser changes nothing that keeps its owner out.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "members.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "members.forms.AddPasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "members.social.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": env.oidc_apps(), "OAUTH_PKCE_ENABLED": True}}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.TRUST_PROXY.flag() else 0

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("de", _("German")),
    ("et", _("Estonian")),
    ("pl", _("Polish")),
    ("da", _("Danish")),
    ("fi", _("Finnish")),
    ("lt", _("Lithuanian")),
    ("lv", _("Latvian")),
    ("ru", _("Russian")),
    ("sv", _("Swedish")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "server.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Mail
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env.EMAIL_FROM.text()
if env.EMAIL_URL.text():
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(env.EMAIL_URL.text())
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(EMAIL_HOST_USER)
    EMAIL_TIMEOUT = 15

# Push messages
VAPID_PRIVATE_KEY = env.VAPID_PRIVATE_KEY.text()

# Network
if env.TRUST_PROXY.flag():
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUST_PROXY = env.TRUST_PROXY.flag()
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.HTTPS_ONLY.flag():
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]

# REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "live.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "live.problems.as_problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Creative Ports",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/(v1/)?",
    "COMPONENT_SPLIT_PATCH": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "live.openapi.add_problems",
    ],
}

# The live core (numbers that the wire announces are in live/limits.py)
LIVE = {
    "writes_per_s": env.WRITES_PER_S.number(),
    "burst": env.WRITES_BURST.number(),
}

LINK_PREVIEWS = env.LINK_PREVIEWS.flag()
METRICS_TOKEN = env.METRICS_TOKEN.text()
LOGGING_CONFIG = None
logging_config(env.LOG_LEVEL.text(), debug=DEBUG)
