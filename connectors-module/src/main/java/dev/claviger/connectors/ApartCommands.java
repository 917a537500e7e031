package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.api.Passing;
import dev.claviger.oauth.api.AuthorizationRejected;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends commands in a transaction of their own, apart from the event handler that sends them: a rejected command must not
 * roll back the batch of its processor. The handler may run again after a crash, so only commands that are harmless the
 * second time are sent this way.
 */
@Component
class ApartCommands {

    private static final Logger log = LoggerFactory.getLogger(ApartCommands.class);

    private final CommandGateway gateway;
    private final TransactionTemplate suspended;

    ApartCommands(CommandGateway gateway, PlatformTransactionManager transactions) {
        this.gateway = gateway;
        this.suspended = new TransactionTemplate(transactions);
        suspended.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    }

    /**
     * Sends the command and waits. Trouble of the moment is thrown, so that the processor tries again; a refusal is
     * answered.
     *
     * @return null when it was done, otherwise why not, in a sentence for the page
     */
    @Nullable
    String send(Object command) {
        try {
            dispatch(command);
            return null;
        } catch (ConnectorRejected | CredentialRejected | AuthorizationRejected | ToolCatalogRejected e) {
            log.info("{} was rejected", command.getClass().getSimpleName());
            return String.valueOf(e.getMessage());
        } catch (AggregateNotFoundException e) {
            log.info("{} found nothing there", command.getClass().getSimpleName());
            return "What was begun is not there any more; connect again.";
        } catch (RuntimeException e) {
            if (Passing.isPassing(e)) {
                throw e;
            }
            log.error("{} broke", command.getClass().getSimpleName(), e);
            return "Something broke on our side; the log of this time has more. Connect again.";
        }
    }

    private void dispatch(Object command) {
        // Made here, where the unit of work still knows whom the command is to be ascribed to.
        Object message = GenericCommandMessage.asCommandMessage(command);
        apart(() -> suspended.execute(status -> gateway.sendAndWait(message)));
    }

    private static void apart(Runnable work) {
        if (!CurrentUnitOfWork.isStarted()) {
            work.run();
            return;
        }
        UnitOfWork<?> outer = CurrentUnitOfWork.get();
        CurrentUnitOfWork.clear(outer);
        try {
            apart(work);
        } finally {
            CurrentUnitOfWork.set(outer);
        }
    }
}
