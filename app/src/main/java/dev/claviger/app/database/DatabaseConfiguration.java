package dev.claviger.app.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The configured PostgreSQL, or the embedded one where none is configured. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    // Never set: "matches only while the property is missing".
    private static final String NONE = "-";

    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "spring.datasource.url", havingValue = NONE, matchIfMissing = true)
    EmbeddedDatabase embeddedDatabase(@Value("${claviger.data-dir}") Path directory) {
        return EmbeddedDatabase.start(directory);
    }

    @Bean
    JdbcConnectionDetails databaseConnection(
            ObjectProvider<EmbeddedDatabase> embedded, DataSourceProperties configured) {
        EmbeddedDatabase database = embedded.getIfAvailable();
        return database != null
                ? new Connection(database.url(), EmbeddedDatabase.USER, database.password())
                : new Connection(
                        configured.determineUrl(), configured.determineUsername(), configured.determinePassword());
    }

    @Bean
    static Migrations migrations(ObjectProvider<EmbeddedDatabase> embedded) {
        return new Migrations(embedded);
    }

    /** Keeps values out of error texts: the server's detail of a failed statement repeats what was in it. */
    static String withoutDetail(String url) {
        if (url.contains("logServerErrorDetail=")) {
            return url;
        }
        return url + (url.contains("?") ? "&" : "?") + "logServerErrorDetail=false";
    }

    private static final class Connection implements JdbcConnectionDetails {

        private final String url;
        private final @Nullable String username;
        private final @Nullable String password;

        private Connection(@Nullable String url, @Nullable String username, @Nullable String password) {
            if (url == null || !url.startsWith("jdbc:postgresql:")) {
                throw new IllegalStateException(
                        "spring.datasource.url must begin with jdbc:postgresql: - Claviger keeps its data in PostgreSQL");
            }
            this.url = withoutDetail(url);
            this.username = username;
            this.password = password;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public @Nullable String getUsername() {
            return username;
        }

        @Override
        public @Nullable String getPassword() {
            return password;
        }
    }
}
