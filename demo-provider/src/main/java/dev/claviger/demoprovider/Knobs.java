package dev.claviger.demoprovider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One field per misbehaviour; the defaults behave well, and every field may be set at any time. */
public final class Knobs {

    /** Errors repeat what was sent, secrets included, as careless servers do. */
    public volatile boolean echoRequests;

    // Protected resource metadata (RFC 9728) and the challenge

    /** The metadata documents of the MCP server answer 404 and the challenge does not name them. */
    public volatile boolean noProtectedResourceMetadata;
    /** Only the root document answers, the one with the path of the resource is 404. */
    public volatile boolean rootResourceMetadataOnly;
    /** 401 comes without WWW-Authenticate. */
    public volatile boolean noChallengeHeader;
    /** The challenge comes as the second of several schemes in one header. */
    public volatile boolean severalChallenges;
    /** The challenge carries no scope. */
    public volatile boolean noChallengeScope;
    /** What the metadata publishes as resource; null: the URL of the MCP server. */
    public volatile @Nullable String resourceOverride;
    /** The scope of the challenge; null: what the resource publishes. */
    public volatile @Nullable String challengeScope;
    /** Issuers that the metadata names before ours. */
    public volatile List<String> moreAuthorizationServers = List.of();
    /** The list of authorization servers is empty. */
    public volatile boolean noAuthorizationServers;

    // Authorization server metadata (RFC 8414, OpenID Discovery)

    /** No metadata of the authorization server anywhere: 404. */
    public volatile boolean noWellKnown;
    /** Only {@code {issuer}/.well-known/openid-configuration} answers. */
    public volatile boolean oidcOnly;
    /** A path for the issuer, such as {@code /tenant}; empty: none. */
    public volatile String issuerPath = "";
    /** The authorization server also answers on the origin of the MCP server, as MCP 2025-03-26 had it. */
    public volatile boolean authorizationServerOnMcpOrigin;

    /** What the metadata claims as issuer, and the authorization response as {@code iss}; null: the one it is found at. */
    public volatile @Nullable String publishedIssuer;
    /** Metadata names its token endpoint twice. */
    public volatile boolean duplicateMetadataKeys;

    public volatile boolean noPkceMetadata;
    public volatile boolean wrongMetadataIssuer;
    public volatile boolean noRegistrationEndpoint;
    public volatile boolean noRevocationEndpoint;
    /** Metadata is an HTML page with status 200. */
    public volatile boolean metadataHtml;
    /** Metadata is valid JSON of 8 MiB. */
    public volatile boolean metadataHuge;
    /** Metadata never ends. */
    public volatile boolean metadataEndless;
    /** Metadata is a redirect to another host. */
    public volatile boolean metadataRedirect;
    /** The authorization endpoint is a {@code javascript:} URL. */
    public volatile boolean javascriptEndpoints;
    /** The token and registration endpoints are plain http on a host that is not ours. */
    public volatile boolean httpEndpointsOnOtherHost;
    /** The token endpoint is at the address cloud machines keep their own credentials. */
    public volatile boolean metadataServiceEndpoints;
    /** What the authorization server lists as its scopes. */
    public volatile List<String> scopesSupported = List.of("notes:read", "notes:write", "offline_access");
    /** What the authorization server lists as its grants; what it does is not changed by it. */
    public volatile List<String> grantTypesSupported = List.of("authorization_code", "refresh_token");

    // Client registration (RFC 7591)

    /** Answers 403 {@code access_denied}. */
    public volatile boolean refuseRegistration;
    /** Answers 400 {@code invalid_redirect_uri}. */
    public volatile boolean refuseRedirectUri;
    /** The method every new client gets, whatever it asks for; null: what it asks for. */
    public volatile @Nullable String tokenEndpointAuthMethod;

    /**
     * Clients may be known by the URL of a metadata document: every https URL is a client id, and its document is fetched
     * here. Null: the metadata does not offer it, and no document is read.
     */
    public volatile @Nullable URI clientMetadataDocumentsAt;

    /** A client that is not known is answered with 422 and a message, which is no answer of OAuth. */
    public volatile boolean unknownClientIs422;

    public volatile boolean registration503;
    public volatile Duration registrationDelay = Duration.ZERO;

    // Client configuration (RFC 7592)

