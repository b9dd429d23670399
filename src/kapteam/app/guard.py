"""Who may ask: this machine's own page and nobody else; and what every answer tells the browser to refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from attrs import define, field
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kapteam.draw.style import css

#: Where the browser comes in, with the token.
DOOR = "/open-page"
_SAFE = ("GET", "HEAD")
#: The style that stands in every picture, by its hash: no other style that stands in the page is heard.
_PICTURES = base64.b64encode(hashlib.sha256(css(literal=False).encode()).digest()).decode()
#: Nothing is loaded but from this very server, and nobody may frame the page or learn where it was.
HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{_PICTURES}'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


@define(eq=False)
class Guard:
    """Lets through what comes from the page that was opened with the token, by the name of this machine.

    Attributes
    ----------
    port : int
    token : str
        Fresh and random.
    """

    port: int
    token: str = field(factory=lambda: secrets.token_urlsafe(24))

    @property
    def address(self) -> str:
        """What opens the page."""
        return f"http://127.0.0.1:{self.port}{DOOR}?token={self.token}"

    @property
    def cookie(self) -> str:
        """The cookie's name: one for each port, since browsers tell none apart by them."""
        return f"kapteam-{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """By which names the page may be asked for; any other is somebody else's name for this machine."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application, guarded."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
                return
            answer = self.answer(scope) if scope["type"] == "http" else Response(status_code=403)
            await (answer or app)(scope, receive, _with_headers(send))

        return guarded

    def answer(self, scope: Scope) -> Response | None:
        """What is answered instead of the page; None where the page may answer."""
        heads = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = heads.get("host", ""), heads.get("origin")
        if host not in self.hosts:
            return refusal("This page answers to 127.0.0.1 only.")
        from_elsewhere = heads.get("sec-fetch-site", "none") not in ("same-origin", "none")
        # Every browser says where a request that may change something comes from.
        own = origin == f"http://{host}" or (origin is None and scope["method"] in _SAFE)
        if from_elsewhere or not own:
            return refusal("This page answers to itself only, and another one asked.")
        if scope["path"] == DOOR:
            given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            return self.let_in() if self._same(given) else refusal(_CLOSED)
        return None if self._same(self._shown(heads.get("cookie", ""))) else refusal(_CLOSED)

    def let_in(self) -> Response:
        """To the page, with a cookie that no script can read and no other site can send."""
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return answer

    def _shown(self, cookies: str) -> str:
        try:
            found = SimpleCookie(cookies).get(self.cookie)
        except CookieError:
            found = None
        return found.value if found else ""

    def _same(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


_CLOSED = "Open the address that kapteam app printed: it holds the key to this page."


def refusal(why: str) -> Response:
    """An answer that lets nobody in."""
    return HTMLResponse(f"<!doctype html><title>kapteam</title><p>{why}", 403)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            said = {"cache-control": "no-store", **HEADERS}
            message["headers"] = [
                *message["headers"],
                *((n.encode(), v.encode()) for n, v in said.items() if n.encode() not in given),
            ]
        await send(message)

    return sent
