"""The house style of PDFs and charts. A *document* is a series of *pieces* (paragraphs, tables, panels) under the
partnership's band. A *chart* is drawn alike for documents and pages. A *certificate* has a layout of its own.
Nothing here knows what a course or a booking is: callers pass words and numbers."""

import training_hub.paper.unchecked  # noqa: F401 - before anything that imports shapes
