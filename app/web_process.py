"""What granian runs: the application with our logs, in a process that the supervisor owns."""

from litestar import Litestar

from app import asgi
from app.core import logging


def create_app() -> Litestar:
    """Return the application for this process."""
    logging.configure("web")
    return asgi.create_app()
