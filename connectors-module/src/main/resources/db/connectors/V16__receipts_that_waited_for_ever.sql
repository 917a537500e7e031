-- Receipts whose secrets were destroyed while a step still waited to ask with them.
update connectors.receipt_step s
   set outcome = 'GIVEN_UP', next_try = null,
       detail = 'The secrets were destroyed before the server had said that it refuses the token, so it cannot be asked any'
                || ' more. See to it at the provider that Claviger''s access is gone.'
  from connectors.receipt r
 where r.connection_id = s.connection_id and r.shredded and s.name = 'SERVER_REFUSES' and s.outcome = 'WAITING';
