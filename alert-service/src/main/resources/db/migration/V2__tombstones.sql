-- A message without a value ends a key of a state topic.
alter table outbox alter column value drop not null;
create index incident_resolved on incident (updated_at) where state = 'RESOLVED';
