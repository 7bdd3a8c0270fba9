"""Log requests without their address, which may hold the key of a signed link."""

from types import TracebackType

from flask import Flask, request

Error = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


def asked_for() -> str:
    """The method and the address pattern of the request, such as "GET /evaluate/<token>"."""
    rule = request.url_rule
    return f"{request.method} {'an address without a page' if rule is None else rule.rule}"


class Application(Flask):
    """Flask, but errors are logged without the whole address."""

    def log_exception(self, exc_info: Error) -> None:
        """Log an unexpected error and where in the code it happened."""
        self.logger.error("the unexpected at %s", asked_for(), exc_info=exc_info)
