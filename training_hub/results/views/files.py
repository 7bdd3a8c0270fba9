"""Results and comments as files, for hub officers."""

from collections.abc import Iterator, Sequence

from flask_login import current_user
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.evaluation.models.answers import Review
from training_hub.questionnaires.models import QuestionKind
from training_hub.results.queries.comments import Comment, comments
from training_hub.results.queries.results import visible_results
from training_hub.results.rules.results import Result
from training_hub.results.views.blueprint import blueprint
from training_hub.results.views.filters import comment_filter, results_filter, stage_asked
from training_hub.tables.files import TYPES, written
from training_hub.tables.table import Cell, Column, Kind, Report, Table
from training_hub.web.pages import download_file
from training_hub.wording import short_date, short_moment

MOST_COMMENTS = 20_000
RESULTS_COLUMNS = (
    Column(head="Stage", width=14),
    Column(head="Question key", width=16),
    Column(head="Question", kind=Kind.PROSE, width=44),
    Column(head="Kind", width=16),
    Column(head="Answer", kind=Kind.PROSE, width=24),
    *(
        Column(head=head, kind=Kind.NUMBER)
        for head in (
            *("Number", "Before the course", "People who answered", "Mean", "Mean before", "Mean change"),
            *("Standard deviation of change", "Went up", "Stayed the same", "Went down", "Left out"),
        )
    ),
)
COMMENTS_COLUMNS = (
    Column(head="Course", kind=Kind.PROSE, width=40),
    Column(head="Course date", width=14),
    Column(head="Stage", width=14),
    Column(head="Question", kind=Kind.PROSE, width=40),
    Column(head="Comment", kind=Kind.PROSE, width=80),
    Column(head="Name", width=24),
    Column(head="Agency when booking", kind=Kind.PROSE, width=30),
    Column(head="State", width=12),
    Column(head="Themes", kind=Kind.PROSE, width=24),
    Column(head="Published words", kind=Kind.PROSE, width=80),
)
PUBLISHED_COLUMNS = (
    Column(head="Course", kind=Kind.PROSE, width=40),
    Column(head="Question", kind=Kind.PROSE, width=40),
    Column(head="Comment", kind=Kind.PROSE, width=100),
)


@blueprint.get("/results/answers.<any(csv, xlsx):kind>")
@requires(Permission.REVIEW_COMMENTS)
def results_file(kind: str) -> Response:
    """The figures of a page of results as a file, with a row for each possible answer."""
    now = clock.now()
    about, asked = results_filter(), stage_asked()
    found = visible_results(current_user._get_current_object(), about, now=now)
    rows = [
        row
        for stage in found.stages
        if asked in (None, stage)
        for result in found.results(stage)
        for row in _result_rows(result)
    ]
    notes = [f"As at {short_moment(now)}."]
    if about.first and about.last:
        notes.append(f"Course dates that began from {short_date(about.first)} to {short_date(about.last)}.")
    notes += [
        f"{stage.value.capitalize()}: {back.returned:,} of {back.due:,} evaluations returned, "
        f"{back.answered:,} of them with answers."
        for stage, back in found.returns.items()
    ]
    return _file("Results", kind, RESULTS_COLUMNS, rows, notes)


@blueprint.get("/comments/all.<any(csv, xlsx):kind>")
@requires(Permission.REVIEW_COMMENTS)
def comments_file(kind: str) -> Response:
    """The comments found as a file for hub officers' own work, with names unless they are anonymous."""
    rows = [_comment_row(comment) for comment in _comments()]
    note = "For the training team only: this file has names, and comments that nobody has read yet."
    return _file("Comments", kind, COMMENTS_COLUMNS, rows, [note])


@blueprint.get("/comments/published.<any(csv, xlsx):kind>")
@requires(Permission.REVIEW_COMMENTS)
def published_file(kind: str) -> Response:
    """The published words of the comments found as a file without names."""
    rows: list[Sequence[Cell]] = [
        (comment.course, comment.question, comment.published)
        for comment in _comments()
        if comment.state is Review.PUBLISHED
    ]
    return _file("Published comments", kind, PUBLISHED_COLUMNS, rows, [])


def _comments() -> list[Comment]:
    actor = current_user._get_current_object()
    return comments(actor, results_filter(), comment_filter(), now=clock.now(), limit=MOST_COMMENTS)


def _file(
    title: str, kind: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], notes: Sequence[str]
) -> Response:
    report = Report(
        title=title, as_at=clock.now(), tables=[Table(title=title, columns=columns, rows=rows)], notes=notes
    )
    return download_file(written(report, kind), f"{title.lower().replace(' ', '-')}.{kind}", TYPES[kind])


def _result_rows(result: Result) -> Iterator[Sequence[Cell]]:
    shift, topic = result.shift, result.topic
    asked: tuple[Cell, ...] = (topic.stage.value, topic.key, result.text, topic.kind.value)
    after: tuple[Cell, ...] = (
        result.n,
        _rounded(shift.now.mean if shift else result.mean),
        *(
            (
                _rounded(shift.before.mean),
                _rounded(shift.change.mean),
                _rounded(shift.change.deviation),
                shift.up,
                shift.same,
                shift.down,
            )
            if shift
            else (None,) * 6
        ),
        result.left_out,
    )
    if topic.kind is QuestionKind.BEFORE_NOW:
        now = shift.now if shift else result.spread
        for point in range(1, 6):
            number = now.counts.get(point, 0) if now else 0
            yield (*asked, str(point), number, shift.before.counts.get(point, 0) if shift else None, *after)
    for label, number in result.bars.items():
        yield (*asked, label, number, None, *after)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _comment_row(comment: Comment) -> Sequence[Cell]:
    return (
        comment.course,
        short_date(comment.starts_at),
        comment.stage.value,
        comment.question,
        comment.words,
        comment.name,
        comment.agency,
        comment.state.value,
        ", ".join(comment.themes),
        comment.published,
    )
