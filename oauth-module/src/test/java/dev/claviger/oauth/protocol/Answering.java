package dev.claviger.oauth.protocol;

import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Stands behind the guard: refuses what the guard refuses as written, and answers the rest without a network. */
final class Answering implements OutboundClient {

    private static final OutboundClient GUARD = OutboundClient.guarded(List.of(), false);

    final List<URI> checked = new ArrayList<>();
    final List<URI> asked = new ArrayList<>();
    private final Function<OutboundRequest, OutboundResponse> answers;

    Answering(Function<OutboundRequest, OutboundResponse> answers) {
        this.answers = answers;
    }

    @Override
    public OutboundResponse send(OutboundRequest request) {
        GUARD.check(request.uri());
        asked.add(request.uri());
        return answers.apply(request);
    }

    @Override
    public <T> T stream(OutboundRequest request, Reader<T> reader) {
        OutboundResponse answer = send(request);
        try {
            return reader.read(
                    new OutboundResponse(answer.status(), answer.headers(), new byte[0]),
                    new ByteArrayInputStream(answer.body()));
        } catch (IOException e) {
            throw new Unreachable("It broke off", true, null);
        }
    }

    @Override
    public void check(URI uri) {
        checked.add(uri);
        GUARD.check(uri);
    }
}
