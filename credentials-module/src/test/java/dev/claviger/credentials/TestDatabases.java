package dev.claviger.credentials;

import javax.sql.DataSource;

/** Hands the database of this module's tests to those in its other packages. */
public final class TestDatabases {

    private TestDatabases() {}

    public static DataSource fresh() {
        return TestDatabase.fresh();
    }
}
