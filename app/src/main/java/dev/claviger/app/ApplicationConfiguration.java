package dev.claviger.app;

import dev.claviger.credentials.api.DatabaseClock;
import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/** The clock, the public address, and the browser sessions. */
@Configuration(proxyBeanMethods = false)
class ApplicationConfiguration {

    private static final String COOKIE = "claviger_session";

    @Bean
    DatabaseClock clock(DataSource dataSource) throws SQLException {
        return new DatabaseClock(dataSource, Clock.systemUTC());
    }

    @Bean
    PublicUrl publicUrl(@Value("${claviger.public-url}") String configured, @Value("${server.port:8080}") String port) {
        return PublicUrl.check(configured, port);
    }

    /** Lax, not strict: the authorization server sends the browser back with the session's consent. */
    @Bean
    CookieSerializer sessionCookie(PublicUrl publicUrl) {
        DefaultCookieSerializer cookie = new DefaultCookieSerializer();
        cookie.setCookieName(publicUrl.isSecure() ? "__Host-" + COOKIE : COOKIE);
        cookie.setCookiePath("/");
        cookie.setUseHttpOnlyCookie(true);
        cookie.setUseSecureCookie(publicUrl.isSecure());
        cookie.setSameSite("Lax");
        return cookie;
    }

    /** Two requests of one browser may write the same attribute at the same moment. */
    @Bean
    PostgreSqlJdbcIndexedSessionRepositoryCustomizer sessionsOnPostgres() {
        return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
    }
}
