package dev.claviger.oauth.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Binds a consent to the one who began it: the browser session, or the API token. The authorization response must come
 * from the same, or an attacker could have somebody else finish a consent of his own (RFC 9700 section 4.7).
 */
public final class ConsentBinding {

    /** Request attribute that holds the id of the API token a request was authenticated with; set by security. */
    public static final String API_TOKEN_ID = ConsentBinding.class.getName() + ".apiTokenId";

    private static final String BROWSER_KEY = ConsentBinding.class.getName() + ".browserKey";
    private static final SecureRandom RANDOM = new SecureRandom();

    private ConsentBinding() {}

    /** A hash that only this session or this API token yields again; SHA-256 in lower-case hex. */
    public static String of(HttpServletRequest request) {
        Object token = request.getAttribute(API_TOKEN_ID);
        return token != null ? sha256("token:" + token) : sha256("session:" + browserKey(request.getSession(true)));
    }

    private static String browserKey(HttpSession session) {
        if (session.getAttribute(BROWSER_KEY) instanceof String key) {
            return key;
        }
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        session.setAttribute(BROWSER_KEY, key);
        return key;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
