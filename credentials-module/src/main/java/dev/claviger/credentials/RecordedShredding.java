package dev.claviger.credentials;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.api.VaultEvent.SecretShredded;
import dev.claviger.credentials.vault.Shredder;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Destroys a sealed secret and writes the receipt, in one transaction. */
@Component
class RecordedShredding implements Shredder {

    private final TinkVault vault;
    private final EventGateway events;

    RecordedShredding(TinkVault vault, EventGateway events) {
        this.vault = vault;
        this.events = events;
    }

    @Override
    public void shred(SecretRef ref, String why, @Nullable String askedBy) {
        vault.destroy(ref.id())
                .ifPresent(destroyed -> events.publish(
                        new SecretShredded(ref.id(), destroyed.purpose(), destroyed.fingerprint(), why, askedBy)));
    }
}
