package dev.claviger.app.security;

import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes passwords with Argon2id (RFC 9106; 19 MiB, two passes, as OWASP advises). Only a few at a time: a flood of sign-ins
 * shall wait, not eat the memory.
 */
@Component
class Passwords implements PasswordEncoder {

    static final int SHORTEST = 12;
    static final int LONGEST = 200;

    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    private final Semaphore places = new Semaphore(2 * Runtime.getRuntime().availableProcessors(), true);

    /** 24 letters and digits in groups, about 119 bits. */
    static String generate() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            if (i > 0 && i % 6 == 0) {
                password.append('-');
            }
            password.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }

    /** What is wrong with a password that is too short, too long or the name itself; null when nothing is. */
    static @Nullable String trouble(String name, String password) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            return "A password has " + SHORTEST + " to " + LONGEST + " characters; choose another.";
        }
        return password.equalsIgnoreCase(name) ? "The password must not be the name; choose another." : null;
    }

    @Override
    public String encode(@Nullable CharSequence password) {
        return inTurn(() -> String.valueOf(argon2.encode(password)));
    }

    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
        if (password == null || password.length() > LONGEST) {
            return false;
        }
        return inTurn(() -> argon2.matches(password, hash));
    }

    private <T> T inTurn(Supplier<T> work) {
        places.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
