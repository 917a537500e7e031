-- Why the secret is to be destroyed and who wanted it, for the event that tells it in the end.
alter table oauth.forgotten_client_secret add column why text, add column forgotten_by text;
