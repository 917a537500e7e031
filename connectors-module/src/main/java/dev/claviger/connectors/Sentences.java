package dev.claviger.connectors;

import java.util.Locale;

/** Small change of writing sentences. */
final class Sentences {

    private Sentences() {}

    static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    static String count(int number, String one) {
        return count(number, one, one + "s");
    }

    static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
