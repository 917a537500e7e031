package dev.claviger.connectors.preflight;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether Connect will work with a server, and why.
 *
 * @param url as it was asked
 * @param verdict null while not everything is looked at
 * @param first the first thing to do; null as long as {@code verdict} is
 * @param authType the authorization type to create the connector with: {@code oauth}, {@code bearer}, {@code
 *     api_key_header} or {@code none}
 * @param findings in the order of a connection
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PreflightReport(
        String url,
        Instant checkedAt,
        @Nullable Verdict verdict,
        @Nullable String first,
        String authType,
        List<Finding> findings) {

    public PreflightReport {
        findings = List.copyOf(findings);
    }

    static PreflightReport soFar(String url, Instant at, List<Finding> findings) {
        return new PreflightReport(url, at, null, null, "oauth", findings);
    }

    static PreflightReport whole(String url, Instant at, String authType, List<Finding> findings) {
        Finding deciding = deciding(findings);
        return new PreflightReport(url, at, verdict(deciding), first(deciding, authType), authType, findings);
    }

    /** The finding that matters most; of equals the first. A problem that nobody here can mend comes before all others. */
    private static @Nullable Finding deciding(List<Finding> findings) {
        Finding worst = null;
        for (Finding finding : findings) {
            if (finding.grade().compareTo(Grade.WARNING) >= 0 && (worst == null || weight(finding) > weight(worst))) {
                worst = finding;
            }
        }
        return worst;
    }

    private static int weight(Finding finding) {
        return finding.grade().ordinal() * 2 + (finding.mender() == Finding.Mender.PROVIDER ? 1 : 0);
    }

    private static Verdict verdict(@Nullable Finding deciding) {
        if (deciding == null) {
            return Verdict.WILL_WORK;
        }
        if (deciding.grade() == Grade.WARNING) {
            return Verdict.WILL_PROBABLY_WORK;
        }
        return deciding.mender() == Finding.Mender.YOU ? Verdict.NEEDS_YOU_FIRST : Verdict.WILL_NOT_WORK;
    }

    private static String first(@Nullable Finding deciding, String authType) {
        if (deciding != null && deciding.fix() != null) {
            return deciding.fix();
        }
        return switch (authType) {
            case "none" -> "Create the connector without authorization.";
            case "bearer", "api_key_header" -> "Create the connector with the key that the provider gave you.";
            default -> "Create the connector and consent on the provider's page.";
        };
    }
}
