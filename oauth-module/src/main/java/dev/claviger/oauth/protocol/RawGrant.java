package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.GrantType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A grant whose parameters go out as they are; Nimbus would parse what is for the server alone to understand. */
final class RawGrant extends AuthorizationGrant {

    private final Map<String, List<String>> parameters = new LinkedHashMap<>();

    RawGrant(GrantType type) {
        super(type);
        with("grant_type", type.getValue());
    }

    RawGrant with(String name, String value) {
        parameters.put(name, List.of(value));
        return this;
    }

    @Override
    public Map<String, List<String>> toParameters() {
        return parameters;
    }
}
