package dev.claviger.credentials.outbound;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.util.Identifiable;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes connections that count as stale when something lies unread in them: what a server sends behind its answer must not
 * be taken for the answer to the next request (RFC 9112 section 9.3).
 */
final class CleanConnections implements HttpConnectionFactory<ManagedHttpClientConnection> {

    private static final Timeout A_LOOK = Timeout.ofMilliseconds(1);

    private final HttpConnectionFactory<ManagedHttpClientConnection> factory;

    CleanConnections(HttpConnectionFactory<ManagedHttpClientConnection> factory) {
        this.factory = factory;
    }

    @Override
    public ManagedHttpClientConnection createConnection(Socket socket) throws IOException {
        return clean(factory.createConnection(socket));
    }

    @Override
    public ManagedHttpClientConnection createConnection(SSLSocket tls, Socket socket) throws IOException {
        return clean(factory.createConnection(tls, socket));
    }

    /** A proxy, because the library's class is final and its interface grows with it. */
    private static ManagedHttpClientConnection clean(ManagedHttpClientConnection connection) {
        InvocationHandler handler = (self, method, arguments) -> {
            try {
                Object answer = method.invoke(connection, arguments);
                return method.getName().equals("isStale") && Boolean.FALSE.equals(answer)
                        ? connection.isDataAvailable(A_LOOK)
                        : answer;
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        };
        return (ManagedHttpClientConnection) Proxy.newProxyInstance(
                CleanConnections.class.getClassLoader(),
                new Class<?>[] {ManagedHttpClientConnection.class, Identifiable.class},
                handler);
    }
}
