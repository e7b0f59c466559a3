-- One row a conversation: the session as JSON, without message text.
create table session (
    conversation text primary key,
    body text not null,
    updated text not null
) without rowid;

-- How often an answer helped: no text, no person.
create table feedback (
    intent text not null,
    language text not null,
    helpful integer not null,
    count integer not null,
    primary key (intent, language, helpful)
) without rowid;
