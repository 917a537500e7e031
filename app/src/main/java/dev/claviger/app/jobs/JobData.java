package dev.claviger.app.jobs;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Stores what a job needs to know as JSON, so that a person can read the table. */
final class JobData implements Serializer {

    private final JsonMapper json;

    JobData(JsonMapper json) {
        this.json = json.rebuild()
                .changeDefaultVisibility(visible -> visible.withFieldVisibility(Visibility.ANY))
                .build();
    }

    @Override
    public byte @Nullable [] serialize(@Nullable Object data) {
        return data == null ? null : json.writeValueAsBytes(data);
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
        return data == null || type == Void.class ? null : json.readValue(data, type);
    }
}
