-- What happened to some clusters, for those who may see no others.
create index audit_by_uid on audit (uid, time desc, number desc);
