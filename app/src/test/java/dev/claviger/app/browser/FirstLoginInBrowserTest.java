package dev.claviger.app.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;

/** The first minute with an installation in which nothing has been done yet. */
@ClavigerTest
@TestPropertySource(properties = "spring.application.name=claviger-first-login")
class FirstLoginInBrowserTest {

    @Value("${claviger.public-url}")
    private String base;

    @Test
    void showsTheFirstAdminWhereToBegin() {
        try (Visitor visitor = Visitor.light(base)) {
            visitor.open("/connectors");
            visitor.heading("Sign in").waitFor();
            visitor.screenshot("login");

            visitor.page().getByLabel("Name").fill(ClavigerTest.ADMIN_USERNAME);
            visitor.page().getByLabel("Password").fill("not this one");
            visitor.button("Sign in").click();
            assertThat(visitor.page().getByRole(com.microsoft.playwright.options.AriaRole.ALERT))
                    .containsText("do not fit together");
            visitor.screenshot("login-refused");

            visitor.page().getByLabel("Name").fill(ClavigerTest.ADMIN_USERNAME);
            visitor.page().getByLabel("Password").fill(ClavigerTest.ADMIN_PASSWORD);
            visitor.button("Sign in").click();
            // Back to where the stranger wanted to go.
            visitor.heading("No connectors yet").waitFor();
            assertThat(visitor.page().url()).startsWith(base + "/connectors");
            visitor.screenshot("connectors-empty");

            visitor.link("Dashboard").click();
            visitor.link("Add the first connector").waitFor();
            visitor.screenshot("dashboard-empty");
            for (String empty : new String[] {"agents", "audit", "jobs", "users", "tokens"}) {
                visitor.open("/" + empty);
                visitor.screenshot(empty + "-empty");
            }

            visitor.page().getByText(ClavigerTest.ADMIN_USERNAME).first().click();
            visitor.screenshot("menu");
            visitor.button("Sign out").click();
            assertThat(visitor.page().getByText("You are signed out.")).isVisible();
            assertThat(visitor.complaints()).isEmpty();
        }
    }
}
