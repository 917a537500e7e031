package dev.claviger.connectors;

import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.HandOut.Answered;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.QuickCredential;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers as {@link AgentSelfApi} does, as long as the answer is a credential. */
@Component
class ShortWay implements QuickCredential {

    private final HandOut handOut;
    private final AgentLimit limit;
    private final JsonMapper json;

    ShortWay(HandOut handOut, AgentLimit limit, JsonMapper json) {
        this.handOut = handOut;
        this.limit = limit;
        this.json = json;
    }

    @Override
    public Optional<Answer> find(
            AgentId agent, String keyHash, String serverKey, List<String> ifNoneMatch, String sourceAddress) {
        Call call = new Call(agent, AgentSelfApi.HEADERS, sourceAddress);
        if (!limit.allows(call)) {
            return Optional.empty();
        }
        Optional<Answered> answered = handOut.headersIfReady(call, keyHash, serverKey, EntityTags.read(ifNoneMatch));
        if (answered.isEmpty()) {
            limit.giveBack(call);
        }
        return answered.map(this::answer);
    }

    private Answer answer(Answered answered) {
        return new Answer(
                answered.tag(), answered.headers() == null ? null : json.writeValueAsBytes(answered.headers()));
    }
}
