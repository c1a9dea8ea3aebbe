-- The budget grants everything, without its lock, for the same statements of the gateway.
create or replace function vendor_budget_take(purpose text, rate float8, ahead float8, wanted integer,
                                              out granted integer, out first_in float8, out open_in float8)
language plpgsql as $$
begin
    granted := wanted;
    first_in := -1;
    open_in := -1;
end $$;
