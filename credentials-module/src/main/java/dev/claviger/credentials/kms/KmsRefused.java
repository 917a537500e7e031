package dev.claviger.credentials.kms;

import java.security.GeneralSecurityException;

/** The service answered, and no: access denied, no such key, the wrong key, a disabled one, or an answer that is none. */
public final class KmsRefused extends GeneralSecurityException {
    public KmsRefused(String message) {
        super(message);
    }
}
