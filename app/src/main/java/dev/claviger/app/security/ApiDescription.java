package dev.claviger.app.security;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI description says of the whole API: its address and how to be let in. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    @Bean
    OpenAPI description(@Value("${claviger.public-url}") String publicUrl) {
        SecurityScheme bearer = new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("An admin's API token; for /api/v1/agent an agent's key.");
        return new OpenAPI()
                .info(new Info()
                        .title("Claviger")
                        .version("1")
                        .description(
                                "Connections to MCP servers: whatever an admin can do on a page, and what agents ask"
                                        + " for. Errors are application/problem+json."))
                .addServersItem(new Server().url(publicUrl))
                .components(new Components().addSecuritySchemes("bearer", bearer))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
    }
}
