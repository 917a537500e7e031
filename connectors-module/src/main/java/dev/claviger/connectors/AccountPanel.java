package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Identification;
import org.jspecify.annotations.Nullable;

/**
 * Whose account a connection is, on a page.
 *
 * @param who what people know it by; null: nobody knows
 * @param subject where that is something else
 * @param why nobody knows
 * @param expected whose it should be, in the words of whoever said so; null: anybody's
 */
record AccountPanel(
        @Nullable String who,
        @Nullable String subject,
        @Nullable String told,
        @Nullable String why,
        @Nullable String expected,
        @Nullable String expectedSubject) {

    static AccountPanel of(@Nullable Identification found, ExpectedAccount expectation) {
        Account account = found == null ? null : found.account();
        Account former = expectation.named() == null ? expectation.former() : null;
        return new AccountPanel(
                account == null ? null : account.shown(),
                account == null ? null : subject(account),
                account == null ? null : told(account),
                account != null ? null : found == null ? "The provider was not asked who this is." : found.why(),
                expectation.named() != null ? expectation.named() : former == null ? null : former.shown(),
                former == null ? null : subject(former));
    }

    private static @Nullable String subject(Account account) {
        return account.shown().equals(account.subject()) ? null : account.subject();
    }

    private static String told(Account account) {
        return switch (account.source()) {
            case ID_TOKEN -> "says the ID token";
            case USERINFO -> "says the userinfo endpoint";
            case TOOL -> "told by the tool " + account.tool();
        };
    }
}
