"""Tells reportlab, before its shapes are first imported, not to check each attribute of each of them.

A chart has hundreds of shapes, all from our own `Sketch`: the checks took a third of its time, on every report page.
"""

from reportlab import rl_config

rl_config.shapeChecking = 0
