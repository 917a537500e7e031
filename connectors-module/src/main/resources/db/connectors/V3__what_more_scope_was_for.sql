-- What was refused for want of scope, for example "tools/call create_issue"; null: an ordinary attempt.
alter table connectors.connection add column step_up text;
