"""The web server of both modes: `gunicorn krm.wsgi` finds this file by itself."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from krm import env
from krm.operations.logs import JsonLine

bind = f"{env.text('KRM_BIND', '127.0.0.1')}:{env.number('PORT', default=8000, least=1, most=65535)}"
workers = env.number("KRM_WEB_WORKERS", default=2, least=1, most=64)
threads = 4
preload_app = True  # loads the application once, not in each process
loglevel = "info" if env.text("KRM_MODE") == "served" else "warning"
control_socket_disable = True  # nobody steers it from outside, and several installations may share a home


class JsonLogger(Logger):
    """The web server's own lines in the form of all others; it writes none about single requests."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLine())


if env.text("KRM_LOG", "json" if env.text("KRM_MODE") == "served" else "text") == "json":
    logger_class = JsonLogger
