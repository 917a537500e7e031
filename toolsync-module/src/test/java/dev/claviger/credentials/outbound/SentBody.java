package dev.claviger.credentials.outbound;

import java.nio.charset.StandardCharsets;

/** Lets a fake server read what it was sent. */
public final class SentBody {

    private SentBody() {}

    /** Empty where there is none. */
    public static String of(OutboundRequest request) {
        byte[] body = request.body();
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }
}
