-- Which reminder it is, counted for its incident and receiver from 1; 0: it is none.
alter table delivery add column reminder int not null default 0;
create index delivery_reminder on delivery (incident) where state = 'QUEUED' and reminder > 0;

-- Whom to remind of what: each receiver that was told of an incident that is open and acknowledged by nobody.
create table reminder (
    incident  text        not null,
    receiver  text        not null,
    -- The period runs from here: a notice was queued, it was taken, or there was a reason to wait for another period.
    since     timestamptz not null,
    reminders int         not null default 0,
    -- The newest reminder that was told to be withheld.
    withheld  int         not null default 0,
    primary key (incident, receiver)
);
create index reminder_due on reminder (receiver, since);

-- What was told by an earlier release and lasts.
insert into reminder (incident, receiver, since)
    select d.incident, d.receiver, max(coalesce(d.settled_at, d.queued_at))
    from delivery d join incident i on i.id = d.incident
    where i.state = 'OPEN' and i.told = 'OPEN'
    group by d.incident, d.receiver;
