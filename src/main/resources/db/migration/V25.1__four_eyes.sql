-- A second person confirms an acceptance: people are told apart by issuer and subject of their tokens, not by the client in between.
alter table statement_acceptance
    add column accepted_iss  text,
    add column accepted_sub  text,
    add column confirmed_iss text,
    add column confirmed_sub text,
    drop constraint statement_acceptance_check,
    add constraint another_person_confirms check ((confirmed_iss, confirmed_sub) <> (accepted_iss, accepted_sub));

-- What was posted without a second person.
create index acceptance_alone on statement_acceptance (statement_id, accepted_sub, accepted_iss)
    where state = 'ACCEPTED' and confirmed_at is null and amount <> 0;

-- What a person has posted of a statement without a second person, in minor units. It reads after the caller's wait for the statement's row,
-- so that requests at the same moment count each other.
create function accepted_alone(statement uuid, iss text, sub text) returns bigint volatile language plpgsql as $$
begin
    return (select coalesce(sum(abs(a.amount)), 0) from statement_acceptance a
            where a.statement_id = statement and a.accepted_iss = iss and a.accepted_sub = sub
              and a.state = 'ACCEPTED' and a.confirmed_at is null and a.amount <> 0);
end
$$;
