"""How gunicorn runs: two workers of four threads, no access log, no path of a survey in any log."""

import os

from seb_survey.settings import BIND, LOGGING, PORT

MEMORY = "/dev/shm"  # noqa: S108  (workers show signs of life there: a slow disk must not look like a hung worker)

bind = f"{BIND}:{PORT}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
keepalive = 5
max_requests = 0
accesslog = None
control_socket_disable = True
worker_tmp_dir = MEMORY if os.access(MEMORY, os.W_OK) else None
forwarder_headers = ""  # where the service lies is settled here: no request, through whatever proxy, says it
forwarded_allow_ips = os.environ.get("TRUSTED_PROXY") or "127.0.0.1"
logconfig_dict = {
    **LOGGING,
    "loggers": {
        **LOGGING["loggers"],
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
