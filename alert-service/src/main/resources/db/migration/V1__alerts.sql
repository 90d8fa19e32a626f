-- How far each partition has been read: moved on in the transaction of the effects, never without them.
create table reader_offset (
    topic       text   not null,
    partition   int    not null,
    next_offset bigint not null,
    -- What lies below was on the bus before this database began: nobody is told of it any more.
    old_until   bigint not null,
    primary key (topic, partition)
);

-- Every event once. An entry is never changed.
create table audit (
    number      bigint generated always as identity primary key,
    event_id    text        not null,
    source      text        not null,
    type        text        not null,
    time        timestamptz not null,
    subject     text        not null,
    cluster     text        not null,
    uid         text        not null,
    instance    text        not null,
    reason      text        not null,
    correlation text        not null,
    actor       text        not null,
    data        text        not null,
    recorded_at timestamptz not null default now(),
    unique (event_id, source)
);
create index audit_by_time on audit (time desc, number desc);
create index audit_by_cluster on audit (cluster, time desc, number desc);
create index audit_by_type on audit (type text_pattern_ops, time desc);
create index audit_by_actor on audit (actor, time desc, number desc) where actor <> '';

create table incident (
    id           text        primary key,
    cluster      text        not null,
    uid          text        not null,
    cause        text        not null,
    state        text        not null,
    opened_at    timestamptz not null,
    updated_at   timestamptz not null,
    record       text        not null,
    troubles     text        not null,
    -- When a notice about it has to be decided again; null: when something happens.
    decide_at    timestamptz,
    told         text        not null default 'NOT_YET',
    notices      int         not null default 0,
    told_severity text,
    told_why     text,
    first_told_at timestamptz
);
create unique index incident_open on incident (uid, cause) where state <> 'RESOLVED';
create index incident_due on incident (decide_at) where decide_at is not null;
create index incident_told on incident (uid, cause, first_told_at) where first_told_at is not null;

create table delivery (
    notice_key    text        not null,
    number        int         not null,
    receiver      text        not null,
    incident      text        not null,
    cluster       text        not null,
    uid           text        not null,
    body          text        not null,
    state         text        not null default 'QUEUED',
    attempts      int         not null default 0,
    queued_at     timestamptz not null,
    next_at       timestamptz not null,
    -- Until then somebody is trying; later the attempt counts as lost with its process.
    claimed_until timestamptz,
    settled_at    timestamptz,
    last_error    text        not null default '',
    primary key (notice_key, receiver)
);
create index delivery_due on delivery (receiver, next_at) where state = 'QUEUED';
create index delivery_of_incident on delivery (incident, receiver);

-- What is to be said on the bus. Rows of one bundle come from one transaction and are sent together, in order.
create table outbox (
    seq     bigint generated always as identity primary key,
    bundle  bigint not null,
    topic   text   not null,
    key     text   not null,
    headers text   not null,
    value   bytea  not null
);
create sequence outbox_bundle;
