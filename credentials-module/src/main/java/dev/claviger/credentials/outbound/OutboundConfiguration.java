package dev.claviger.credentials.outbound;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the one client from the operator's settings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OutboundSettings.class)
class OutboundConfiguration {

    @Bean(destroyMethod = "close")
    GuardedHttpClient outboundClient(OutboundSettings settings) {
        return new GuardedHttpClient(settings);
    }
}
