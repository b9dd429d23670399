"""The page answers to itself alone: every other host, origin, site or key is refused."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from kapteam.app.guard import DOOR, HEADERS, Guard
from kapteam.app.opened import Desk
from kapteam.app.pages import Pages

PORT = 4711
HERE = f"http://127.0.0.1:{PORT}"


class Client:
    """Asks an application as a browser does: what it was given as a cookie it shows again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.cookies = app, httpx.Cookies()

    def request(self, method: str, path: str, **asked: Any) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=self.cookies) as client:
                found = await client.request(method, path, **asked)
                self.cookies.update(client.cookies)
                return found

        return asyncio.run(answer())

    def get(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("GET", path, **asked)

    def post(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("POST", path, **asked)


async def secret(request: object) -> PlainTextResponse:
    return PlainTextResponse("secret")


@pytest.fixture
def guard() -> Guard:
    return Guard(PORT)


@pytest.fixture
def client(guard: Guard) -> Client:
    app = Starlette(routes=[Route("/", secret, methods=["GET", "POST"])])
    return Client(guard.around(app))


def opened(client: Client, guard: Guard) -> Client:
    assert client.get(DOOR, params={"token": guard.token}).status_code == 303
    return client


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "secret" not in answer.text


def test_the_address_opens_the_page_with_a_cookie_that_is_of_this_page_alone(guard: Guard, client: Client) -> None:
    answer = client.get(guard.address.removeprefix(HERE))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].casefold()
    assert f"kapteam-{PORT}={guard.token}".casefold() in cookie
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/").text == "secret"
    assert client.post("/", headers={"origin": HERE}).text == "secret"


def test_without_the_key_nothing_is_answered(guard: Guard, client: Client) -> None:
    assert refused(client.get("/"))
    assert refused(client.post("/", headers={"origin": HERE}))
    for token in ("", "wrong", guard.token[:-1], guard.token + "x", "é"):
        assert refused(client.get(DOOR, params={"token": token}))
    assert refused(client.get(DOOR))
    for cookie in (f"kapteam-{PORT}=wrong", f"kapteam={guard.token}", ";;=;", f"kapteam-1={guard.token}"):
        assert refused(client.get("/", headers={"cookie": cookie}))
    assert len(guard.token) >= 32
    assert Guard(PORT).token != guard.token


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", f"evil.example:{PORT}", "127.0.0.1:80", f"127.0.0.1.evil.example:{PORT}", ""]
)
def test_another_name_for_this_machine_is_refused(guard: Guard, client: Client, host: str) -> None:
    opened(client, guard)
    assert refused(client.get("/", headers={"host": host}))
    assert refused(client.get(DOOR, params={"token": guard.token}, headers={"host": host}))


def test_localhost_is_this_machine(guard: Guard, client: Client) -> None:
    cookie = f"kapteam-{PORT}={guard.token}"
    assert client.get("/", headers={"host": f"localhost:{PORT}", "cookie": cookie}).text == "secret"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", f"https://127.0.0.1:{PORT}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin_is_refused(guard: Guard, client: Client, origin: str, method: str) -> None:
    opened(client, guard)
    assert refused(client.request(method, "/", headers={"origin": origin}))


def test_who_changes_something_says_where_it_comes_from(guard: Guard, client: Client) -> None:
    assert refused(opened(client, guard).post("/"))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "odd"])
def test_a_request_from_another_site_is_refused(guard: Guard, client: Client, site: str) -> None:
    opened(client, guard)
    assert refused(client.get("/", headers={"sec-fetch-site": site}))
    assert refused(client.get(DOOR, params={"token": guard.token}, headers={"sec-fetch-site": site}))
    assert client.get("/", headers={"sec-fetch-site": "same-origin"}).text == "secret"
    assert client.get("/", headers={"sec-fetch-site": "none"}).text == "secret"


def test_every_answer_tells_the_browser_what_to_refuse(guard: Guard) -> None:
    pages = Pages(Desk(), date(2026, 12, 7))
    client = Client(guard.around(pages.application()))
    answers = [client.get("/"), client.get(DOOR, params={"token": guard.token}), client.get("/")]
    answers += [client.get(path) for path in ("/look.css", "/static/app.js", "/static/../pages.py", "/nowhere")]
    assert [a.status_code for a in answers] == [403, 303, 200, 200, 200, 404, 404]
    for answer in answers:
        for name, said in HEADERS.items():
            assert answer.headers[name] == said
        assert answer.headers["cache-control"] == "no-store"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers
