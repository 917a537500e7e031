-- The gate between connects and freezes: a connect passes it shared, a freeze closes it until its commit.
create function connectors.pass_connect_gate() returns void language sql as
'select pg_advisory_xact_lock_shared(5240071124)';

-- A connect that hangs with the gate in its hand must not keep a freeze from coming: after two seconds it comes anyway.
create function connectors.close_connect_gate() returns void language plpgsql as
'begin
    set local lock_timeout = 2000;
    perform pg_advisory_xact_lock(5240071124);
    set local lock_timeout = 0;
exception when lock_not_available then
    null;
end';
