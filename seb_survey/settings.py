"""All configuration, read once from the environment; docs/operate.md lists every variable.

Nothing here starts anything: the embedded database is started by seb_survey.local_postgres, which sets DATABASE_URL.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from seb_survey.local_postgres import data_dir, database_user
from seb_survey.secret_key import kept_secret

RUN_AS = database_user()  # as root, the account that `serve` drops to; None otherwise
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_dir()


def _list(name: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


DEBUG = False  # a debug page would show answers and settings; tests and bare errors are enough
PORT = int(os.environ.get("PORT", "8000"))
BIND = os.environ.get("BIND", "127.0.0.1")
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://{BIND}:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)

SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(DATA_DIR)
SECRET_KEY_FALLBACKS = _list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = _list("ALLOWED_HOSTS") or [_public.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]

# Where the private halves of the surveys' keys lie: never in the database, and not in its backups.
KEY_STORE = Path(os.environ.get("KEY_STORE") or DATA_DIR / "keys")

INSTALLED_APPS = [
    "procrastinate.contrib.django",  # first: the questionnaire takes its pages out of the admin
    "questionnaire",
    "outputs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "formtools",
]

MIDDLEWARE = [
    "questionnaire.middleware.SecurityHeaders",
    "questionnaire.middleware.PlainPages",
    "questionnaire.middleware.StorableCookies",
    "questionnaire.middleware.StorableQueries",
    "questionnaire.middleware.ShortForms",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "questionnaire.middleware.StaffSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "questionnaire.middleware.StaffAccounts",
    "questionnaire.middleware.StaffMessages",
]

ROOT_URLCONF = "seb_survey.urls"
WSGI_APPLICATION = "seb_survey.wsgi.application"
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
            ],
        },
    },
]

_database = conninfo_to_dict(os.environ.get("DATABASE_URL", ""))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname", ""),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        # The pool lends a connection for each request; the check keeps a database restart from becoming a 500. Left to
        # itself the pool waits longer after each failure, up to minutes: it is to notice the end of an outage at once.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_database, "pool": {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 1}},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "static-built"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Respondents' forms hold one code; the admin's forms are small too. Files are not counted here.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

_https = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "questionnaire.views.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if _https else 0
if os.environ.get("TRUSTED_PROXY"):
    # Only behind a proxy that always sets or removes this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_survey_paths": {"()": "questionnaire.logs.NoSurveyPaths"},
        "no_arguments_of_jobs": {"()": "questionnaire.logs.NoArgumentsOfJobs"},
    },
    "formatters": {
        "plain": {"()": "questionnaire.logs.PlainFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["no_survey_paths", "no_arguments_of_jobs"],
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "procrastinate": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
