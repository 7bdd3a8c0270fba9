"""What the log says about a request: never its address, which may hold the key of a signed link."""

from types import TracebackType

from flask import Flask, request

Error = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


def asked_for() -> str:
    """What was asked for, by the pattern that its address follows: "GET /evaluate/<token>"."""
    rule = request.url_rule
    return f"{request.method} {'an address without a page' if rule is None else rule.rule}"


class Application(Flask):
    """Flask, whose own log of what went wrong would name the whole address."""

    def log_exception(self, exc_info: Error) -> None:
        """Log the unexpected, with where in the code it happened."""
        self.logger.error("the unexpected at %s", asked_for(), exc_info=exc_info)
