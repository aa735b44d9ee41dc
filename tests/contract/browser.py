"""A browser without a script: cookies, forms and their CSRF tokens."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.services import Account, ServerProcess
from tests.services.servers import PASSWORD

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


async def submit(
    browser: httpx.AsyncClient, page: str, to: str = "", **values: str
) -> httpx.Response:
    """Open a page, fill its form in and send it, to the page itself unless told otherwise."""
    opened = await browser.get(page)
    assert opened.status_code == 200, (page, opened.status_code)
    token = _TOKEN.search(opened.text)
    assert token is not None, page
    values |= {"csrfmiddlewaretoken": token[1]}
    return await browser.post(to or page, data=values)


@asynccontextmanager
async def signed_in(server: ServerProcess, account: Account) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that signed in by the form."""
    async with httpx.AsyncClient(base_url=server.url, timeout=30, trust_env=False) as browser:
        answer = await submit(browser, "/accounts/login/", login=account.email, password=PASSWORD)
        assert answer.status_code == 302, answer.text[:2000]
        yield browser
