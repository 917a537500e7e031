package dev.claviger.app.axon;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Which event handlers run where, by the suffix of their group: {@code -state} and {@code -jobs} in the transaction of the
 * event, everything else (views, audit, sagas) after it, from the event store. An event is never skipped: a failing
 * processor stops, says so, and tries again.
 */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class Processors {

    /** The audit trail keeps the order of the whole store, so it has one segment. */
    static final String AUDIT = "app-audit";

    private static final int SEGMENTS = 4;
    private static final int BATCH = 50;
    private static final int WORKERS = 8;

    @Bean(destroyMethod = "shutdown")
    ScheduledExecutorService projectionWorkers() {
        return Executors.newScheduledThreadPool(WORKERS, new AxonThreadFactory("projection"));
    }

    @Bean
    ConfigurerModule processorModule(
            ListableBeanFactory beans,
            ScheduledExecutorService projectionWorkers,
            StoppedProjections stopped,
            Node node) {
        return configurer -> {
            EventProcessingConfigurer events = configurer.eventProcessing();
            events.registerDefaultErrorHandler(c -> PropagatingErrorHandler.instance())
                    .registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.instance())
                    .registerDefaultHandlerInterceptor((c, processor) -> stopped.watch(processor))
                    .usingPooledStreamingEventProcessors((c, builder) ->
                            streaming(builder, projectionWorkers, node).initialSegmentCount(SEGMENTS))
                    .registerPooledStreamingEventProcessorConfiguration(
                            AUDIT, (c, builder) -> builder.initialSegmentCount(1));
            for (String group : groups(beans)) {
                if (isSubscribing(group)) {
                    events.registerSubscribingEventProcessor(group);
                }
            }
        };
    }

    static boolean isSubscribing(String group) {
        return group.endsWith("-state") || group.endsWith("-jobs");
    }

    private static PooledStreamingEventProcessor.Builder streaming(
            PooledStreamingEventProcessor.Builder builder, ScheduledExecutorService workers, Node node) {
        return builder.batchSize(BATCH)
                .workerExecutor(workers)
                // A new projection begins with the first event there is.
                .initialToken(StreamableMessageSource::createTailToken)
                .enableCoordinatorClaimExtension()
                .maxSegmentProvider(processor -> node.leavesToOthers(processor) ? 0 : share(processor, node.alive()));
    }

    /** Segments are taken by the first who asks; leaving the others their share is up to us. */
    static int share(String processor, int nodes) {
        int segments = AUDIT.equals(processor) ? 1 : SEGMENTS;
        return (segments + nodes - 1) / nodes;
    }

    private static Set<String> groups(ListableBeanFactory beans) {
        Set<String> groups = new LinkedHashSet<>();
        for (String bean : beans.getBeanNamesForAnnotation(ProcessingGroup.class)) {
            Class<?> type = beans.getType(bean, false);
            if (type != null) {
                ProcessingGroup group = AnnotatedElementUtils.findMergedAnnotation(type, ProcessingGroup.class);
                if (group != null) {
                    groups.add(group.value());
                }
            }
        }
        return groups;
    }
}
