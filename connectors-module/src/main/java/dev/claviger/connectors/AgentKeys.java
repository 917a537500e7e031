package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentCommand.IssueAgentKey;
import dev.claviger.connectors.api.AgentId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Makes agent keys: 256 random bits that are shown once and kept as a hash. */
@Component
class AgentKeys {

    /** What an agent key begins with, so that people and scanners of leaked secrets know it. */
    static final String PREFIX = "clv_agent_";

    private final CommandGateway commands;
    private final SecureRandom random = new SecureRandom();

    AgentKeys(CommandGateway commands) {
        this.commands = commands;
    }

    /** Issues a key; empty when one of this id was issued before, by a double click: it cannot be shown again. */
    Optional<String> issue(AgentId agent, UUID keyId) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        boolean issued = commands.<Boolean>sendAndWait(new IssueAgentKey(agent, keyId, hash(key)));
        return issued ? Optional.of(key) : Optional.empty();
    }

    /** SHA-256 of the whole key, lower-case hex. */
    static String hash(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
