-- Since when the refreshes of the token set fail, and when that is given up should it go on; null: not known.
alter table connectors.credential
    add column failing_since timestamptz,
    add column given_up_at timestamptz;
