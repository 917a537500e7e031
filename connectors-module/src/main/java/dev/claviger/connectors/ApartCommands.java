package dev.claviger.connectors;

import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
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

    private final CommandGateway gateway;
    private final TransactionTemplate suspended;

    ApartCommands(CommandGateway gateway, PlatformTransactionManager transactions) {
        this.gateway = gateway;
        this.suspended = new TransactionTemplate(transactions);
        suspended.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    }

    /** Sends the command and waits; its exception is thrown as it is. */
    void send(Object command) {
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
