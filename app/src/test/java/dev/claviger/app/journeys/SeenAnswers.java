package dev.claviger.app.journeys;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Stands in front of everything else and keeps a copy of every answer that goes out, pages, JSON and streams. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SeenAnswers implements Filter {

    /** One answer; a stream may still be growing. */
    static final class Answer {

        private final String request;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private volatile String head = "";

        Answer(String request) {
            this.request = request;
        }

        /** Method and path. */
        String request() {
            return request;
        }

        String text() {
            synchronized (body) {
                return head + "\n" + body.toString(StandardCharsets.UTF_8);
            }
        }
    }

    private final List<Answer> answers = new CopyOnWriteArrayList<>();

    List<Answer> answers() {
        return answers;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answered = (HttpServletResponse) response;
        Answer answer = new Answer(asked.getMethod() + " " + asked.getRequestURI());
        answers.add(answer);
        try {
            Copying copying = new Copying(answered, answer.body);
            chain.doFilter(request, copying);
            copying.flushWriter();
        } finally {
            answer.head = answered.getStatus() + " "
                    + answered.getHeaderNames().stream()
                            .map(name -> name + ": " + answered.getHeaders(name))
                            .collect(Collectors.joining("\n"));
        }
    }

    private static final class Copying extends HttpServletResponseWrapper {

        private final ByteArrayOutputStream copy;
        private ServletOutputStream stream;
        private PrintWriter writer;

        Copying(HttpServletResponse response, ByteArrayOutputStream copy) {
            super(response);
            this.copy = copy;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            if (stream == null) {
                stream = new Both(super.getOutputStream(), copy);
            }
            return stream;
        }

        @Override
        public PrintWriter getWriter() throws IOException {
            if (writer == null) {
                writer = new PrintWriter(new OutputStreamWriter(getOutputStream(), StandardCharsets.UTF_8));
            }
            return writer;
        }

        @Override
        public void flushBuffer() throws IOException {
            flushWriter();
            super.flushBuffer();
        }

        void flushWriter() {
            if (writer != null) {
                writer.flush();
            }
        }
    }

    private static final class Both extends ServletOutputStream {

        private final ServletOutputStream out;
        private final ByteArrayOutputStream copy;

        Both(ServletOutputStream out, ByteArrayOutputStream copy) {
            this.out = out;
            this.copy = copy;
        }

        @Override
        public void write(int b) throws IOException {
            synchronized (copy) {
                copy.write(b);
            }
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            synchronized (copy) {
                copy.write(bytes, from, length);
            }
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
