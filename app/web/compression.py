"""Pages travel compressed to visitors who carry no secret.

A page with a form's token in it, next to words from the address, would tell the token by its length (BREACH); so only
answers to requests without a session and without a form token are compressed. Static files are kept compressed.
"""

from litestar.config.compression import CompressionConfig
from litestar.middleware.compression import CompressionMiddleware
from litestar.types import Receive, Scope, Send

from app.web.context import current


class StrangersOnly(CompressionMiddleware):
    """Litestar's compression for requests that bring nothing worth guessing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress the answer, or let it pass as it is."""
        context = current()
        if context.principal.signed_in or context.csrf_cookie:
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


CONFIG = CompressionConfig(
    backend="gzip", minimum_size=1400, gzip_compress_level=5, exclude=["^/static/"], middleware_class=StrangersOnly
)
