-- What is to happen later is an inbox row of state 'later'; its `received` is when it is due.
create index inbox_later on inbox (received) where state = 'later';
