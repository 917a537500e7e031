package dev.claviger.app;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what our own code refused to start for as a sentence; it says what to do, a stack trace would bury it. */
class StartFailure extends AbstractFailureAnalyzer<IllegalStateException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, IllegalStateException cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        boolean ours = trace.length > 0 && trace[0].getClassName().startsWith("dev.claviger.");
        return ours ? new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause) : null;
    }
}
