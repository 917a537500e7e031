package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Metadata that names another issuer than the one it was asked for (RFC 8414 section 3.3). An admin who knows the provider
 * may accept exactly this pair.
 */
public final class IssuerMismatch extends Untrusted {

    private static final int LONGEST = 1000;

    private final transient @Nullable IssuerException pair;

    /** @param published as the metadata has it; null: nothing that can be an issuer */
    IssuerMismatch(String what, String expected, @Nullable String published) {
        super(
                FailureCode.ISSUER_MISMATCH,
                what + " was asked for the issuer “" + RemoteText.shown(expected, List.of()) + "” and names "
                        + (published == null
                                ? "none that can be used"
                                : "“" + RemoteText.shown(published, List.of()) + "”")
                        + " (RFC 8414 section 3.3); tell the server's operator.");
        this.pair = published != null && isAcceptable(expected) && isAcceptable(published)
                ? new IssuerException(expected, published)
                : null;
    }

    /** What an admin can read and compare. */
    private static boolean isAcceptable(String issuer) {
        return issuer.length() <= LONGEST && Remote.isCredential(issuer);
    }

    /** What an exception would have to cover, byte for byte; null: there is nothing to accept. */
    public @Nullable IssuerException pair() {
        return pair;
    }
}
