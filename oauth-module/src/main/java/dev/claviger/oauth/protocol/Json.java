package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON objects from outside: no duplicate keys, nothing behind the object, and no echo of it in any message. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static Optional<JsonNode> object(OutboundResponse response) {
        return object(response.body());
    }

    static Optional<JsonNode> object(byte[] json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            return node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** @param what begins the message, for example "The metadata at host" */
    static JsonNode object(OutboundResponse response, FailureCode otherwise, String what) {
        return object(response)
                .orElseThrow(() -> new Refused(
                        otherwise, what + " is not one JSON object with unique keys; tell the server's operator."));
    }

    /** The object as text, without these members. */
    static String without(JsonNode object, Set<String> members) {
        ObjectNode rest = MAPPER.createObjectNode();
        object.properties().stream()
                .filter(member -> !members.contains(member.getKey()))
                .forEach(member -> rest.set(member.getKey(), member.getValue()));
        return MAPPER.writeValueAsString(rest);
    }

    /** These members and the client's identity, as an update of its registration (RFC 7592 section 2.2). */
    static String clientUpdate(String metadata, String clientId, @Nullable String clientSecret) {
        ObjectNode update = MAPPER.createObjectNode();
        update.put("client_id", clientId);
        if (clientSecret != null) {
            update.put("client_secret", clientSecret);
        }
        MAPPER.readTree(metadata).properties().stream()
                .filter(member -> !ClientRegistration.NOT_METADATA.contains(member.getKey()))
                .forEach(member -> update.set(member.getKey(), member.getValue()));
        return MAPPER.writeValueAsString(update);
    }

    /** A page for people where a document for programs was expected; sites answer so to every unknown path. */
    static boolean isHtml(OutboundResponse response) {
        return response.mediaType().equals("text/html")
                || response.text().stripLeading().startsWith("<");
    }

    /** The member if it is a string that is not empty. */
    static @Nullable String text(JsonNode object, String member) {
        JsonNode node = object.path(member);
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    /** The strings of an array; of a plain string, its words. */
    static List<String> texts(JsonNode object, String member) {
        JsonNode node = object.path(member);
        if (node.isString()) {
            return Arrays.stream(node.stringValue().split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : node) {
            if (element.isString() && !element.stringValue().isEmpty()) {
                texts.add(element.stringValue());
            }
        }
        return List.copyOf(texts);
    }

    /** A number, also one that came as a string. */
    static @Nullable Long number(JsonNode object, String member) {
        JsonNode node = object.path(member);
        if (node.isNumber()) {
            return (long) node.doubleValue();
        }
        if (node.isString()) {
            try {
                return Long.valueOf(node.stringValue().trim());
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }
}
