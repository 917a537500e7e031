-- What credentials.credential_use tells as well, and alone from now on.
delete from connectors.agent_call where connection_id is not null and outcome in ('answered', 'still valid');
