package dev.claviger.app.jobs;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of jobs as people read them. */
final class JobWords {

    private static final Pattern OF_AN_ATTEMPT = Pattern.compile("(?:authorization|credential):([0-9a-f-]{36}).*");

    private JobWords() {}

    /** {@code toolsync.list-tools} is {@code List tools}. */
    static String of(String task) {
        String name = task.startsWith("Axon")
                ? task.substring("Axon".length()).toLowerCase(Locale.ROOT)
                : task.substring(task.indexOf('.') + 1).replace('-', ' ');
        return name.isEmpty() ? task : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** The attempt whose history tells what the job is for; empty where the job carries an id of its own. */
    static String attempt(String instance) {
        Matcher attempt = OF_AN_ATTEMPT.matcher(instance);
        return attempt.matches() ? attempt.group(1) : "";
    }
}
