-- Consultations: what is counted of each, and where its topic is.
create table consultation (
    number integer primary key,         -- the event that opened it
    conversation text,                  -- null once the resident has erased everything
    chat integer not null,              -- the staff's group
    title text not null,
    thread integer,                     -- its topic, once that is known to exist
    tried real,                         -- when the topic's creation was last asked for
    card integer,                       -- the pinned message
    stage text not null,                -- open, closed, expired
    opened text not null,
    waits text,                         -- since when the resident waits for an answer
    claimed text,
    answered text,
    closed text,
    rating integer
);
create index consultation_topic on consultation (chat, thread);
create index consultation_resident on consultation (conversation);

-- A message and its copy on the other side.
create table link (
    consultation integer not null,
    from_chat integer not null,
    from_message integer not null,
    to_chat integer not null,
    to_message integer not null,
    primary key (from_chat, from_message)
) without rowid;
create index link_back on link (to_chat, to_message);
create index link_consultation on link (consultation);

-- Questions that were not understood, without a person.
create table missed (
    id integer primary key,
    text text not null,
    language text not null,
    count integer not null,
    last text not null,
    unique (text, language)
);

-- Wordings that consultants propose as examples, for review.
create table candidate (
    text text not null,
    language text not null,
    intent text not null,
    at text not null,
    primary key (text, language, intent)
) without rowid;

-- Groups that became supergroups.
create table moved (
    old integer primary key,
    new integer not null
);

alter table outbox add column key text;         -- a later call with the same key takes its place
alter table outbox add column follow text;      -- what its result means (JSON), see store.Follow
alter table outbox add column delayed integer not null default 0;
create index outbox_key on outbox (key) where key is not null;
