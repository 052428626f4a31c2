"""Settings of the tests: the installation's own, with what makes tests fast and apart from any real data."""

import os
import tempfile
from pathlib import Path

_SCRATCH = Path(tempfile.gettempdir()) / f"essor-tests-{os.getpid()}"
os.environ["ESSOR_DATA_DIR"] = str(_SCRATCH)
os.environ.setdefault("ESSOR_SECRET_KEY", "tests-only")

from essor.config.settings import *  # noqa: E402,F403

DEBUG = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
REQUIRE_TOTP = False
LOGGING = {"version": 1, "disable_existing_loggers": False}
# Threads and processes need a database in a file (an in-memory one is private to its connection).
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(_SCRATCH / "test.sqlite3")}  # noqa: F405
    _SCRATCH.mkdir(parents=True, exist_ok=True)
