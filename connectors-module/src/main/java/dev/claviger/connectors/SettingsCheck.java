package dev.claviger.connectors;

import dev.claviger.connectors.OAuthEntry.Identity;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import dev.claviger.oauth.api.PrivateKeys;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says what is wrong with a connector's settings, one sentence per field; used by the command and by the pages. */
@Component
final class SettingsCheck {

    static final String NAME = "name";
    static final String URL = "url";
    static final String HEADER_NAME = "headerName";
    static final String CUSTOM_HEADERS = "customHeaders";
    static final String MODE = "mode";
    static final String ACCOUNT_TOOL = "accountTool";
    static final String AUTHORIZATION_ENDPOINT = "authorizationEndpoint";
    static final String TOKEN_ENDPOINT = "tokenEndpoint";
    static final String CLIENT_ID = "clientId";
    static final String SCOPE = "scope";
    static final String ISSUER = "issuer";
    static final String GRANT = "grant";
    static final String PRIVATE_KEY = "privateKey";
    static final String SIGNING_ALGORITHM = "signingAlgorithm";
    static final String RESOURCE = "resource";
    static final String ISSUER_EXCEPTION = "issuerException";
    static final String IDP_ISSUER = "identityProvider.issuer";
    static final String IDP_TOKEN_ENDPOINT = "identityProvider.tokenEndpoint";
    static final String IDP_CLIENT_ID = "identityProvider.clientId";
    static final String IDP_CLIENT_SECRET = "identityProvider.clientSecret";
    static final String SUBJECT_TOKEN = "identityProvider.subjectToken";
    static final String SUBJECT_TOKEN_TYPE = "identityProvider.subjectTokenType";
    static final String CLIENT_SECRET = "clientSecret";
    static final String CLIENT_SECRET_END = "clientSecretExpiresAt";
    static final String IDP_CLIENT_SECRET_END = "identityProvider.clientSecretExpiresAt";
    static final String REFRESH_TOKEN_IDLE_DAYS = "refreshTokenIdleDays";

    static final String SAY_DAYS =
            "Enter a whole number of days, 1 to 3650, or leave it blank when you do not know it.";

    /** The fields of manual OAuth settings. */
    static final Set<String> OAUTH_FIELDS = Set.of(
            AUTHORIZATION_ENDPOINT,
            TOKEN_ENDPOINT,
            CLIENT_ID,
            CLIENT_SECRET,
            CLIENT_SECRET_END,
            SCOPE,
            ISSUER,
            GRANT,
            PRIVATE_KEY,
            SIGNING_ALGORITHM,
            RESOURCE,
            ISSUER_EXCEPTION,
            IDP_ISSUER,
            IDP_TOKEN_ENDPOINT,
            IDP_CLIENT_ID,
            IDP_CLIENT_SECRET,
            IDP_CLIENT_SECRET_END,
            SUBJECT_TOKEN,
            SUBJECT_TOKEN_TYPE,
            REFRESH_TOKEN_IDLE_DAYS);

    private static final int LONGEST_URL = 2_000;
    /** No longer name is listed. */
    private static final int LONGEST_TOOL = 256;

