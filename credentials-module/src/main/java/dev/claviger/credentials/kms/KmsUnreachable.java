package dev.claviger.credentials.kms;

import java.security.GeneralSecurityException;

/** The service did not answer, or asked to come back later. The message names the service and the cause, never a key. */
public final class KmsUnreachable extends GeneralSecurityException {
    public KmsUnreachable(String message) {
        super(message);
    }
}
