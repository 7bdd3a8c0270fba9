"""How people are assumed to answer in the simulated year. These are assumptions, not measurements.

What is known: forms filled in the classroom reach 95 to 100 % and fall sharply once people leave; the best
online results tie the form to the certificate; firm, personal mails to named people bring in more. One figure is real:
in 2019-20 the partnership got 42.2 % back, and it is not known how. Everything below is set within that, roundly and
before the year was run, so that it can be argued with: change a number, and run it again.
"""

from dataclasses import dataclass
from random import Random

CLASSROOM_IS_OPENED = 0.8
"""The trainer keeps five minutes at the end, and opens the classroom, on four dates of five. Not measured."""
ANSWERS_IN_CLASSROOM = 0.97
"""Share of people asked in the classroom who answer: the middle of 95 to 100%."""
ANSWERS_MAIL = (0.27, 0.12, 0.09, 0.06, 0.05)
"""Share of people who answer the first email, and then each reminder: once people have left, about a quarter, and ever
fewer. Each email is answered, or not, independently of the one before."""
REASONS_OF_A_CERTIFICATE = 2
"""With the gate, each email has this many chances of an answer: 0.27 becomes 1 - 0.73 ** 2 = 0.47."""
WANTS_CERTIFICATE = 0.35
"""Share of people who come for their certificate by themselves, as a manager or an inspection asks for it. If the
certificate waits for the evaluation, they find the evaluation; if not, they answer nothing."""
WEEKS_UNTIL_WANTED = 5.0
"""Average time until they do, and never later than LONGEST_WEEKS."""
HOURS_UNTIL_ANSWERED = 9.0
"""Average time until an email is answered."""
LONGEST_WEEKS = 12


@dataclass(frozen=True)
class Setting:
    """Which measures to raise returns are in use."""

    name: str
    has_reminders: bool = False
    has_classroom: bool = False
    has_gate: bool = False


SETTINGS = (
    Setting("mail only"),
    Setting("mail and reminders", has_reminders=True),
    Setting("mail and the classroom", has_classroom=True),
    Setting("mail and the gate", has_gate=True),
    Setting("all of them", has_reminders=True, has_classroom=True, has_gate=True),
)


class Person:
    """One person on one course date: what they will do is drawn for them alone.

    So the same person does the same in each setting, as far as it gives them the chance.
    """

    def __init__(self, seed: int, number: int, setting: Setting) -> None:
        self._seed, self._number, self._setting = seed, number, setting

    def _draw(self, what: str) -> Random:
        return Random(f"{self._seed} {self._number} {what}")

    def answers_in_classroom(self) -> bool:
        """Whether they answer when they are asked in the classroom."""
        return self._draw("room").random() < ANSWERS_IN_CLASSROOM

    def answers_mail(self, step: int) -> float | None:
        """Hours until they answer the first email (0) or a reminder (1 to 4). None if they do not."""
        draw = self._draw(f"mail {step}")
        chance = ANSWERS_MAIL[step]
        if self._setting.has_gate:
            chance = 1 - (1 - chance) ** REASONS_OF_A_CERTIFICATE
        return draw.expovariate(1 / HOURS_UNTIL_ANSWERED) if draw.random() < chance else None

    def wants_certificate(self) -> float | None:
        """Weeks until they come for their certificate by themselves. None if they never do."""
        draw = self._draw("certificate")
        weeks = draw.expovariate(1 / WEEKS_UNTIL_WANTED)
        return weeks if draw.random() < WANTS_CERTIFICATE and weeks < LONGEST_WEEKS else None


def is_classroom_opened(seed: int, event: int) -> bool:
    """Whether the trainer of this date opens the classroom."""
    return Random(f"{seed} {event} opened").random() < CLASSROOM_IS_OPENED
