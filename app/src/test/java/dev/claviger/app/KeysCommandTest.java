package dev.claviger.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.CommandProcess.Ended;
import dev.claviger.app.journeys.Claviger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The command {@code keys} as a process of its own, against the whole application: its exit status says how it ends. */
@ClavigerTest
class KeysCommandTest {

    @Autowired
    private JdbcClient database;

    private String base;
    private String current;

    @BeforeEach
    void sealSomething(@Value("${claviger.public-url}") String url) {
        base = url;
        Claviger claviger = new Claviger(base);
        claviger.connector(Map.of(
                "name",
                Claviger.unique("Sealed"),
                "url",
                "http://127.0.0.1:1/mcp",
                "authType",
                "oauth",
                "oauth",
                Map.of("clientId", "c", "clientSecret", "s", "issuer", "http://127.0.0.1:1")));
        current = claviger.admin("GET", "/api/v1/keys", null)
                .ok()
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asString();
    }

    /** Tests of the same application find none but its own secrets. */
    @AfterEach
    void forgetThePlanted() {
        database.sql("""
                        delete from credentials.unreadable_secret where secret_id in (
                            select id from credentials.secret where fingerprint = 'planted')""").update();
        database.sql("delete from credentials.secret where fingerprint = 'planted'")
                .update();
    }

    @Test
    void tellsWhatEachMasterKeyWraps() throws Exception {
        Ended ended = keys("status");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(ended.out()).contains(current, "live secrets", "current", "claviger.vault.master-key");
    }

    @Test
    void saysThatAKeyIsMissing() throws Exception {
        plantUnderAnotherKey();

        Ended ended = keys("status");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("local:elsewhere", "NOT USABLE HERE");
    }

    @Test
    void triesARotation() throws Exception {
        Ended ended = keys("rotate", "--dry-run");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(ended.out())
                .startsWith("Dry run of a rotation to " + current + ", key-rotation:")
                .contains(current + ": ", " open, 0 do not open")
                .doesNotContain("wrapped anew");
    }

    @Test
    void rotates() throws Exception {
        Ended ended = keys("rotate");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(ended.out())
                .startsWith("Rotation to " + current + ", key-rotation:")
                .doesNotContain("other keys still wrap");
    }

    @Test
    void saysWhatDidNotOpenAndEndsWithAStatusOfItsOwn() throws Exception {
        UUID planted = plantUnderAnotherKey();

        for (String[] arguments : new String[][] {{"rotate", "--dry-run"}, {"rotate"}}) {
            Ended ended = keys(arguments);

            assertThat(ended.status()).as(ended.out()).isEqualTo(1);
            assertThat(ended.out()).contains("local:elsewhere: 0", "1 do not open", planted.toString());
        }
    }

    @Test
    void refusesAWrongTokenWithoutRepeatingIt() throws Exception {
        Ended ended = CommandProcess.run(
                "keys",
                List.of("rotate"),
                Map.of("CLAVIGER_URL", base, "CLAVIGER_ADMIN_TOKEN", "clv_admin_of-somebody-else"));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("401", "CLAVIGER_ADMIN_TOKEN");
        assertThat(ended.out() + ended.err()).doesNotContain("of-somebody-else");
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        Ended ended = CommandProcess.run(
                "keys",
                List.of("status"),
                Map.of(
                        "CLAVIGER_URL",
                        "http://127.0.0.1:" + closedPort(),
                        "CLAVIGER_ADMIN_TOKEN",
                        ClavigerTest.ADMIN_TOKEN));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("out of reach", "CLAVIGER_URL");
    }

    @Test
    void explainsItselfToWrongArgumentsAndAsksForAToken() throws Exception {
        assertThat(keys("turn").status()).isEqualTo(64);
        assertThat(keys("turn").err()).contains("keys status", "keys rotate [--dry-run]");
        Ended without =
                CommandProcess.run("keys", List.of("status"), Map.of("CLAVIGER_URL", base, "CLAVIGER_ADMIN_TOKEN", ""));
        assertThat(without.status()).isEqualTo(64);
        assertThat(without.err()).contains("CLAVIGER_ADMIN_TOKEN");
    }

    private Ended keys(String... arguments) throws IOException, InterruptedException {
        return CommandProcess.run(
                "keys",
                List.of(arguments),
                Map.of("CLAVIGER_URL", base, "CLAVIGER_ADMIN_TOKEN", ClavigerTest.ADMIN_TOKEN));
    }

    /** A live secret under a master key that nobody here has. */
    private UUID plantUnderAnotherKey() {
        UUID id = UUID.randomUUID();
        database.sql("""
                        insert into credentials.secret (id, purpose, wrapped_key, key_id, ciphertext, fingerprint)
                        values (?, 'CLIENT_SECRET', '\\x00', 'local:elsewhere', '\\x00', 'planted')""").param(id).update();
        return id;
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
