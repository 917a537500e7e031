package dev.claviger.credentials.outbound;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the one client from the operator's settings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({OutboundSettings.class, TraceSettings.class})
class OutboundConfiguration {

    @Bean(destroyMethod = "close")
    TracingClient outboundClient(OutboundSettings settings, ExchangeTrace trace) {
        return new TracingClient(new GuardedHttpClient(settings), trace::offer);
    }
}
