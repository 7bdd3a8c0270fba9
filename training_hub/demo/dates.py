"""The dates of the current programme, counted from the day of building, and how full each is."""

from dataclasses import dataclass

FULL, NEARLY, HALF, QUIET, EMPTY = "full", "nearly full", "half full", "quiet", "empty"


@dataclass(frozen=True)
class Coming:
    """A future date: `days` after the day of building, or the next working day."""

    days: int
    course: str
    filled: str
    starts: int = 930
    hours: float = 0
    """The length of a session. 0 for the usual length of the course."""
    online: bool = False
    second_after: int = 0
    """Days from the first session to the second; 0 if there is only one."""
    called_off: str = ""


COMING = (
    Coming(2, "basic-awareness", NEARLY, 1300),
    Coming(4, "working-together-refresher", FULL),
    Coming(7, "child-exploitation", HALF, online=True),
    Coming(8, "working-together", FULL),
    Coming(10, "allegations", NEARLY, 1300),
    Coming(12, "neglect", HALF, called_off="Both trainers are ill, and nobody else can be found in time."),
    Coming(14, "domestic-violence", NEARLY),
    Coming(16, "case-reviews", HALF, 1300, online=True),
    Coming(18, "working-together", FULL),
    Coming(21, "self-harm", FULL),
    Coming(22, "working-together-refresher", HALF, 930, online=True),
    Coming(24, "domestic-abuse-children", HALF, 930, 3.5, second_after=7),
    Coming(27, "basic-awareness", HALF),
    Coming(29, "working-together", NEARLY),
    Coming(31, "smart-planning", QUIET),
    Coming(34, "harmful-sexual-behaviour", FULL, 930, 7, second_after=7),
    Coming(36, "child-exploitation", HALF, 1300),
    Coming(38, "domestic-violence-refresher", QUIET, online=True),
    Coming(41, "working-together", HALF),
    Coming(43, "sexual-assault-services", QUIET),
    Coming(45, "neglect", HALF),
    Coming(49, "allegations", QUIET, online=True),
    Coming(52, "working-together", HALF, 1300, 3.5, second_after=1),
    Coming(56, "domestic-violence", HALF),
    Coming(59, "working-together-refresher", QUIET, 1300),
    Coming(63, "case-reviews", QUIET),
    Coming(66, "basic-awareness", QUIET, online=True),
    Coming(70, "working-together", QUIET),
    Coming(74, "self-harm", QUIET),
    Coming(80, "domestic-abuse-children", EMPTY),
    Coming(84, "working-together", QUIET),
    Coming(89, "child-exploitation", EMPTY, online=True),
)


@dataclass(frozen=True)
class Gone:
    """A past date: `days` before the day of building, or the working day before that."""

    days: int
    course: str
    completed: int
    partial: int = 0
    did_not_attend: int = 0
    not_recorded: int = 0
    cancelled: int = 0
    walk_ins: int = 0
    returned: int = 0
    second_after: int = 0
    online: bool = False
    is_reminded: bool = False


LAST_WEEK = Gone(6, "domestic-violence", 15, 1, 2, 0, 3, walk_ins=2, returned=6, is_reminded=True)
GONE = (
    Gone(75, "working-together", 18, 0, 1, 0, 4, returned=13),
    Gone(61, "basic-awareness", 14, 0, 2, 0, 2, walk_ins=1, returned=10, online=True),
    Gone(44, "child-exploitation", 16, 1, 1, 0, 3, returned=11),
    Gone(37, "allegations", 12, 0, 0, 0, 2, returned=9),
    Gone(30, "neglect", 13, 2, 1, 0, 3, returned=8, second_after=7),
    Gone(23, "working-together-refresher", 17, 0, 2, 0, 1, walk_ins=1, returned=12),
    Gone(13, "self-harm", 0, not_recorded=14, cancelled=2),
    LAST_WEEK,
)
