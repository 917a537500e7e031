package dev.claviger.app;

import dev.claviger.ClavigerApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Base64;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test of the whole application: a port and a database of its own, a fixed master key, fakes on loopback allowed. Tests
 * with the same configuration share the application, so they name what they make uniquely.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = ClavigerApplication.class, webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT)
@ContextConfiguration(initializers = ClavigerTest.Surroundings.class)
public @interface ClavigerTest {

    String ADMIN_USERNAME = "admin";
    String ADMIN_PASSWORD = "correct horse battery staple";
    String ADMIN_TOKEN = "clv_admin_dGVzdC10b2tlbi1mb3ItdGhlLWFkbWluLW9mLXRlc3RzLTE";
    /** Our client id at servers that read metadata documents; {@code localhost} would be none. */
    String CLIENT_ID = "https://claviger.example/oauth/client-metadata.json";

    String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    /** What a test puts around the application. */
    class Surroundings implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestDatabase.Fresh database = TestDatabase.fresh();
            int port = freePort();
            TestPropertyValues.of(
                            "server.port=" + port,
                            "claviger.public-url=http://localhost:" + port,
                            "claviger.oauth.client-metadata-url=" + CLIENT_ID,
                            "spring.datasource.url=" + database.url(),
                            "spring.datasource.username=" + database.username(),
                            "spring.datasource.password=" + database.password(),
                            "spring.datasource.hikari.maximum-pool-size=15",
                            "spring.datasource.hikari.minimum-idle=2",
                            "claviger.outbound.allow=127.0.0.0/8,::1/128,localhost",
                            "claviger.outbound.allow-http=true",
                            "claviger.agents.calls-per-second=100000",
                            // Tests that count requests count their own; a check of health is asked for.
                            "claviger.health.first=PT1H",
                            "claviger.admin.username=" + ADMIN_USERNAME,
                            "claviger.admin.password=" + ADMIN_PASSWORD,
                            "claviger.admin.token=" + ADMIN_TOKEN)
                    .applyTo(context);
            // A test of keys names its own.
            if (!context.getEnvironment().containsProperty("claviger.vault.master-keys")) {
                TestPropertyValues.of("claviger.vault.master-key=" + MASTER_KEY).applyTo(context);
            }
        }

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
