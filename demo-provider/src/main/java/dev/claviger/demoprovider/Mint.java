package dev.claviger.demoprovider;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** Makes every secret the provider hands out, and remembers it so that tests can search for leaks. */
final class Mint {

    /** Part of every secret: a search for it finds any leak. */
    static final String MARK = "dEmOsEcReT";

    private final SecureRandom random = new SecureRandom();
    private final List<String> handedOut = Collections.synchronizedList(new ArrayList<>());

    String secret(String kind) {
        return known(kind + "_" + MARK + "_" + id());
    }

    /** Also remembers a secret that was not made here. */
    String known(String secret) {
        handedOut.add(secret);
        return secret;
    }

    /** A random id that is no secret. */
    String id() {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    List<String> handedOut() {
        synchronized (handedOut) {
            return List.copyOf(handedOut);
        }
    }
}
