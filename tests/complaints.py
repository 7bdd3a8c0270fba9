"""What the worker's jobs would only write into the log."""

import logging


class Complaints(logging.Handler):
    """Hears what the application says went wrong, as long as it is entered."""

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
