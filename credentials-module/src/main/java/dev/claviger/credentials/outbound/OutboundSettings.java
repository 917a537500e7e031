package dev.claviger.credentials.outbound;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the operator lets out.
 *
 * @param allow host names, addresses and ranges that may be called although they are not public
 * @param allowHttp whether plain http may be spoken to allowed loopback addresses
 */
@ConfigurationProperties("claviger.outbound")
record OutboundSettings(
        @DefaultValue List<String> allow,
        @DefaultValue("false") boolean allowHttp) {}