    /** How long a new client secret lives; null: for ever. */
    public volatile @Nullable Duration clientSecretLifetime;
    /** Reading a registration gives a new secret and a new registration access token, and ends the old ones. */
    public volatile boolean rotateOnRead;
    /** As {@link #rotateOnRead}, of an update. */
    public volatile boolean rotateOnUpdate;
    /** Answers about a client name another {@code client_id}, with secrets of their own. */
    public volatile boolean wrongClientId;
    /** DELETE is answered with this status and nothing is deleted; 0: deletes. */
    public volatile int refuseClientDelete;
    /** Where a new client is said to be managed; null: where it is. */
    public volatile @Nullable String registrationClientUri;

    // Pushed authorization requests (RFC 9126)

    /** Takes only requests that were pushed, and says so. */
    public volatile boolean requirePushedRequests;
    /** The push is answered with this error; null: taken. */
    public volatile @Nullable String refusePushedRequests;

    public volatile Duration pushedRequestLifetime = Duration.ofSeconds(90);

    // Authorization endpoint

    /** Answers every request with this error at once; null: asks the person. */
    public volatile @Nullable String authorizationError;
    /** Refuses every request that carries {@code resource}, as Entra does. */
    public volatile boolean refuseResource;

    /** False: consents at once with a 302. */
    public volatile boolean consentPage = true;
    /** Metadata says that the response carries {@code iss} (RFC 9207). */
    public volatile boolean advertiseIss = true;
    /** The response carries the issuer of somebody else. */
    public volatile boolean wrongIss;
    /** The response carries no {@code iss}. */
    public volatile boolean omitIss;
    /** False: requests without {@code resource} (RFC 8707) are taken to mean the MCP server. */
    public volatile boolean requireResource = true;

    // Token endpoint

    public volatile Duration accessTokenLifetime = Duration.ofHours(1);
    /** A refresh token is good for one use. */
    public volatile boolean rotateRefreshTokens = true;
    /** A rotated refresh token that comes back ends the whole family; without this it is still honoured. */
    public volatile boolean reuseDetection = true;

    public volatile boolean noRefreshToken;
    public volatile boolean omitExpiresIn;
    /** Every refresh is answered with {@code invalid_grant}. */
    public volatile boolean refreshInvalidGrant;
    /** An HTML page with status 200; nothing is processed. */
    public volatile boolean tokenEndpointHtml;

    /** With a {@code Retry-After}: it is there, and asks for a pause. */
    public volatile boolean tokenEndpoint503;
    /** Answers with this status, without a {@code Retry-After}, and processes nothing; 0: processes. */
    public volatile int tokenEndpointStatus;
    /** Every refresh is answered with this error; null: processed. */
    public volatile @Nullable String refreshError;
    /** Processes the request, rotates what it rotates, then closes without an answer. */
    public volatile boolean tokenEndpointDropsAnswer;
    /** Waits after processing and before answering. */
    public volatile Duration tokenEndpointDelay = Duration.ZERO;
    /** Waits after processing until the gate opens, at most a minute. */
    public volatile @Nullable CountDownLatch tokenEndpointGate;

    public volatile boolean revocation503;
    /** The seconds of its {@code Retry-After}; 0: none. */
    public volatile int revocationRetryAfter;
    /** A revocation is answered when the gate opens, after a minute at the latest. */
    public volatile @Nullable CountDownLatch revocationGate;
    /** The {@code token_type_hint} whose tokens are not revoked: 400 {@code unsupported_token_type}; null: none. */
    public volatile @Nullable String unsupportedRevocation;
    /** Access tokens work on after their revocation, as those do that a resource checks by itself. */
    public volatile boolean tokensOutliveRevocation;

    /** The identity provider rotates what it rotates, then closes without an answer. */
    public volatile boolean identityProviderDropsAnswer;

    // Grants without a person: client_credentials, and assertions of the identity provider

    /** The client may use neither: 400 {@code unauthorized_client}. */
    public volatile boolean refuseGrants;
    /** Assertions are not accepted: 400 {@code invalid_grant}. */
    public volatile boolean refuseAssertions;
    /** What the metadata lists as {@code authorization_grant_profiles_supported}; null: it does not say. */
    public volatile @Nullable List<String> grantProfiles;
    /** The authorization server has no authorization endpoint, and so nothing to say of PKCE. */
    public volatile boolean noAuthorizationEndpoint;

