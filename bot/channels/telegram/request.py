"""python-telegram-bot over aiohttp: httpx, its default, costs four times the CPU a call."""

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

JSON = {"Content-Type": "application/json"}


class AiohttpRequest(BaseRequest):
    """The HTTP side of `telegram.Bot`. Errors never carry the address, which holds the token."""

    def __init__(
        self, *, connections: int = 16, read_timeout: float = 10, proxy: str | None = None
    ) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram answered. Anything else, such as a proxy's page, is kept from the logs.

        Raises NetworkError: nothing is known about the call.
        """
        try:
            answer = json.loads(payload)
        except ValueError:
            raise NetworkError("the answer is not Telegram's") from None
        if not isinstance(answer, dict):
            raise NetworkError("the answer is not Telegram's")
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request; (status, body)."""
        if self._session is None:
            raise RuntimeError("The request is not initialised.")
        read = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        timeout = aiohttp.ClientTimeout(total=read + 5, sock_connect=5)
        data, headers = _body(request_data) if request_data else (None, None)
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=timeout, proxy=self._proxy
            ) as answer:
                body = await answer.read()
                if not answer.ok:
                    self.parse_json_payload(body)  # a page that says 403 is not Telegram's word
                return answer.status, body
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None


def _body(request_data: RequestData) -> tuple[bytes | aiohttp.FormData, dict[str, str] | None]:
    """What is posted, and its headers.

    PTB's own `json_payload` packs every list and object into a string first, and that again.
    """
    if request_data.contains_files:
        return _form(request_data), None
    return json.dumps(request_data.parameters).encode(), JSON


def _form(request_data: RequestData) -> aiohttp.FormData:
    """Files and the other parameters as a multipart form."""
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
