package dev.claviger.credentials.api;

import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.axonframework.common.AxonTransientException;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/** Tells trouble of the moment, after which the same command may succeed, from a refusal or a bug, which will stay. */
public final class Passing {

    private Passing() {}

    public static boolean isPassing(@Nullable Throwable trouble) {
        return trouble != null
                && (trouble instanceof AxonTransientException
                        || trouble instanceof EventStoreException
                        || trouble instanceof TransientDataAccessException
                        || trouble instanceof RecoverableDataAccessException
                        || trouble instanceof DataAccessResourceFailureException
                        || trouble instanceof TransactionException
                        || trouble instanceof SQLTransientException
                        || trouble instanceof SQLRecoverableException
                        || isPassing(trouble.getCause()));
    }
}
