"""Tells reportlab not to check every attribute of every shape. Import this before reportlab's shapes.

A chart has hundreds of shapes, all from our own `Sketch`: the checks took a third of its time, on every report page.
"""

from reportlab import rl_config

rl_config.shapeChecking = 0