    /** The identity provider takes no subject token: 400 {@code invalid_grant}. */
    public volatile boolean identityProviderRefuses;

    public volatile boolean identityProvider503;
    /** The identity provider takes the client secret in the form only. */
    public volatile boolean identityProviderTakesPostOnly;
    /** The identity provider answers with an access token of its own. */
    public volatile boolean identityProviderGivesAccessTokens;
    /** A refresh token of the identity provider is good for one exchange. */
    public volatile boolean rotateSubjectTokens;

    // Who consented (OpenID Connect)

    /** The claims of the person who consents from now on, {@code sub} among them; null: nobody is told who it is. */
    public volatile @Nullable Map<String, Object> account;
    /** False: no ID token comes with the tokens, whoever consented. */
    public volatile boolean idTokens = true;
    /** Claims of the ID token that are other than the truth: {@code iss}, {@code aud}, {@code exp}. */
    public volatile Map<String, Object> idTokenLies = Map.of();
    /** {@code alg} of the ID token; with {@code none} it is not signed. */
    public volatile String idTokenAlgorithm = "RS256";
    /** The metadata names a userinfo endpoint. */
    public volatile boolean userinfo;
    /** Claims of the userinfo answer that are other than the truth. */
    public volatile Map<String, Object> userinfoLies = Map.of();

    public volatile boolean userinfo503;

    /** The MCP server offers the tool {@code whoami}, which only reads and says who consented. */
    public volatile boolean whoami;
    /** What {@code whoami} answers instead, a whole result; null: the truth. */
    public volatile @Nullable Map<String, Object> whoamiAnswer;

    // MCP server

    /** Lists tools without a token; calling them needs one. */
    public volatile boolean openList;
    /** Every token is taken, dead and made-up ones too; only who shows none is refused. */
    public volatile boolean takesAnyToken;
    /** Speaks revision 2026-07-28 and no other. */
    public volatile boolean modern;
    /** With {@link #modern}: every call first asks for a confirmation. */
    public volatile boolean asksForInput;
    /** Greets everybody: {@code initialize} needs no token, what comes after does. */
    public volatile boolean openHandshake;
    /** Requests are answered as event streams. */
    public volatile boolean sse;
    /** An event stream first asks the client for a ping response. */
    public volatile boolean serverPing;
    /** Answers come as event streams that first say that the list of tools changed. */
    public volatile boolean tellsToolsChanged;
    /** An event stream sends comments for ever and no response. */
    public volatile boolean sseEndless;
    /** Answers are JSON arrays with a notification before the response, as 2025-03-26 allows. */
    public volatile boolean batchAnswers;

    public volatile boolean emptyToolList;
    public volatile boolean noToolsCapability;
    public volatile boolean unsupportedVersion;
    public volatile boolean mcp503;
    /** Waits before answering. */
    public volatile Duration mcpDelay = Duration.ZERO;
    /** Waits before answering until the gate opens, at most a minute. */
    public volatile @Nullable CountDownLatch mcpGate;
    /** Answers byte by byte, ten a second. */
    public volatile boolean mcpSlow;
    /** The tool list is valid JSON of 32 MiB. */
    public volatile boolean mcpHuge;
    /** A token that is not valid is answered with status 200 and an error text. */
    public volatile boolean deadTokenOver200;
    /** Every token is answered with 403 {@code insufficient_scope}. */
    public volatile boolean insufficientScope;
    /** What {@code tools/call} wants beyond the scopes of the listing, answered with 403 and only this scope; null: nothing. */
    public volatile @Nullable String callScope;
    /** {@link #callScope} is wanted of tokens as well that have it. */
    public volatile boolean callScopeInVain;
    /** The next request within a session is answered 404 and the session is gone. */
    public volatile boolean sessionLostOnce;
    /** No session ids. */
    public volatile boolean noSession;
    /** DELETE is answered with 405. */
    public volatile boolean refuse405Delete;
    /** Tools on one page; 0: all of them. */
    public volatile int pageSize;
    /** The tools offered: raw definitions. */
    public volatile List<Map<String, Object>> tools = NotesTools.definitions();

    Knobs() {}
}
