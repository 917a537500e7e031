package dev.claviger.app.security;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.stereotype.Component;

/** Lets the first admin in: with the configured password, or with one that is generated and printed this once. */
@Component
@EnableConfigurationProperties(FirstStart.Settings.class)
class FirstStart implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(FirstStart.class);

    private final Settings settings;
    private final People people;
    private final ApiTokens tokens;

    FirstStart(Settings settings, People people, ApiTokens tokens) {
        this.settings = settings;
        this.people = people;
        this.tokens = tokens;
    }

    /**
     * @param username of the first admin
     * @param password of the first admin; absent: generated
     * @param token an API token to be known from the first start; absent: none
     */
    @ConfigurationProperties("claviger.admin")
    record Settings(
            @DefaultValue("admin") String username,
            @Nullable String password,
            @Nullable String token) {

        @Override
        public String toString() {
            return "Settings[" + username + "]";
        }
    }

    @Override
    public void run(ApplicationArguments arguments) {
        String configured = settings.password();
        String typed = configured == null ? "" : configured;
        boolean generate = typed.isBlank();
        String password = generate ? Passwords.generate() : typed;
        if (addFirst(password)) {
            if (generate) {
                log.warn("""


                        ────────────────────────────────────────────────────────────
                          The first admin was created. This is shown only now:

                            name      {}
                            password  {}

                          Sign in and change it under Account.
                        ────────────────────────────────────────────────────────────
                        """, settings.username(), password);
            } else {
                log.info("The first admin {} was created with the configured password.", settings.username());
            }
        }
        String token = settings.token();
        if (token != null && !token.isBlank()) {
            tokens.bootstrap(token);
        }
    }

    private boolean addFirst(String password) {
        try {
            return people.addFirst(settings.username(), password);
        } catch (UserRejected e) {
            throw new IllegalStateException(
                    "claviger.admin.username and claviger.admin.password make no first admin: " + e.getMessage());
        }
    }
}
