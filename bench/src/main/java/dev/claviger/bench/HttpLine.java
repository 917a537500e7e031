package dev.claviger.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One kept-alive HTTP/1.1 connection that sends the same request again and again. As lean as can be: what the client costs
 * is taken from the server on the same machine.
 */
final class HttpLine implements AutoCloseable {

    private static final int LONGEST_LINE = 8_192;
    private static final int BUFFER = 16_384;

    private final URI server;
    private final byte[] request;
    private final byte[] line = new byte[LONGEST_LINE];
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean ended;
    private String entityTag = "";
    private byte[] body = new byte[0];

    /** @param head the header lines besides {@code Host}, each ended by CR LF */
    HttpLine(URI server, String method, String path, String head) throws IOException {
        this.server = server;
        request = (method + " " + path + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n" + head
                        + (method.equals("POST") ? "Content-Length: 0\r\n" : "") + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        socket = connect();
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        out = socket.getOutputStream();
    }

    private Socket connect() throws IOException {
        Socket connected = new Socket(server.getHost(), server.getPort());
        connected.setTcpNoDelay(true);
        connected.setSoTimeout(60_000);
        return connected;
    }

    /** Servers end a connection after so many requests, and say so in the last answer. */
    private void reconnect() throws IOException {
        socket.close();
        socket = connect();
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        out = socket.getOutputStream();
        ended = false;
    }

    /** Sends the request and reads the whole answer. */
    int exchange() throws IOException {
        if (ended) {
            reconnect();
        }
        out.write(request);
        int status = Integer.parseInt(readLine().substring(9, 12));
        int length = -1;
        boolean chunked = false;
        for (String header = readLine(); !header.isEmpty(); header = readLine()) {
            String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
            String value = header.substring(header.indexOf(':') + 1).strip();
            if (name.equals("content-length")) {
                length = Integer.parseInt(value);
            } else if (name.equals("transfer-encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            } else if (name.equals("connection")) {
                ended = value.equalsIgnoreCase("close");
            } else if (name.equals("etag")) {
                entityTag = value;
            }
        }
        body = chunked ? readChunks() : in.readNBytes(status == 304 || status == 204 ? 0 : Math.max(length, 0));
        return status;
    }

    /** Of the last answer. */
    byte[] body() {
        return body;
    }

    /** Of the last answer that had one. */
    String entityTag() {
        return entityTag;
    }

    private byte[] readChunks() throws IOException {
        byte[] whole = new byte[0];
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            int before = whole.length;
            whole = Arrays.copyOf(whole, before + size);
            if (in.readNBytes(whole, before, size) < size) {
                throw new EOFException("The answer ends in the middle of a chunk");
            }
            readLine();
            if (size == 0) {
                return whole;
            }
        }
    }

    private String readLine() throws IOException {
        int length = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || length == line.length) {
                throw new EOFException("The server closed the connection or sends a line without end");
            }
            line[length++] = (byte) next;
        }
        return new String(
                line, 0, length > 0 && line[length - 1] == '\r' ? length - 1 : length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
