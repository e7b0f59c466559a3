"""Echo bots of two libraries as people write them, for the benchmark."""

import asyncio
import sys

from tests.fake_telegram import TOKEN


def run_ptb(url: str) -> None:
    """python-telegram-bot's Application with its defaults: httpx, one update at a time."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    application = Application.builder().token(TOKEN).base_url(url).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(stop_signals=None)


def run_aiogram(url: str) -> None:
    """aiogram's Dispatcher with its defaults: aiohttp, all updates of a batch at once."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    dispatcher = Dispatcher()

    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    dispatcher.message.register(echo)
    server = TelegramAPIServer.from_base(url.removesuffix("/bot"))
    bot = Bot(TOKEN, session=AiohttpSession(api=server))
    asyncio.run(dispatcher.start_polling(bot))


if __name__ == "__main__":
    {"ptb": run_ptb, "aiogram": run_aiogram}[sys.argv[1]](sys.argv[2])
