package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Account.Source;
import dev.claviger.credentials.api.Identification;
import org.junit.jupiter.api.Test;

class ExpectationsTest {

    private static final Account ANN =
            new Account(Source.ID_TOKEN, "https://as.example", "42", "ann@example.com", "ann", "Ann");

    private final Expectations expectations = new Expectations();

    @Test
    void takesWhoeverComesFirst() {
        assertThat(fits(ANN)).isTrue();
        assertThat(expectations.fits(AGENT, Identification.doubted("It lies."))).isTrue();
    }

    @Test
    void takesTheSameSubjectOfTheSameIssuerUnderWhateverName() {
        expectations.remember(AGENT, ANN);
        assertThat(fits(new Account(Source.USERINFO, "https://as.example", "42", "new@example.com", null, null)))
                .isTrue();
    }

    @Test
    void takesNobodyElse() {
        expectations.remember(AGENT, ANN);
        assertThat(fits(new Account(Source.ID_TOKEN, "https://as.example", "43", "ann@example.com", "ann", "Ann")))
                .isFalse();
        assertThat(fits(new Account(Source.ID_TOKEN, "https://other.example", "42", null, null, null)))
                .isFalse();
        assertThat(fits(new Account(Source.ID_TOKEN, "https://as.example", "42 ", null, null, null)))
                .isFalse();
    }

    @Test
    void knowsSilenceFromALie() {
        expectations.remember(AGENT, ANN);
        assertThat(expectations.fits(AGENT, Identification.untold("It does not tell.")))
                .isTrue();
        assertThat(expectations.fits(AGENT, Identification.doubted("It lies."))).isFalse();
    }

    @Test
    void countsWhatAnAdminNamesForMoreThanTheConnectionBefore() {
        expectations.remember(AGENT, ANN);
        expectations.expect(AGENT, "bob@example.com");
        assertThat(fits(ANN)).isFalse();
        assertThat(fits(new Account(Source.ID_TOKEN, "https://as.example", "43", "bob@example.com", null, null)))
                .isTrue();
        // What people call themselves is no name to go by.
        assertThat(fits(new Account(Source.ID_TOKEN, "https://as.example", "44", null, null, "bob@example.com")))
                .isFalse();
    }

    @Test
    void isOfOneSlotOnly() {
        expectations.remember(null, ANN);
        assertThat(fits(new Account(Source.ID_TOKEN, "https://as.example", "43", null, null, null)))
                .isTrue();
    }

    @Test
    void forgetsWhomAnAdminNoLongerExpects() {
        expectations.remember(AGENT, ANN);
        expectations.expect(AGENT, null);
        assertThat(fits(new Account(Source.ID_TOKEN, "https://as.example", "43", null, null, null)))
                .isTrue();
    }

    private boolean fits(Account account) {
        return expectations.fits(AGENT, Identification.of(account));
    }
}
