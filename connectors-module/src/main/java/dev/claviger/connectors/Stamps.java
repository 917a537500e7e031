package dev.claviger.connectors;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Carries instants in and out of {@code timestamptz} columns, which JDBC knows as {@link OffsetDateTime} only. */
final class Stamps {

    private Stamps() {}

    static @Nullable OffsetDateTime in(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant out(ResultSet row, String column) throws SQLException {
        OffsetDateTime stamp = row.getObject(column, OffsetDateTime.class);
        return stamp == null ? null : stamp.toInstant();
    }

    /** For columns that are never null. */
    static Instant required(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
