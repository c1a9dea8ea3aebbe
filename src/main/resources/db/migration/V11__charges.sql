-- What the fee of a session is charged back to, as its caller said at opening. Finance sees no metadata.
alter table liveness_session add column cost_centre text;
