package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.FindExpectedAccount;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;

/** Answers whose account is expected. */
@Component
class AccountView {

    private final AccountRows accounts;

    AccountView(AccountRows accounts) {
        this.accounts = accounts;
    }

    @QueryHandler
    ExpectedAccount handle(FindExpectedAccount query) {
        return accounts.expected(query.connectorId(), query.agentId());
    }
}
