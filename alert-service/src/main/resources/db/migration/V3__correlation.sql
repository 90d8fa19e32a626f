-- Everything that belongs to one operation or one failover.
create index audit_by_correlation on audit (correlation, time desc, number desc) where correlation <> '';
