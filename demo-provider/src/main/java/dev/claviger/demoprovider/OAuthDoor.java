package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes access tokens that were issued for this resource, and tells others where to get one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728</a>
 */
final class OAuthDoor implements Door {

    static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    private final Knobs knobs;
    private final Grants grants;
    private final Resources resources;
    private final URI issuerOrigin;
    private final URI mcpUrl;

    OAuthDoor(Knobs knobs, Grants grants, Resources resources, URI issuerOrigin, URI mcpUrl) {
        this.knobs = knobs;
        this.grants = grants;
        this.resources = resources;
        this.issuerOrigin = issuerOrigin;
        this.mcpUrl = mcpUrl;
    }

    @Override
    public boolean letsIn(Call call) {
        Grants.Grant grant = grants.introspect(call.bearer());
        return grant != null && resources.accepts(grant.resource()) && !knobs.insufficientScope
                || knobs.takesAnyToken && call.bearer() != null;
    }

    @Override
    public void refuse(Call call) throws IOException {
        boolean goodToken = knobs.insufficientScope && grants.introspect(call.bearer()) != null;
        if (!knobs.noChallengeHeader) {
            call.with("WWW-Authenticate", challenge(call, goodToken));
        }
        call.answer(
                goodToken ? 403 : 401, "text/plain", goodToken ? "Not enough scope." : "A valid token is required.");
    }

    @Override
    public @Nullable Map<String, Object> person(Call call) {
        Grants.Grant grant = grants.introspect(call.bearer());
        return grant == null ? null : grant.account();
    }

    /** The same door for {@code tools/call}, which may want more scope. */
    Door ofCalls() {
        return new Door() {
            @Override
            public boolean letsIn(Call call) {
                return OAuthDoor.this.letsIn(call) && !wantsMore(call);
            }

            @Override
            public void refuse(Call call) throws IOException {
                if (!OAuthDoor.this.letsIn(call)) {
                    OAuthDoor.this.refuse(call);
                    return;
                }
                call.with(
                                "WWW-Authenticate",
                                "Bearer error=\"insufficient_scope\", scope=\"%s\"".formatted(knobs.callScope))
                        .answer(403, "text/plain", "Not enough scope.");
            }
        };
    }

    private boolean wantsMore(Call call) {
        String wanted = knobs.callScope;
        Grants.Grant grant = grants.introspect(call.bearer());
        return wanted != null
                && (knobs.callScopeInVain
                        || grant == null
                        || !List.of(grant.scope().split(" ")).contains(wanted));
    }

    private String challenge(Call call, boolean goodToken) {
        List<String> parameters = new ArrayList<>();
        if (goodToken) {
            parameters.add("error=\"insufficient_scope\"");
        } else if (call.bearer() != null) {
            parameters.add("error=\"invalid_token\"");
            String which = knobs.echoRequests ? "The token " + call.bearer() : "The token";
            parameters.add("error_description=\"" + which + " is expired, revoked, or for somebody else, sorry\"");
        }
        if (!knobs.noProtectedResourceMetadata) {
            String path = knobs.rootResourceMetadataOnly ? "" : mcpUrl.getPath();
            parameters.add("resource_metadata=\"" + call.origin() + WELL_KNOWN + path + "\"");
        }
        if (!knobs.noChallengeScope) {
            String wanted = knobs.challengeScope;
            String scopes = wanted == null ? String.join(" ", Resources.SCOPES) : wanted;
            parameters.add("scope=\"" + scopes + (goodToken ? " notes:admin" : "") + "\"");
        }
        String bearer = ("Bearer " + String.join(", ", parameters)).strip();
        return knobs.severalChallenges
                ? "Basic realm=\"Acme, \\\"old\\\" clients\", " + bearer + ", Negotiate"
                : bearer;
    }

    /** Answers a request for a metadata document. */
    void metadata(Call call) throws IOException {
        boolean root = call.path().equals(WELL_KNOWN);
        boolean ours = call.path().equals(WELL_KNOWN + mcpUrl.getPath()) && !knobs.rootResourceMetadataOnly;
        if (knobs.noProtectedResourceMetadata || !root && !ours) {
            call.json(404, Map.of("error", "not_found"));
            return;
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("resource", resources.published());
        URI issuer = knobs.authorizationServerOnMcpOrigin ? call.origin() : issuerOrigin;
        List<String> issuers = new ArrayList<>(knobs.moreAuthorizationServers);
        issuers.add(issuer + knobs.issuerPath);
        document.put("authorization_servers", knobs.noAuthorizationServers ? List.of() : issuers);
        document.put("scopes_supported", Resources.SCOPES);
        document.put("bearer_methods_supported", List.of("header"));
        document.put("resource_name", "Acme Notes");
        call.json(200, document);
    }
}