    private static final int LONGEST_IDLE_DAYS = 3_650;

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]{1,1000}");
    /** RFC 6749 section 3.3. */
    private static final Pattern SCOPES =
            Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+( [\\x21\\x23-\\x5B\\x5D-\\x7E]+)*");

    private static final List<String> SUBJECT_TOKEN_TYPES = List.of(Identity.ID_TOKEN, Identity.REFRESH_TOKEN);

    private final OutboundClient outbound;

    SettingsCheck(OutboundClient outbound) {
        this.outbound = outbound;
    }

    /** Answers a sentence for each field that is wrong, by the name of the field; empty when all is well. */
    Map<String, String> check(ConnectorSettings settings) {
        Map<String, String> wrong = new LinkedHashMap<>();
        put(wrong, NAME, name(settings.name()));
        put(wrong, URL, url(settings.url(), "MCP server"));
        put(wrong, MODE, mode(settings));
        put(wrong, HEADER_NAME, headerName(settings));
        put(wrong, CUSTOM_HEADERS, HeaderRules.customHeaders(settings.customHeaders(), settings.headerName()));
        put(wrong, ACCOUNT_TOOL, accountTool(settings));
        oauth(settings, wrong);
        return wrong;
    }

    /** Throws {@link ConnectorRejected} with all the sentences when something is wrong. */
    void demand(ConnectorSettings settings) {
        Map<String, String> wrong = check(settings);
        if (!wrong.isEmpty()) {
            throw new ConnectorRejected(String.join(" ", wrong.values()));
        }
    }

    private static void put(Map<String, String> wrong, String field, @Nullable String sentence) {
        if (sentence != null) {
            wrong.put(field, sentence);
        }
    }

    private static @Nullable String name(String name) {
        if (name.isBlank()) {
            return "Give the connector a name.";
        }
        if (name.length() > 80) {
            return "Shorten the name to at most 80 characters.";
        }
        if (name.chars().anyMatch(Character::isISOControl) || Words.unprintable(name)) {
            return "Take the control characters out of the name.";
        }
        return ServerKey.isTelling(name)
                ? null
                : "Use at least one letter (a to z) or digit in the name; tool names are made from it.";
    }

    private static @Nullable String mode(ConnectorSettings settings) {
        return settings.authType() == AuthType.NONE && settings.mode() == CredentialMode.PER_AGENT
                ? "Choose shared: without a credential there is nothing that each agent could have of its own."
                : null;
    }

    /** Whether the server lists it is known only with a credential, so it is found out when the tool is asked. */
    private static @Nullable String accountTool(ConnectorSettings settings) {
        String tool = settings.accountTool();
        if (tool == null) {
            return null;
        }
        if (settings.authType() == AuthType.NONE) {
            return "Leave the tool out: without a credential there is no account to ask about.";
        }
        return tool.isBlank() || tool.length() > LONGEST_TOOL || Words.unprintable(tool)
                ? "Enter the tool's name as the server lists it: at most 256 characters, without control characters."
                : null;
    }

    private static @Nullable String headerName(ConnectorSettings settings) {
        String name = settings.headerName();
        if (settings.authType() == AuthType.API_KEY_HEADER) {
            return name == null || name.isBlank()
                    ? "Name the header that carries the API key, for example X-Api-Key."
                    : HeaderRules.name(name);
        }
        return name == null ? null : "Leave the header name out: only API keys travel in a header of their own.";
    }

    private void oauth(ConnectorSettings settings, Map<String, String> wrong) {
        OAuthSettings oauth = settings.oauth();
        if (settings.authType() != AuthType.OAUTH) {
            if (!OAuthSettings.AUTOMATIC.equals(oauth)) {
                wrong.put(CLIENT_ID, "Leave the OAuth settings out, or choose OAuth as the authentication.");
            }
            return;
        }
        String authorization = oauth.authorizationEndpoint();
        String token = oauth.tokenEndpoint();
        if (authorization != null) {
            put(wrong, AUTHORIZATION_ENDPOINT, url(authorization, "authorization endpoint"));
        } else if (token != null) {
            wrong.put(AUTHORIZATION_ENDPOINT, "Enter the authorization endpoint too, or neither of the two.");
        }
        if (token != null) {
            put(wrong, TOKEN_ENDPOINT, url(token, "token endpoint"));
        } else if (authorization != null) {
            wrong.put(TOKEN_ENDPOINT, "Enter the token endpoint too, or neither of the two.");
        }
        put(wrong, CLIENT_ID, client(oauth));
        put(wrong, SCOPE, scope(oauth.scope()));
        if (oauth.clientIssuer() != null) {
            put(wrong, ISSUER, url(oauth.clientIssuer(), "authorization server that knows the client"));
        }
        put(wrong, SIGNING_ALGORITHM, signingAlgorithm(oauth));
        put(wrong, GRANT, grant(oauth));
        put(wrong, RESOURCE, resource(oauth.resource()));
        put(wrong, ISSUER_EXCEPTION, issuerException(oauth.issuerException()));
        put(wrong, REFRESH_TOKEN_IDLE_DAYS, idleDays(oauth.refreshTokenIdleDays()));
        IdentityProvider provider = oauth.identityProvider();
        if (provider != null) {
            identityProvider(provider, wrong);
        }
    }

    private static @Nullable String idleDays(@Nullable Integer days) {
        return days == null || days >= 1 && days <= LONGEST_IDLE_DAYS ? null : SAY_DAYS;
    }

    private static @Nullable String grant(OAuthSettings oauth) {
        return switch (oauth.grant()) {
            case AUTHORIZATION_CODE -> null;
            case CLIENT_CREDENTIALS ->
                oauth.clientId() != null && oauth.clientSecret() == null && oauth.privateKey() == null
                        ? "Enter a client secret or a private key: without a person the client must prove itself."
                        : null;
            case ENTERPRISE_MANAGED ->
                oauth.identityProvider() == null
                        ? "Enter the identity provider: it gives the assertions that take the place of a consent."
                        : null;
        };
    }

    private static @Nullable String signingAlgorithm(OAuthSettings oauth) {
        String algorithm = oauth.signingAlgorithm();
        if (oauth.privateKey() == null) {
            return algorithm == null ? null : "Enter the private key that signs with this algorithm.";
        }
        return algorithm != null && PrivateKeys.ALGORITHMS.contains(algorithm)
                ? null
                : "Choose one of " + String.join(", ", PrivateKeys.ALGORITHMS) + ".";
    }

    private static @Nullable String resource(ResourceChoice resource) {
        String value = resource.value();
        return switch (resource.way()) {
            case AS_PUBLISHED, OMIT ->
                value == null ? null : "Leave the value out: only override and audience send one of their own.";
            case OVERRIDE ->
                value != null && PRINTABLE.matcher(value).matches() && isResource(value)
                        ? null
                        : "Enter what is sent as resource: an absolute URI without the part from # on.";
            case AUDIENCE ->
                value != null && PRINTABLE.matcher(value).matches()
                        ? null
                        : "Enter what is sent as audience: 1 to 1,000 visible ASCII characters.";
        };
    }

    /** RFC 8707 section 2. */
    private static boolean isResource(String value) {
        try {
            URI uri = new URI(value);
            return uri.isAbsolute() && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static @Nullable String issuerException(@Nullable IssuerException exception) {
        if (exception == null) {
            return null;
        }
        if (!PRINTABLE.matcher(exception.expected()).matches()
                || !PRINTABLE.matcher(exception.published()).matches()) {
            return "Name both issuers of the mismatch, each with 1 to 1,000 visible ASCII characters.";
        }
        return exception.expected().equals(exception.published())
                ? "Leave the exception out: the two issuers are the same."
                : null;
    }

    private void identityProvider(IdentityProvider provider, Map<String, String> wrong) {
        put(wrong, IDP_ISSUER, url(provider.issuer(), "identity provider"));
        put(wrong, IDP_TOKEN_ENDPOINT, url(provider.tokenEndpoint(), "identity provider's token endpoint"));
        if (!PRINTABLE.matcher(provider.clientId()).matches()) {
            wrong.put(
                    IDP_CLIENT_ID,
                    "Enter the client id at the identity provider: 1 to 1,000 visible ASCII characters.");
        }
        if (!SUBJECT_TOKEN_TYPES.contains(provider.subjectTokenType())) {
            wrong.put(SUBJECT_TOKEN_TYPE, "Choose one of " + String.join(", ", SUBJECT_TOKEN_TYPES) + ".");
        }
    }

    private static @Nullable String client(OAuthSettings oauth) {
        String client = oauth.clientId();
        if (client == null) {
            if (oauth.authorizationEndpoint() != null || oauth.tokenEndpoint() != null) {
                return "Enter the client id: with endpoints set by hand there is no discovery to register one.";
            }
            if (oauth.grant() != Grant.AUTHORIZATION_CODE) {
                return "Enter the client id: this grant takes only a client that the provider has set up.";
            }
            if (oauth.privateKey() != null || oauth.clientIssuer() != null) {
                return "Enter the client id that the private key or the issuer belongs to.";
            }
            return oauth.clientSecret() == null ? null : "Enter the client id that the client secret belongs to.";
        }
        if (oauth.clientSecret() != null && oauth.privateKey() != null) {
            return "Give the client a secret or a private key, not both.";
        }
        return PRINTABLE.matcher(client).matches()
                ? null
                : "Check the client id: it may hold 1 to 1,000 visible ASCII characters.";
    }

    private static @Nullable String scope(@Nullable String scope) {
        return scope == null
                        || (scope.length() <= 2_000 && SCOPES.matcher(scope).matches())
                ? null
                : "Separate scopes by single spaces, and use visible ASCII characters without quotes and backslashes.";
    }

    private @Nullable String url(String text, String whose) {
        if (text.isBlank()) {
            return "Enter the URL of the " + whose + ".";
        }
        if (text.length() > LONGEST_URL) {
            return "Shorten the URL of the " + whose + " to at most 2,000 characters.";
        }
        if (Words.unprintable(text)) {
            return "Check the URL of the " + whose + ": it cannot be read as one.";
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return "Check the URL of the " + whose + ": it cannot be read as one.";
        }
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null) {
            return "Enter the whole URL of the " + whose + ", beginning with https://.";
        }
        if (uri.getRawUserInfo() != null) {
            return "Take user name and password out of the URL of the " + whose + ".";
        }
        if (uri.getRawFragment() != null) {
            return "Take the part from # on out of the URL of the " + whose + ".";
        }
        try {
            outbound.check(uri);
            return null;
        } catch (Untrusted e) {
            return String.valueOf(e.getMessage());
        }
    }
}
