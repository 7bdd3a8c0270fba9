"""The house style of everything that is printed, and of the charts that stand on pages too.

A **document** is a story of **pieces** (paragraphs, tables, panels) under the partnership's band. A
**chart** is drawn once, in CSS pixels, and then put into a document with `chart` or onto a page with
`to_svg`. A **certificate** is the one sheet with a layout of its own. Nothing here knows what a
course or a booking is: callers hand over words and numbers.
"""

import training_hub.paper.unchecked  # noqa: F401 - before anything that imports shapes
