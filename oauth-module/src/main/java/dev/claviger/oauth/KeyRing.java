package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.SigningKeyOutcome.AddSigningKey;
import dev.claviger.oauth.SigningKeyOutcome.RetireFormerKey;
import dev.claviger.oauth.api.SigningKeysId;
import dev.claviger.oauth.protocol.NewSigningKey;
import dev.claviger.oauth.protocol.SigningKey;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes our signing keys, the first at the first need, and opens the one to sign with. */
@Component
class KeyRing {

    private final SigningKeyTable keys;
    private final Vault vault;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final Clock clock;

    KeyRing(SigningKeyTable keys, Vault vault, OneTransaction oneTransaction, CommandGateway commands, Clock clock) {
        this.keys = keys;
        this.vault = vault;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.clock = clock;
    }

    /** Sees to it that there is a key. */
    void ensure() {
        if (keys.newest().isEmpty()) {
            add(null);
        }
    }

    /** @throws IllegalStateException when there is none yet */
    SigningKey signing() {
        SigningKeyTable.Row row = keys.signing(clock.instant())
                .orElseThrow(() -> new IllegalStateException("A key is made before anything is to be signed"));
        return SigningKey.of(
                vault.open(SecretPurpose.PRIVATE_KEY, row.privateKey()), NewSigningKey.ALGORITHM, row.keyId());
    }

    /** Puts a new key in the place of the newest, whichever that is. */
    void rotate() {
        add(keys.newest().map(SigningKeyTable.Row::keyId).orElse(null));
    }

    /** Does nothing when {@code former} is not the newest any more. */
    void rotate(String former) {
        if (keys.newest().filter(newest -> newest.keyId().equals(former)).isPresent()) {
            add(former);
        }
    }

    void retire(String keyId) {
        commands.sendAndWait(new RetireFormerKey(SigningKeysId.OURS, keyId));
    }

    private void add(@Nullable String former) {
        NewSigningKey made = NewSigningKey.generate();
        oneTransaction.run(() -> {
            SecretRef sealed = vault.seal(SecretPurpose.PRIVATE_KEY, made.privateKey());
            boolean accepted = commands.<Boolean>sendAndWait(
                    new AddSigningKey(SigningKeysId.OURS, made.keyId(), made.publicKey(), sealed, former));
            if (!accepted) {
                vault.shred(sealed);
            }
        });
    }
}
