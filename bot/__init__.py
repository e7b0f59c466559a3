"""Madoguchi (窓口, "the counter"): a consultation bot on public health insurance in Japan.

The map, from the inside out; imports point inwards only:

* ``calculators``  pure: dated figures, and the law as functions over them
* ``core``         pure and synchronous: what the bot says (`core.conversation.respond`),
                   how it understands (`core.matching.rank`), how it words it (`core.wording`),
                   the dialogs that work something out (`core.dialogs.replay`),
                   and consultation with a person (`core.consultation`)
* ``loading``      YAML and .po files -> `core.knowledge.Knowledge`, or a list of problems
* ``storage``      what is kept, in SQLite
* ``service``      the loops around the core: one turn of a conversation, changed files
* ``channels``     the terminals of residents and consultants, and Telegram
* ``cli``          the command line; ``commands`` wire everything together and do what it says
"""
