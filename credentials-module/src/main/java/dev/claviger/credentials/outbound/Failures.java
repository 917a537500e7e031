package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.FailureCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;

/** Says in our words why an exchange failed; what the other side sent is never repeated. */
final class Failures {

    /** @param code where the failure says that the other side cannot be trusted */
    record Words(String text, @Nullable FailureCode code) {}

    private Failures() {}

    static Words inWords(IOException e, Target target) {
        String host = target.host();
        if (e instanceof MessageConstraintException) {
            return new Words(host + " answered with oversized headers, or not with HTTP", FailureCode.LIMIT_EXCEEDED);
        }
        if (e instanceof SSLPeerUnverifiedException || hasCause(e, CertificateException.class)) {
            return new Words(
                    "The certificate of " + host
                            + " is not trusted; it must be valid for this name and issued by a known" + " authority",
                    FailureCode.CERTIFICATE_NOT_TRUSTED);
        }
        if (e instanceof SSLException) {
            return new Words(host + " did not agree on a secure connection", null);
        }
        if (e instanceof ConnectionRequestTimeoutException) {
            return new Words("Too many requests to " + host + " are under way", null);
        }
        if (e instanceof SocketTimeoutException) {
            return new Words(host + " did not answer in time", null);
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return new Words(host + " cannot be reached on port " + target.port(), null);
        }
        if (e instanceof ClientProtocolException || hasCause(e, HttpException.class)) {
            return new Words(host + " answered with something that is not HTTP", null);
        }
        return new Words(host + " closed the connection before its answer was complete", null);
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
