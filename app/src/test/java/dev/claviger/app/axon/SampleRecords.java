package dev.claviger.app.axon;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Fills any record with recognisable values, the same ones every time. */
public final class SampleRecords {

    private SampleRecords() {}

    public static <T> T of(Class<T> type) {
        return type.cast(value(type, type.getSimpleName()));
    }

    private static Object value(Type type, String name) {
        if (type instanceof ParameterizedType parameterized) {
            return collection(parameterized, name);
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord()) {
            return record(raw);
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        if (raw == String.class) {
            return "a " + name;
        }
        if (raw == UUID.class) {
            return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        if (raw == Instant.class) {
            return Instant.parse("2026-11-23T10:15:30.123456Z");
        }
        if (raw == Duration.class) {
            return Duration.ofMillis(1234);
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return true;
        }
        if (raw == int.class || raw == Integer.class) {
            return 7;
        }
        if (raw == long.class || raw == Long.class) {
            return 42L;
        }
        if (raw == JsonNode.class) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("name", "a tool")
                    .set("inputSchema", JsonNodeFactory.instance.objectNode().put("type", "object"));
        }
        throw new IllegalArgumentException("No sample for " + type + " " + name + ": teach SampleRecords this type");
    }

    private static Object collection(ParameterizedType type, String name) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Map.class) {
            Map<Object, Object> map = new LinkedHashMap<>();
            map.put(value(arguments[0], "key of " + name), value(arguments[1], "value of " + name));
            return map;
        }
        Object element = value(arguments[0], "one of " + name);
        if (raw == Set.class) {
            return new LinkedHashSet<>(List.of(element));
        }
        return List.of(element);
    }

    private static Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(Arrays.stream(components)
                    .map(component -> value(component.getGenericType(), component.getName()))
                    .toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot make a sample " + type, e);
        }
    }
}
