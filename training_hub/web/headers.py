"""Headers of every response: security, caching, compression and fingerprints."""

import gzip
import hashlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, session

from training_hub.access import access_of

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOT_NEEDED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
YEAR = 365 * 24 * 60 * 60
WORTH_COMPRESSING = 1024
TEXT = frozenset(
    {
        "text/html", "text/css", "text/csv", "text/plain", "text/calendar", "text/javascript",
        "application/json", "application/javascript", "image/svg+xml",
    }
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Add these headers to every response of `app`."""
    app.jinja_env.globals["static_url"] = static_url
    # Hooks run in reverse order, so a response has its headers before it is compressed.
    app.after_request(_compress)
    app.after_request(_protect)


def static_url(filename: str) -> str:
    """An address such as /static/hub.css?v=5f3a09c1d2, which changes with the file, so that browsers keep it a year."""
    # Not url_for and Path, which would take a tenth of a plain page's time. Our file names need no quoting.
    file = f"{current_app.static_folder}/{filename}"
    version = _fingerprint(file, os.stat(file).st_mtime_ns)
    return f"{request.script_root}{current_app.static_url_path}/{filename}?v={version}"


@lru_cache(maxsize=64)
def _fingerprint(file: str, _changed: int) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]


def _protect(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    # Not no-referrer: the forgery check on HTTPS compares the referrer of every POST.
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = NOT_NEEDED
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config["SETTINGS"].base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    if request.endpoint == "static" and response.status_code < 400:
        forever = f"public, max-age={YEAR}, immutable"
        headers["Cache-Control"] = forever if "v" in request.args else "public, max-age=3600"
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store" if _is_personal() else "no-cache"
    return response


def _is_personal() -> bool:
    """Whether the page may hold something that only this person should see.

    All pages count as personal, except public ones: signed links open personal pages without a session.
    """
    return bool(session) or access_of(current_app, request.endpoint or "") != ("public", None)


def _compress(response: Response) -> Response:
    is_static = request.endpoint == "static"
    if (
        response.status_code in (204, 206, 304)
        or response.mimetype not in TEXT
        or "Content-Encoding" in response.headers
        or (response.is_streamed and not is_static)
    ):
        return response
    plain = _read(response) if is_static else response.get_data()
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") == 0 or len(plain) < WORTH_COMPRESSING:
        return response
    response.set_data(_compressed_once(plain) if is_static else _compressed(plain))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        # Compressed bytes differ from the plain ones, so the tag that says they are the same file must be a weak one.
        response.set_etag(etag, weak=True)
    return response


def _compressed(plain: bytes) -> bytes:
    """Compress `plain` with gzip; with a session, to a length that varies by chance.

    A page can hold secrets, and words from its address. Without the random length, an attacker could try words
    in the address, and see from the length whether the page has them (the BREACH attack).
    """
    packed = gzip.compress(plain, 5, mtime=0)
    if not session:
        return packed
    # The random part is a file name in the gzip header, which nobody reads: flag 8, and the name after ten bytes.
    name = b"-" * (1 + secrets.randbelow(100)) + b"\0"
    return packed[:3] + bytes([packed[3] | 8]) + packed[4:10] + name + packed[10:]


def _read(response: Response) -> bytes:
    """The bytes of the file that `response` would hand to the server. Closes the file. Our files are small."""
    file = response.response
    response.direct_passthrough = False
    plain = response.get_data()
    response.set_data(plain)
    if hasattr(file, "close"):
        file.close()
    return plain


@lru_cache(maxsize=16)
def _compressed_once(plain: bytes) -> bytes:
    return gzip.compress(plain, 9, mtime=0)
