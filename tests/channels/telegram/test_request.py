"""What other answers than Telegram's mean, and that they stand in no log."""

import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.telegram.api import TelegramApi
from bot.service.sender import Hopeless, Later
from bot.storage import Call
from tests.fake_telegram import TOKEN

PAGE = "<html>MARKER 123456789018</html>"
CALL = Call(chat=1, method="sendMessage", payload={"chat_id": 1, "text": "hello"})


class Server:
    """Answers every call the same way."""

    status, body = 200, PAGE

    async def answer(self, request: web.Request) -> web.Response:
        if request.path.endswith("getMe"):
            return web.json_response(
                {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "a"}}
            )
        return web.Response(status=self.status, text=self.body)


@pytest.fixture
async def server() -> Server:
    return Server()


@pytest.fixture
async def api(server: Server) -> AsyncIterator[TelegramApi]:
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", server.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    opened = TelegramApi(TOKEN, base_url=f"http://127.0.0.1:{port}/bot")
    await opened.open()
    yield opened
    await opened.close()
    await runner.cleanup()


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 502])
async def test_a_page_that_is_not_telegrams_loses_nothing(
    status: int, server: Server, api: TelegramApi, caplog: pytest.LogCaptureFixture
) -> None:
    server.status = status
    with caplog.at_level(logging.DEBUG):
        assert await api.make(CALL) == Later()
    assert "MARKER" not in caplog.text


async def test_a_token_that_was_exchanged_loses_nothing(server: Server, api: TelegramApi) -> None:
    server.status = 401
    server.body = '{"ok": false, "error_code": 401, "description": "Unauthorized"}'
    assert await api.make(CALL) == Later()


async def test_telegrams_own_word_counts(server: Server, api: TelegramApi) -> None:
    server.status = 403
    server.body = (
        '{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}'
    )
    assert await api.make(CALL) == Hopeless(reason="Forbidden", all_of_chat=True)
