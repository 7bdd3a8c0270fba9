"""Tells reportlab not to check every attribute of every shape. It must run before its shapes are imported.

A chart has hundreds of shapes, all from our own `Sketch`: the checks took a third of its time, on every report page.
"""

from reportlab import rl_config

rl_config.shapeChecking = 0
