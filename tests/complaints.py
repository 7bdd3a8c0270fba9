"""Collect errors that the application only logs."""

import logging


class Complaints(logging.Handler):
    """Collects logged errors while it is open."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))

    def __enter__(self) -> "Complaints":
        logging.getLogger("training_hub").addHandler(self)
        return self

    def __exit__(self, *_error: object) -> None:
        logging.getLogger("training_hub").removeHandler(self)
