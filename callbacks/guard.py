"""What stands before every answer: only this machine may ask, and every answer carries its security headers."""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
REFUSED_PATHS = ("/_dash-ws-callback", "/docs", "/redoc", "/openapi.json")
READING_METHODS = ("GET", "HEAD", "OPTIONS")


def policy(script_hashes: Iterable[str]) -> str:
    """Return the content security policy: nothing from any other host, no script that is not ours."""
    scripts = " ".join(["'self'", *script_hashes])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "worker-src 'self' blob:; connect-src 'self'; font-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    )


def is_own(headers: Headers) -> bool:
    """Whether a request comes from a page of ours, or from no browser at all.

    A browser says from which site a request was made; an old one, at least from which origin. A page of
    another site could otherwise send one in the name of whoever looks at it.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


class Guard:
    """ASGI middleware. It decides by the routed path and never by the URL, which a Host header can bend."""

    def __init__(self, app: ASGIApp, script_hashes: Callable[[], Iterable[str]]) -> None:
        """Wrap an application; the hashes are asked for once all callbacks are registered."""
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy(script_hashes()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "DENY",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on, and add the headers."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        name = headers.get("host", "").rsplit(":", 1)[0]
        if name not in LOOPBACK_NAMES:
            await PlainTextResponse("this cockpit answers on this machine only", 421)(scope, receive, with_headers)
        elif scope["method"] not in READING_METHODS and not is_own(headers):
            await PlainTextResponse("this was asked by a page of another site", 403)(scope, receive, with_headers)
        elif scope["path"] in REFUSED_PATHS:
            await PlainTextResponse("not here", 404)(scope, receive, with_headers)
        else:
            await self.app(scope, receive, with_headers)
