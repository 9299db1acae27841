"""The books as an officer reads them: within their places, every account by a name that may leave the server."""
