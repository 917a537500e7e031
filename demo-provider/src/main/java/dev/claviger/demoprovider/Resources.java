package dev.claviger.demoprovider;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The protected resource: what it is called, and which audience a token must have to be let in.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8707">RFC 8707</a>
 */
final class Resources {

    static final List<String> SCOPES = List.of("notes:read", "notes:write");

    private final Knobs knobs;
    private final URI mcpUrl;

    Resources(Knobs knobs, URI mcpUrl) {
        this.knobs = knobs;
        this.mcpUrl = mcpUrl;
    }

    /** The identifier in the metadata document. */
    String published() {
        String override = knobs.resourceOverride;
        return override == null ? mcpUrl.toString() : override;
    }

    boolean accepts(String audience) {
        return audience.equals(mcpUrl.toString()) || audience.equals(published());
    }

    /** The audience a request means by its {@code resource} parameter. */
    String audience(@Nullable String requested) throws OAuthError {
        if (requested != null && knobs.refuseResource) {
            throw new OAuthError(400, "invalid_target", "The parameter resource is not known here.");
        }
        if (requested == null && (!knobs.requireResource || knobs.refuseResource)) {
            return mcpUrl.toString();
        }
        if (requested == null || !accepts(requested)) {
            throw new OAuthError(400, "invalid_target", "resource must be " + published() + ", byte for byte.");
        }
        return Objects.requireNonNull(requested);
    }
}
