package dev.claviger.oauth;

import dev.claviger.oauth.api.AuthorizationId;

/** What our effects need to know: which authorization; the rest is in its row. */
record AuthorizationJob(AuthorizationId authorizationId) {}
