"""A request as `site.toml` describes it: words filled in, secrets taken from the environment, signed."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from cockpit.errors import SourceError
from cockpit.source_places import Address, Signature

AGENT = "city-cockpit"


@dataclass(frozen=True)
class Asked:
    """What is asked for: the words that stand in braces, and the address where an answer names the next one."""

    words: Mapping[str, str]
    url: str = ""


def request_of(key: str, place: Address, asked: Asked, now: float) -> httpx2.Request:
    """Return a request, signed at an instant (UTC s). Raises: SourceError when a secret is not in the environment."""
    url = httpx2.URL(asked.url or filled(place.url, asked.words))
    if place.params and not asked.url:
        url = url.copy_merge_params({name: filled(text, asked.words) for name, text in place.params.items()})
    body = b"" if place.body is None else json.dumps(filled_in(place.body, asked.words), ensure_ascii=False).encode()
    words = signed_words(place.method, url, body, now)
    headers = {"User-Agent": AGENT, "Accept": "application/json"} | ({"Content-Type": "application/json"} if body else {})
    headers |= {name: filled(text, words) for name, text in place.headers.items()}
    headers |= {name: secret(key, variable) for name, variable in place.headers_env.items()}
    if place.bearer_env:
        headers["Authorization"] = f"Bearer {secret(key, place.bearer_env)}"
    if place.hmac is not None:
        headers[place.hmac.header] = signature(key, place.hmac, words)
    return httpx2.Request(place.method, url, headers=headers, content=body or None)


def signed_words(method: str, url: httpx2.URL, body: bytes, now: float) -> dict[str, str]:
    """Return the words of a request that a header or a signature may hold."""
    parts = urlsplit(str(url))
    return {
        "timestamp": str(int(now)),
        "timestamp_ms": str(int(now * 1000)),
        "nonce": secrets.token_hex(16),
        "method": method,
        "path": parts.path or "/",
        "query": parts.query,
        "body": body.decode(),
        "body_sha256": hashlib.sha256(body).hexdigest(),
    }


def signature(key: str, signed: Signature, words: Mapping[str, str]) -> str:
    """Return the signature of a request. Raises: SourceError."""
    made = hmac.new(secret(key, signed.key_env).encode(), filled(signed.sign, words).encode(), signed.digest)
    text = made.hexdigest() if signed.encoding == "hex" else base64.b64encode(made.digest()).decode()
    return signed.prefix + text


def secret(key: str, variable: str) -> str:
    """Return what a variable of the environment holds. Raises: SourceError."""
    held = os.environ.get(variable, "").strip()
    if not held or not held.isascii() or not held.isprintable():
        raise SourceError(
            f"source {key}: the environment variable {variable} is not set, or is not one line of plain characters"
        )
    return held


def filled(text: str, words: Mapping[str, str]) -> str:
    """Return a text with its words in braces filled in."""
    return text.format_map(words)


def filled_in(value: Any, words: Mapping[str, str]) -> Any:
    """Return a body with its words filled in; a text that is nothing but a whole number's word becomes that number."""
    if isinstance(value, str):
        made = filled(value, words)
        return int(made) if value in ("{page}", "{page_rows}") else made
    if isinstance(value, dict):
        return {name: filled_in(part, words) for name, part in value.items()}
    return [filled_in(part, words) for part in value] if isinstance(value, list) else value
