package dev.claviger.app.axon;

import org.axonframework.serialization.Converter;
import org.axonframework.serialization.RevisionResolver;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.jackson3.Jackson3SerializerCustomizer;

/** Writes events as JSON under the names of {@link EventNames}, and reads them back by those names. */
final class EventSerializer extends Jackson3Serializer {

    EventSerializer(RevisionResolver revisions, Converter converter, Jackson3SerializerCustomizer customizer) {
        super(builder()
                .revisionResolver(revisions)
                .converter(converter)
                .jsonMapperBuilderCustomizer(customizer)
                .lenientDeserialization());
    }

    @Override
    @SuppressWarnings("rawtypes") // as Axon declares it
    public SerializedType typeForClass(Class type) {
        SerializedType named = super.typeForClass(type);
        return type == null || named.getName() == null
                ? named
                : new SimpleSerializedType(EventNames.nameOf(type), named.getRevision());
    }

    @Override
    protected String resolveClassName(SerializedType type) {
        return EventNames.classNameOf(type.getName());
    }
}
