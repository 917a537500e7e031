package dev.claviger.credentials;

import dev.claviger.credentials.KeyRotationOutcome.BeginRotation;
import dev.claviger.credentials.api.KeyRotationId;
import dev.claviger.credentials.api.KeyRotationRejected;
import dev.claviger.credentials.api.KeyRotations;
import dev.claviger.credentials.api.OneTransaction;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Begins one rotation at a time, to the key that is current here. */
@Component
class KeyRotationDesk implements KeyRotations {

    private final KeyRotationTable rotations;
    private final WrappedKeys wrappedKeys;
    private final MasterKeys masterKeys;
    private final FingerprintKey fingerprintKey;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;

    KeyRotationDesk(
            KeyRotationTable rotations,
            WrappedKeys wrappedKeys,
            MasterKeys masterKeys,
            FingerprintKey fingerprintKey,
            OneTransaction oneTransaction,
            CommandGateway commands) {
        this.rotations = rotations;
        this.wrappedKeys = wrappedKeys;
        this.masterKeys = masterKeys;
        this.fingerprintKey = fingerprintKey;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
    }

    @Override
    public KeyRotationId begin(boolean dryRun) {
        KeyRotationId id = new KeyRotationId(UUID.randomUUID());
        oneTransaction.run(() -> {
            rotations.lockAndFindRunning().ifPresent(other -> {
                throw new KeyRotationRejected("A rotation or dry run is under way (" + other + "); wait for its end");
            });
            commands.sendAndWait(new BeginRotation(id, masterKeys.current().id(), wrappedKeys.count(), dryRun));
        });
        return id;
    }

    @Override
    public String wrapsFingerprintKey() {
        return fingerprintKey.wrappedBy();
    }
}
