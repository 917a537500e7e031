package dev.claviger.bench.canary;

import dev.claviger.demoprovider.DemoProvider;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Every secret that was brought into the application or came out of it, under a name that may be shown. */
final class Planted {

    /** The name of the needle with which the search proves that it sees. */
    static final String DECOY = "decoy";

    private static final String TYPED_MARK = "tYpEdSeCrEt";

    private final Map<String, String> nameByValue = new HashMap<>();
    private final Set<String> ofProviders = ConcurrentHashMap.newKeySet();
    private final byte[] masterKey = random(32);
    private final String password = typed();
    private final String decoy = "dEcOy" + HexFormat.of().formatHex(random(12));
    private int typed;

    /** Of the first admin. */
    String password() {
        return password;
    }

    String masterKey() {
        return Base64.getEncoder().encodeToString(masterKey);
    }

    /** No secret: it is put where a secret could be, and must be found there. */
    String decoy() {
        return decoy;
    }

    /** What a person or a program types: a new one each time. */
    String typed() {
        typed++;
        return TYPED_MARK + typed + "x" + HexFormat.of().formatHex(random(8));
    }

    /** What Claviger makes and shows once. */
    void shownOnce(String what, String value) {
        nameByValue.put(value, what);
    }

    /** What the provider gave to Claviger, and what Claviger drew for the consents there. */
    void exchangedWith(DemoProvider provider) {
        ofProviders.addAll(provider.secretsHandedOut());
        provider.requests().forEach(request -> {
            drawn("a code verifier", request.formParameters().get("code_verifier"));
            drawn("a state", request.queryParameters().get("state"));
        });
    }

    private void drawn(String what, @Nullable String value) {
        if (value != null) {
            nameByValue.put(value, what);
        }
    }

    /** How many of each kind. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        nameByValue.values().forEach(name -> counts.merge(name, 1, Integer::sum));
        counts.put("handed out by a provider", ofProviders.size());
        counts.put("typed", typed);
        counts.put("the master key", 1);
        return counts;
    }

    Needles needles() {
        Needles needles = new Needles();
        // A mark also finds what was cut short.
        needles.add("a secret of the provider", DemoProvider.MARK);
        needles.add("a typed secret", TYPED_MARK);
        ofProviders.forEach(value -> needles.add("a secret of the provider", value));
        nameByValue.forEach((value, what) -> needles.add(what, value));
        needles.add("the master key", masterKey);
        needles.add(DECOY, decoy);
        return needles;
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }
}
