-- What happened, in our own order; stored before Telegram is told that we have it.
create table inbox (
    seq integer primary key autoincrement,
    update_id integer unique,
    conversation text,                  -- these two are emptied when it is done
    body text,
    state text not null,                -- waiting, done, failed, unreadable
    attempts integer not null default 0,
    error text,                         -- the class of an error, never its text
    received real not null
);
create index inbox_waiting on inbox (conversation, seq) where state = 'waiting';

-- What is to be sent, in order for each chat; stored together with the session that it follows from.
create table outbox (
    id integer primary key autoincrement,
    chat integer not null,
    method text not null,
    payload text,                       -- emptied when it can never be sent
    state text not null,                -- waiting, dead; what was sent is deleted
    not_before real not null default 0,
    attempts integer not null default 0,
    reason text,
    created real not null
);
create index outbox_waiting on outbox (chat, id) where state = 'waiting';

-- Single facts: the offset of getUpdates, the key of the logs, what Telegram was told of us.
create table fact (
    name text primary key,
    value text not null
) without rowid;
