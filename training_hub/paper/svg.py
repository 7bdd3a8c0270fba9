"""A drawing as inline SVG without style attributes, which our Content-Security-Policy forbids."""

from collections.abc import Callable
from html import escape
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, PolyLine, Rect, String

from training_hub.paper.style import BOLD, COLOURS

# The font of the page is wider than the printed one, with which drawings are measured.
DEFAULT_SIZE = 14
ANCHORS = {"start": "", "middle": "middle", "end": "end"}


class Svg(str):
    """Markup that Jinja puts into a page unchanged, because this module has escaped everything in it."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def to_svg(
    drawing: Drawing, *, title: str, description: str, id_prefix: str, css_class: str = "chart"
) -> Svg:
    """`drawing` for a page, as wide as its container, with a title and a description.

    We write each shape ourselves, because reportlab's SVG uses style attributes, rounds colours and repeats ids.
    """
    height = drawing.height
    shapes = "".join(_shape(shape, height) for shape in drawing.contents)
    names = f"{escape(id_prefix)}-title", f"{escape(id_prefix)}-description"
    # Words use the font of the page, and the colours that the reader has set.
    return Svg(
        f'<svg class="{escape(css_class)}" viewBox="0 0 {_number(drawing.width)} {_number(height)}" width="100%"'
        f' role="img" aria-labelledby="{names[0]} {names[1]}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{names[0]}">{escape(title)}</title><desc id="{names[1]}">{escape(description)}</desc>'
        f'<g fill="currentColor" font-size="{DEFAULT_SIZE}">{shapes}</g></svg>'
    )


def responsive_svg(draw: Callable[[float], Drawing], *, title: str, description: str, id_prefix: str) -> Svg:
    """A drawing for phones and one for wide screens. The page's CSS shows one of them.

    A single drawing would be too small to read at 360 pixels, or too coarse at 720.
    """
    return Svg(
        "".join(
            to_svg(
                draw(width),
                title=title,
                description=description,
                id_prefix=f"{id_prefix}-{name}",
                css_class=f"chart chart-{name}",
            )
            for name, width in (("narrow", 360), ("wide", 720))
        )
    )


def _shape(shape: Any, height: float) -> str:
    if isinstance(shape, Rect):
        place = _attributes(
            x=shape.x,
            y=height - shape.y - shape.height,
            width=shape.width,
            height=shape.height,
            rx=shape.rx or None,
        )
        return f"<rect{place}{_paint(shape)}/>"
    if isinstance(shape, Line):
        place = _attributes(x1=shape.x1, y1=height - shape.y1, x2=shape.x2, y2=height - shape.y2)
        return f"<line{place}{_stroke(shape)}/>"
    if isinstance(shape, PolyLine):
        pairs = zip(shape.points[::2], shape.points[1::2], strict=True)
        points = " ".join(f"{_number(x)},{_number(height - y)}" for x, y in pairs)
        return f'<polyline points="{points}" fill="none"{_stroke(shape)}/>'
    if isinstance(shape, String):
        place = _attributes(
            x=shape.x,
            y=height - shape.y,
            font_size=None if shape.fontSize == DEFAULT_SIZE else shape.fontSize,
            font_weight=700 if shape.fontName == BOLD else None,
            text_anchor=ANCHORS[shape.textAnchor] or None,
            fill=None if _hex(shape.fillColor) == COLOURS["ink"] else _hex(shape.fillColor),
        )
        return f"<text{place}>{escape(shape.text, quote=False)}</text>"
    raise TypeError(f"a chart is drawn of rectangles, lines and words, not of {type(shape).__name__}")


def _paint(shape: Rect) -> str:
    return _attributes(fill=_hex(shape.fillColor)) + (_stroke(shape) if shape.strokeColor else "")


def _stroke(shape: Any) -> str:
    width = None if shape.strokeWidth == 1 else shape.strokeWidth
    return _attributes(stroke=_hex(shape.strokeColor), stroke_width=width)


def _hex(colour: Any) -> str:
    return "none" if colour is None else f"#{colour.hexval()[2:]}"


def _attributes(**values: float | str | None) -> str:
    """SVG attributes as text, without empty ones, because a chart has hundreds of shapes."""
    return "".join(
        f' {name.replace("_", "-")}="{value if isinstance(value, str) else _number(value)}"'
        for name, value in values.items()
        if value is not None
    )


def _number(value: float) -> str:
    """A number as text: 12.3456 as "12.3", 12.0 as "12". A tenth of a pixel is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")
