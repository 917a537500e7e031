package dev.claviger.credentials.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Every failure an admin can meet, by the stable code that events store and pages link to. Codes are never renamed or
 * reused; each has a help page.
 */
public enum FailureCode {
    // Discovery
    SERVER_UNREACHABLE("CLV-101"),
    NO_AUTHORIZATION_SERVER("CLV-102"),
    RESOURCE_MISMATCH("CLV-103"),
    ISSUER_MISMATCH("CLV-104"),
    PKCE_NOT_SUPPORTED("CLV-105"),
    UNSAFE_ADDRESS("CLV-106"),
    METADATA_MALFORMED("CLV-107"),
    CERTIFICATE_NOT_TRUSTED("CLV-108"),
    ISSUER_CHANGED("CLV-109"),
    // Client registration
    NO_CLIENT_REGISTRATION("CLV-111"),
    REGISTRATION_REFUSED("CLV-112"),
    REDIRECT_URI_REFUSED("CLV-113"),
    REGISTRATION_UNREACHABLE("CLV-114"),
    CLIENT_OF_ANOTHER_ISSUER("CLV-115"),
    // Consent and authorization response
    CONSENT_DENIED("CLV-121"),
    CONSENT_EXPIRED("CLV-122"),
    WRONG_ISSUER("CLV-123"),
    AUTHORIZATION_REFUSED("CLV-124"),
    STATE_UNKNOWN("CLV-125"),
    STATE_OTHER_SESSION("CLV-126"),
    STATE_REPLAYED("CLV-127"),
    PUSHED_REQUEST_REFUSED("CLV-128"),
    // Token endpoint
    CODE_REFUSED("CLV-131"),
    TOKEN_ENDPOINT_UNREACHABLE("CLV-132"),
    TOKEN_RESPONSE_MALFORMED("CLV-133"),
    EXCHANGE_INTERRUPTED("CLV-134"),
    GRANT_REFUSED("CLV-135"),
    IDENTITY_PROVIDER_REFUSED("CLV-136"),
    // Tools
    MCP_UNREACHABLE("CLV-201"),
    CREDENTIAL_REFUSED("CLV-202"),
    MCP_PROTOCOL_ERROR("CLV-203"),
    MCP_VERSION_UNSUPPORTED("CLV-204"),
    NO_TOOLS_CAPABILITY("CLV-205"),
    EMPTY_LIST_WITHHELD("CLV-206"),
    LIMIT_EXCEEDED("CLV-207"),
    CREDENTIAL_UNAVAILABLE("CLV-208"),
    INSUFFICIENT_SCOPE("CLV-209"),
    TOOL_CALL_REFUSED("CLV-210"),
    TOOL_CALL_INTERRUPTED("CLV-211"),
    // Health
    CREDENTIAL_DEAD("CLV-212"),
    HEALTH_UNPROVEN("CLV-213"),
    // Connections
    CONNECTION_INTERRUPTED("CLV-301"),
    CONNECTION_SUPERSEDED("CLV-302"),
    WRONG_ACCOUNT("CLV-303"),
    // Credentials
    GRANT_DEAD("CLV-401"),
    REFRESH_UNREACHABLE("CLV-402"),
    CLIENT_REFUSED("CLV-403"),
    REFRESH_UNKNOWN("CLV-404"),
    CREDENTIAL_FROZEN("CLV-405"),
    REFRESH_ANSWER_LOST("CLV-406"),
    REFRESH_GIVEN_UP("CLV-407"),
    MASTER_KEY_UNAVAILABLE("CLV-408"),
    REFRESH_THROTTLED("CLV-409"),
    REFRESH_DENIED("CLV-410");

    private final String code;

    FailureCode(String code) {
        this.code = code;
    }

    @JsonCreator
    public static FailureCode of(String code) {
        for (FailureCode failure : values()) {
            if (failure.code.equals(code.toUpperCase(Locale.ROOT))) {
                return failure;
            }
        }
        throw new IllegalArgumentException("Unknown failure code");
    }

    /** The stable code, for example {@code CLV-101}. */
    @JsonValue
    public String code() {
        return code;
    }
}
