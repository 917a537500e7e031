package dev.claviger.app;

/** This process among those that share the database. */
public interface ThisNode {

    /** {@code node:<uuid>}, another one after each start. */
    String id();

    /**
     * Runs it soon after freezes or thaws may have been committed, on whatever node, and at least every other second. It
     * must return at once.
     */
    void onFreezes(Runnable look);
}
