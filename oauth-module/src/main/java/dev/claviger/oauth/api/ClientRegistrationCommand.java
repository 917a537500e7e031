package dev.claviger.oauth.api;

import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What may be asked of our clients at authorization servers. */
public sealed interface ClientRegistrationCommand {

    ClientRegistrationId registrationId();

    /**
     * Retires the client, so that the next authorization registers another. Grants made with it go on with it; when the
     * last of them has ended it is deleted at the authorization server (RFC 7592 section 2.3) where that can be done. Does
     * nothing to a registration that is retired already.
     */
    record RegisterAgain(@TargetAggregateIdentifier ClientRegistrationId registrationId)
            implements ClientRegistrationCommand {}
}
