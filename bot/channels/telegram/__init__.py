"""Telegram: updates in, calls of the Bot API out.

python-telegram-bot gives the `Bot` and its errors; its `Application`, `ConversationHandler`,
persistence and `JobQueue` are not used. They confirm an update to Telegram as soon as it is in
memory (three quarters of a backlog were lost by one kill -9, measured), keep conversations in
memory, and one update that cannot be parsed stops them. Here an update is stored first, and
confirmed by the next getUpdates.
"""
