"""The house style of everything that is printed, and of the charts that stand on pages too.

A **document** is a story of **pieces** (paragraphs, tables, panels) under the partnership's band. A
**chart** is drawn once, in CSS pixels, and then put into a document with `chart` or onto a page with
`to_svg`. A **certificate** is the one sheet with a layout of its own. Nothing here knows what a
course or a booking is: callers hand over words and numbers.
"""

import training_hub.paper.unchecked  # noqa: F401 - before anything that imports shapes
from training_hub.paper.bars import (
    bars,
)
from training_hub.paper.certificate import certificate
from training_hub.paper.charts import columns, months_line, outcome_bars, outcome_strip
from training_hub.paper.document import document
from training_hub.paper.means import Mean, means_line
from training_hub.paper.pieces import (
    chart,
    definitions,
    fields,
    headline_row,
    paragraph,
    qr,
    space,
    tick_list,
)
from training_hub.paper.style import COLOURS, OUTCOME_COLOURS, figure, outcome_words
from training_hub.paper.svg import responsive_svg, to_svg
from training_hub.paper.tables import figure_table, signing_table

__all__ = [
    "COLOURS",
    "OUTCOME_COLOURS",
    "Mean",
    "bars",
    "certificate",
    "chart",
    "columns",
    "definitions",
    "document",
    "fields",
    "figure",
    "figure_table",
    "headline_row",
    "means_line",
    "months_line",
    "outcome_bars",
    "outcome_strip",
    "outcome_words",
    "paragraph",
    "qr",
    "responsive_svg",
    "signing_table",
    "space",
    "tick_list",
    "to_svg",
]
