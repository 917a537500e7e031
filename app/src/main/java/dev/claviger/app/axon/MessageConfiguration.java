package dev.claviger.app.axon;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.correlation.MessageOriginProvider;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What every message carries: who ({@code actor}), from where ({@code source}), on what occasion ({@code correlation},
 * {@code traceId}), and which message was the {@code cause} and the {@code root}.
 */
@Configuration(proxyBeanMethods = false)
class MessageConfiguration {

    private static final List<String> FACTS = List.of("actor", "source", "correlation", "traceId");

    @Bean
    CorrelationDataProvider factsOfMessages() {
        return new SimpleCorrelationDataProvider(FACTS.toArray(String[]::new));
    }

    @Bean
    CorrelationDataProvider originOfMessages() {
        return new MessageOriginProvider("cause", "root");
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService conflictRetries() {
        return Executors.newScheduledThreadPool(4, new AxonThreadFactory("conflict-retry"));
    }

    @Bean
    CommandGateway commandGateway(CommandBus commands, ScheduledExecutorService conflictRetries) {
        return DefaultCommandGateway.builder()
                .commandBus(commands)
                .retryScheduler(new ConflictRetry(conflictRetries))
                .dispatchInterceptors(facts())
                .build();
    }

    /** For the event bus too: events that no command caused, such as a sign-in, get their facts there. */
    static <M extends Message<?>> MessageDispatchInterceptor<M> facts() {
        return new MessageDispatchInterceptor<>() {
            @Override
            @SuppressWarnings("unchecked")
            public BiFunction<Integer, M, M> handle(List<? extends M> messages) {
                return (index, message) -> {
                    Map<String, String> missing = missing(message);
                    return missing.isEmpty() ? message : (M) message.andMetaData(missing);
                };
            }
        };
    }

    private static Map<String, String> missing(Message<?> message) {
        Map<String, String> missing = new HashMap<>();
        for (String fact : FACTS) {
            String value = MDC.get(fact);
            if (value != null && !message.getMetaData().containsKey(fact)) {
                missing.put(fact, value);
            }
        }
        return missing;
    }
}
